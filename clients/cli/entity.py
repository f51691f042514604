"""`yizhao entity`: businesses."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli import endings, faces, lifecycles, search, standing
from clients.cli.codes import read_code, tidied
from clients.cli.dates import read_date, read_point, wire_date
from clients.cli.entity_arguments import Basis, Code, told
from clients.cli.entity_tables import show_entities, show_events, show_versions
from clients.cli.faces import FaceOptions
from clients.cli.field_limits import UINT32
from clients.cli.history_tables import show_history
from clients.cli.own_unit import unit_of
from clients.cli.say import as_dict, write_json
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.visits import Agent, Applicant, Channel, Identity, details

if TYPE_CHECKING:
    from yizhao.registry.v1 import entity_pb2

app = typer.Typer()

for part in (search, lifecycles, endings, standing):
    app.add_typer(part.app)


@app.command()
def register(
    context: typer.Context,
    uscc: Annotated[str, typer.Argument(metavar="USCC", help="统一社会信用代码 assigned to it.")],
    person: faces.Person = None,
    address: faces.Address = None,
    kind: faces.Type = None,
    name: faces.Name = None,
    address_unit: faces.AddressUnit = None,
    capital: faces.Capital = None,
    established: faces.Established = None,
    scope: faces.Scope = None,
    term_start: faces.TermStart = None,
    term_end: faces.TermEnd = None,
    form: faces.Form = None,
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """Register a business under your unit 设立登记."""
    options = FaceOptions(
        name, kind, person, address, capital, established, scope, term_start, term_end, form,
        address_unit,
    )  # fmt: skip
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        visit = details(applicant or person or "", agent, identity, channel)
        face = options.face(units, session.today())
        entity = registry.entities.register(tidied(uscc).upper(), face, visit)
        told(session, entity, units, "已登记 registered")


@app.command("show")
@app.command()
def get(
    context: typer.Context,
    code: Code = "",
    basis: Annotated[str, typer.Option(help="Why you look; kept in the access record.")] = "",
    as_of: Annotated[
        str, typer.Option(metavar="DATE", help="As it stood on that day 当日登记情况.")
    ] = "",
    known_at: Annotated[
        str, typer.Option(metavar="TIME", help="As the register knew it then 当时所知.")
    ] = "",
) -> None:
    """Read one business by its code, a former code or its 注册号; also as it stood earlier."""
    point = read_point(as_of, known_at)
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        entity = registry.entities.get(code, basis, point)
        told(session, entity, UnitNames(registry), "")


@app.command("list")
def list_entities(
    context: typer.Context,
    unit: Annotated[
        str,
        typer.Option(
            "--unit",
            help="Registrar: 任城区, 370811, `-` unit unclear, `all`; your unit if absent.",
        ),
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most this many.")] = 50,
) -> None:
    """List the businesses of a registrar; `--unit -` lists those of unclear unit 管辖区域存疑."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        named = {"-": "units/-", "all": ""}
        registrar = named[unit] if unit in named else unit_of(session, registry, units, unit)
        found = [e for e, _ in zip(registry.entities.list(registrar), range(limit), strict=False)]
        if session.as_json:
            write_json({"entities": [as_dict(entity) for entity in found]})
        else:
            show_entities(found, units, limit)


@app.command()
def versions(context: typer.Context, code: Code = "") -> None:
    """List the versions of the face, last recorded first."""
    _show_versions(context, code, show_versions)


@app.command()
def history(context: typer.Context, code: Code = "") -> None:
    """Show what each version of the face changed 沿革, last recorded first."""
    _show_versions(context, code, lambda found, _: show_history(found))


def _show_versions(
    context: typer.Context,
    code: str,
    show: "Callable[[Sequence[entity_pb2.EntityVersion], UnitNames], None]",
) -> None:
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        found = list(registry.entities.versions(code))
        if session.as_json:
            write_json({"versions": [as_dict(version) for version in found]})
        else:
            show(found, UnitNames(registry))


@app.command()
def events(context: typer.Context, code: Code = "") -> None:
    """List who did what, by name, newest first."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        found = list(registry.entities.events(code))
        if session.as_json:
            write_json({"events": [as_dict(event) for event in found]})
        else:
            show_events(found, UnitNames(registry))


@app.command()
def change(
    context: typer.Context,
    code: Code = "",
    name: faces.Name = None,
    kind: faces.Type = None,
    person: faces.Person = None,
    address: faces.Address = None,
    address_unit: faces.AddressUnit = None,
    capital: faces.Capital = None,
    scope: faces.Scope = None,
    term_start: faces.TermStart = None,
    term_end: faces.TermEnd = None,
    form: faces.Form = None,
    effective: Annotated[str, typer.Option(metavar="DATE", help="核准日期; today if absent.")] = "",
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """Change registered items 变更登记; a live licence is superseded and its successor signed."""
    options = FaceOptions(
        name, kind, person, address, capital, None, scope, term_start, term_end, form, address_unit
    )
    items = _required_items(options)
    if effective:
        read_date(effective, "--effective")
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        units = UnitNames(registry)
        before = registry.entities.get(code, "变更登记")
        entity = registry.entities.change(
            before,
            options.face(units, session.today()),
            items,
            effective_date=wire_date(effective, "--effective") if effective else None,
            application=details(applicant or before.face.person, agent, identity, channel),
        )
        told(session, entity, units, "已变更 changed")


@app.command()
def correct(
    context: typer.Context,
    basis: Basis,
    code: Code = "",
    name: faces.Name = None,
    kind: faces.Type = None,
    person: faces.Person = None,
    address: faces.Address = None,
    address_unit: faces.AddressUnit = None,
    capital: faces.Capital = None,
    established: faces.Established = None,
    scope: faces.Scope = None,
    term_start: faces.TermStart = None,
    term_end: faces.TermEnd = None,
    form: faces.Form = None,
    registrar: Annotated[
        str, typer.Option(metavar="UNIT", help="Home registrar, where the unit was unclear.")
    ] = "",
    version: Annotated[
        int, typer.Option(min=0, max=UINT32, help="The wrong version; 0: in force.")
    ] = 0,
) -> None:
    """Correct a registrar's own error 更正; the wrong version stays on record."""
    options = FaceOptions(
        name, kind, person, address, capital, established, scope, term_start, term_end, form,
        address_unit,
    )  # fmt: skip
    items = options.items() if registrar else _required_items(options)
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        units = UnitNames(registry)
        today = session.today()
        entity = registry.entities.correct(
            registry.entities.get(code, "更正"),
            options.face(units, today),
            items,
            basis=basis,
            version=version,
            registrar=units.parse(registrar, today) if registrar else "",
        )
        told(session, entity, units, "已更正 corrected")


def _required_items(options: FaceOptions) -> list[str]:
    items = options.items()
    if not items:
        raise exits.Failure(
            "name at least one item, as --person 王立新", exit_code=exits.USAGE, zh="未指明变更事项"
        )
    return items
