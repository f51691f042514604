"""`yizhao premises`: filed places of business."""

from itertools import islice
from typing import Annotated

import typer

from clients.cli.asking import confirmed_name
from clients.cli.codes import read_code, read_place, tidied
from clients.cli.endings import WAITS
from clients.cli.entity_arguments import Basis, ExpectedName
from clients.cli.own_unit import Unit, unit_of
from clients.cli.place_tables import (
    show_flag_queue,
    show_place,
    show_premises,
    show_unclaimed,
)
from clients.cli.queue_arguments import Limit
from clients.cli.say import as_dict, say, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.sdk import names

app = typer.Typer()

Place = Annotated[
    str,
    typer.Argument(
        metavar="PLACE",
        show_default=False,
        help="CODE/N, or the scanned code of the door; asked for if absent.",
    ),
]


@app.command("list")
def list_premises(
    context: typer.Context,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="统一社会信用代码 or a scan; asked for if absent.")
    ] = "",
) -> None:
    """List an entity's places of business, by number."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        found = list(registry.places.list(code))
        if session.as_json:
            write_json({"premises": [as_dict(place) for place in found]})
        else:
            show_premises(found, UnitNames(registry))


@app.command()
def unclaimed(context: typer.Context, unit: Unit = "", limit: Limit = 50) -> None:
    """List places that were imported and wait for a unit to claim them 待认领."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = unit_of(session, registry, units, unit)
        found = list(islice(registry.places.unclaimed(where), limit))
        if session.as_json:
            write_json({"premises": [as_dict(place) for place in found]})
        else:
            show_unclaimed(found, units)


@app.command()
def claim(context: typer.Context, place: Place = "") -> None:
    """Claim an imported place 认领 for the unit that supervises it. For its supervisors."""
    session = session_of(context)
    name = read_place(session, place)
    with session.registry() as registry:
        found = registry.places.claim(registry.places.get(name))
        if session.as_json:
            write_message(found)
        else:
            show_place(found, UnitNames(registry), session.today())


@app.command()
def get(context: typer.Context, place: Place = "") -> None:
    """Read one place, with what its supervisor noted and what waits."""
    session = session_of(context)
    name = read_place(session, place)
    with session.registry() as registry:
        found = registry.places.get(name)
        if session.as_json:
            write_message(found)
        else:
            show_place(found, UnitNames(registry), session.today())


@app.command()
def strike(
    context: typer.Context, basis: Basis, place: Place = "", name: ExpectedName = ""
) -> None:
    """Strike a place off 撤销备案: false or illegal; done once a second person confirms it."""
    _terminal(
        context, place, name, basis, "撤销经营场所备案",
        "该场所备案撤销，场所码显示“撤销”，并告知监管单位。须由另一人（登记科长）复核后才生效。",
    )  # fmt: skip


@app.command()
def reinstate(
    context: typer.Context, basis: Basis, place: Place = "", name: ExpectedName = ""
) -> None:
    """File a struck place again 恢复备案; done once a second person confirms it."""
    _terminal(
        context, place, name, basis, "恢复经营场所备案",
        "该场所照原样恢复备案，场所码恢复有效。须由另一人（登记科长）复核后才生效。",
    )  # fmt: skip


@app.command()
def flag(
    context: typer.Context,
    finding: Annotated[str, typer.Option(help="What was found, in Chinese.")],
    place: Place = "",
) -> None:
    """Note something at a place 提出异常, for the home unit to answer. For its supervisors."""
    session = session_of(context)
    name = read_place(session, place)
    with session.registry() as registry:
        found = registry.places.flag(name, finding)
        if session.as_json:
            write_message(found)
            return
        say("[green]✓[/] 已告知登记机关，待其答复 flagged")
        show_place(found, UnitNames(registry), session.today())


@app.command("answer-flag")
def answer_flag(
    context: typer.Context,
    flag: Annotated[
        str, typer.Argument(metavar="FLAG", help="CODE/N/M, as `premises flags` shows it.")
    ],
    answer: Annotated[str, typer.Option(help="The answer, in Chinese.")],
) -> None:
    """Answer what a supervisor noted at a place 答复异常. For the home registrar."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.places.answer_flag(names.flag(tidied(flag)), answer)
        if session.as_json:
            write_message(found)
            return
        say("[green]✓[/] 已答复 answered")
        show_place(found, UnitNames(registry), session.today())


@app.command()
def flags(
    context: typer.Context,
    unit: Unit = "",
    answered: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
    limit: Limit = 50,
) -> None:
    """List what waits for an answer of your unit 异常待答复, the earliest due first."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = unit_of(session, registry, units, unit)
        found = registry.places.flags(where, open_only=not answered, limit=limit)
        if session.as_json:
            told = [as_dict(each) for each in found.items]
            write_json({"flags": told, "counts": as_dict(found.counts)})
        else:
            show_flag_queue(found, units, session.today())


def _terminal(
    context: typer.Context, given: str, name: str, basis: str, title: str, follows: str
) -> None:
    session = session_of(context)
    resource = read_place(session, given)
    with session.registry() as registry:
        entity = registry.entities.get(names.code_of(resource), title)
        place = registry.places.get(resource)
        where = f"第 {place.number} 号场所 {place.site.address.text}。{follows}"
        called = confirmed_name(name, entity.face.business_name, entity.uscc, title, where)
        act = registry.places.strike if title.startswith("撤销") else registry.places.reinstate
        found = act(place, called, basis)
        if session.as_json:
            write_message(found)
            return
        say(f"[green]✓[/] {WAITS}")
        show_place(found, UnitNames(registry), session.today())
