"""`yizhao handover`: premises handed to the unit that supervises the place 抄告."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli.codes import named
from clients.cli.dates import wire_date
from clients.cli.handover_tables import show_handover, show_handover_queue
from clients.cli.own_unit import Unit, unit_of
from clients.cli.queue_arguments import Limit, state_of
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.words import HANDOVER_STATES

if TYPE_CHECKING:
    from clients.sdk.handovers import Handovers
    from yizhao.registry.v1 import premises_pb2

app = typer.Typer()

Handover = Annotated[
    str, typer.Argument(metavar="HANDOVER", help="CODE/N, as `handover list` shows it.")
]
Etag = Annotated[str, typer.Option(help="As it was read; read now if absent.")]
Reason = Annotated[str, typer.Option(help="Why, in Chinese.")]
To = Annotated[str, typer.Option("--to", metavar="UNIT", help="邹城市, 370883 or a station 所.")]
_RESULTS: Final = {
    "as-filed": "AS_FILED",
    "differs": "DIFFERS",
    "not-found": "NOT_FOUND",
}


@app.command("list")
def list_handovers(
    context: typer.Context,
    unit: Unit = "",
    state: Annotated[str, typer.Option(help="Only these, as PENDING or 待接收.")] = "",
    home: Annotated[bool, typer.Option("--home", help="What the unit handed to others.")] = False,
    limit: Limit = 50,
) -> None:
    """List the inbox of a unit, oldest first; with --home what its entities handed over."""
    from yizhao.registry.v1 import premises_pb2

    wanted = premises_pb2.HandoverState.Value(f"HANDOVER_STATE_{state_of(state, HANDOVER_STATES)}")
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = unit_of(session, registry, units, unit)
        found = registry.handovers.queue(where, wanted, home=home, limit=limit)
        if session.as_json:
            told = [as_dict(each) for each in found.items]
            write_json({"handovers": told, "counts": as_dict(found.counts)})
        else:
            show_handover_queue(found, units, session.today(), home=home)


@app.command()
def get(context: typer.Context, handover: Handover) -> None:
    """Read a hand-over of your unit, with its inspections."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        found = registry.handovers.find(
            unit_of(session, registry, units, ""), named(handover, "handovers")
        )
        if found is None:
            raise exits.Failure(f"your unit has no hand-over {handover}", zh="本单位没有此件抄告")
        if session.as_json:
            write_message(found)
        else:
            show_handover(found, units)


@app.command()
def acknowledge(context: typer.Context, handover: Handover, etag: Etag = "") -> None:
    """Take premises on for the host unit 接收. For supervisors of that unit."""
    _step(context, handover, etag, lambda at, name, read, _: at.acknowledge(name, read))


@app.command()
def decline(context: typer.Context, handover: Handover, reason: Reason, etag: Etag = "") -> None:
    """Turn premises down 退回: they do not lie in the unit."""
    _step(context, handover, etag, lambda at, name, read, _: at.decline(name, read, reason))


@app.command()
def forward(
    context: typer.Context, handover: Handover, to: To, reason: Reason = "", etag: Etag = ""
) -> None:
    """Pass premises on 转办, to a station of the unit or to another unit."""
    _step(
        context,
        handover,
        etag,
        lambda at, name, read, unit: at.forward(name, read, unit, reason),
        to,
    )


@app.command()
def dispute(context: typer.Context, handover: Handover, reason: Reason, etag: Etag = "") -> None:
    """Ask the city whose the premises are 提请裁定. For host and home."""
    _step(context, handover, etag, lambda at, name, read, _: at.dispute(name, read, reason))


@app.command()
def resolve(
    context: typer.Context, handover: Handover, to: To, reason: Reason, etag: Etag = ""
) -> None:
    """Decide a dispute 裁定: the unit that supervises the place. For the city."""
    _step(
        context,
        handover,
        etag,
        lambda at, name, read, unit: at.resolve(name, read, unit, reason),
        to,
    )


@app.command()
def report(
    context: typer.Context,
    handover: Handover,
    result: Annotated[
        str, typer.Option(help="as-filed 与备案一致, differs 不符 or not-found 查无此场所.")
    ],
    inspector: Annotated[
        list[str], typer.Option("--inspector", help="执法人员, number or name; give two.")
    ],
    seen: Annotated[str, typer.Option("--report", help="What they saw, in Chinese.")] = "",
    day: Annotated[
        str, typer.Option("--date", metavar="DATE", help="Day of the inspection; today if absent.")
    ] = "",
    etag: Etag = "",
) -> None:
    """Report an inspection of premises taken on 现场核查."""
    from yizhao.registry.v1 import premises_pb2

    if result not in _RESULTS:
        raise exits.no_choice("--result", result, _RESULTS)
    today = session_of(context).today().isoformat()
    inspection = premises_pb2.Inspection(
        result=premises_pb2.InspectionResult.Value(f"INSPECTION_RESULT_{_RESULTS[result]}"),
        inspection_date=wire_date(day or today, "--date"),
        inspectors=inspector,
        report=seen,
    )
    _step(context, handover, etag, lambda at, name, read, _: at.report(name, read, inspection))


def _step(
    context: typer.Context,
    handover: str,
    etag: str,
    step: "Callable[[Handovers, str, str, str], premises_pb2.Handover]",
    to: str = "",
) -> None:
    """Find the hand-over in the acting person's unit, take the step, show what it came to."""
    name, session = named(handover, "handovers"), session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        unit = units.parse(to, session.today()) if to else ""
        read = etag
        if not etag:
            mine = unit_of(session, registry, units, "")
            found = registry.handovers.find(mine, name)
            # Not in this unit's lists: the registry says whose it is, or that there is none.
            read = found.etag if found else ""
        told = step(registry.handovers, name, read, unit)
        if session.as_json:
            write_message(told)
        else:
            show_handover(told, units)
