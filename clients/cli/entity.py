"""`yizhao entity`: businesses."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli import faces
from clients.cli.dates import read_date, wire_date
from clients.cli.entity_tables import show_entities, show_entity, show_events, show_versions
from clients.cli.faces import FaceOptions
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import Session, session_of
from clients.cli.unit_names import UnitNames
from clients.cli.visits import Agent, Applicant, Channel, Identity, details

if TYPE_CHECKING:
    from yizhao.registry.v1 import entity_pb2

app = typer.Typer()

Code = Annotated[str, typer.Argument(metavar="CODE", help="统一社会信用代码, or a former code.")]
Basis = Annotated[str, typer.Option("--basis", help="Decision number and legal ground 依据.")]


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
        entity = registry.entities.register(uscc, face, visit)
        _told(session, entity, units, "已登记 registered")


@app.command()
def get(
    context: typer.Context,
    code: Code,
    basis: Annotated[str, typer.Option(help="Why you look; kept in the access record.")] = "",
) -> None:
    """Read one business by its code, a former code or its 注册号."""
    session = session_of(context)
    with session.registry() as registry:
        entity = registry.entities.get(code, basis)
        _told(session, entity, UnitNames(registry), "")


@app.command("list")
def list_entities(
    context: typer.Context,
    unit: Annotated[
        str, typer.Option("--unit", help="Registrar: 任城区 or 370811; `-` for unit unclear.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most this many.")] = 50,
) -> None:
    """List the businesses of a registrar; `--unit -` lists those of unclear unit 管辖区域存疑."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        registrar = "units/-" if unit == "-" else units.parse(unit, session.today()) if unit else ""
        found = [e for e, _ in zip(registry.entities.list(registrar), range(limit), strict=False)]
        if session.as_json:
            write_json({"entities": [as_dict(entity) for entity in found]})
        else:
            show_entities(found, units, limit)


@app.command()
def versions(context: typer.Context, code: Code) -> None:
    """List the versions of the face, newest first."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(registry.entities.versions(code))
        if session.as_json:
            write_json({"versions": [as_dict(version) for version in found]})
        else:
            show_versions(found, UnitNames(registry))


@app.command()
def events(context: typer.Context, code: Code) -> None:
    """List who did what, by name, newest first."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(registry.entities.events(code))
        if session.as_json:
            write_json({"events": [as_dict(event) for event in found]})
        else:
            show_events(found, UnitNames(registry))


@app.command()
def change(
    context: typer.Context,
    code: Code,
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
        _told(session, entity, units, "已变更 changed")


@app.command()
def correct(
    context: typer.Context,
    code: Code,
    basis: Basis,
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
    version: Annotated[int, typer.Option(min=0, help="The wrong version; 0: in force.")] = 0,
) -> None:
    """Correct a registrar's own error 更正; the wrong version stays on record."""
    options = FaceOptions(
        name, kind, person, address, capital, established, scope, term_start, term_end, form,
        address_unit,
    )  # fmt: skip
    items = options.items() if registrar else _required_items(options)
    session = session_of(context)
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
        _told(session, entity, units, "已更正 corrected")


ExpectedName = Annotated[
    str,
    typer.Option("--expect-name", help="名称 as you believe it; the act stops if it differs."),
]


WAITS: Final = "已提请复核，尚未办理 asked: done once a second person confirms it"


@app.command()
def revoke(context: typer.Context, code: Code, expect_name: ExpectedName, basis: Basis) -> None:
    """Revoke the business licence 吊销, once a second person confirms it (`yizhao act`)."""
    session = session_of(context)
    with session.registry() as registry:
        before = registry.entities.get(code, "吊销")
        entity = registry.entities.revoke(before, expect_name, basis)
        _told(session, entity, UnitNames(registry), WAITS)


@app.command()
def reinstate(context: typer.Context, code: Code, expect_name: ExpectedName, basis: Basis) -> None:
    """Take a revocation back 恢复, once a second person confirms it (`yizhao act`)."""
    session = session_of(context)
    with session.registry() as registry:
        before = registry.entities.get(code, "恢复")
        entity = registry.entities.reinstate(before, expect_name, basis)
        _told(session, entity, UnitNames(registry), WAITS)


def _required_items(options: FaceOptions) -> list[str]:
    items = options.items()
    if not items:
        raise exits.Failure(
            "name at least one item, as --person 王立新", exit_code=exits.USAGE, zh="未指明变更事项"
        )
    return items


def _told(session: Session, entity: "entity_pb2.Entity", units: UnitNames, what: str) -> None:
    if session.as_json:
        write_message(entity)
    else:
        show_entity(entity, units, what)
