"""`yizhao entity …`: holds of courts and authorities, lists of the regulator."""

from typing import Annotated, Final

import typer

from clients import exits
from clients.cli.codes import named, read_code
from clients.cli.dates import wire_date
from clients.cli.entity_arguments import Basis, Code
from clients.cli.entity_tables import show_marks, show_restrictions
from clients.cli.say import say, write_message
from clients.cli.session import session_of

app = typer.Typer()

_HELD: Final = ("all", "change", "filing", "deregistration")
MARKS: Final = {
    "unreachable": "ABNORMAL_UNREACHABLE",
    "abnormal": "ABNORMAL_OTHER",
    "serious": "SERIOUS_VIOLATION",
    "special": "SPECIAL",
}
Since = Annotated[str, typer.Option("--from", metavar="DATE", help="First day; today if absent.")]


@app.command()
def restrict(
    context: typer.Context,
    authority: Annotated[str, typer.Option(help="Who ordered it, as 任城区人民法院.")],
    basis: Basis,
    code: Code = "",
    act: Annotated[
        list[str] | None,
        typer.Option("--act", help=f"What it blocks: {', '.join(_HELD)}; all if absent."),
    ] = None,
    since: Since = "",
    until: Annotated[
        str, typer.Option(metavar="DATE", help="Last day; until lifted if absent.")
    ] = "",
) -> None:
    """Enter a hold of a court or authority 限制."""
    from yizhao.registry.v1 import entity_pb2

    wanted = act or ["all"]
    if unknown := set(wanted) - set(_HELD):
        raise exits.no_choice("--act", min(unknown), _HELD)
    session = session_of(context)
    hold = entity_pb2.Restriction(
        authority=authority,
        basis=basis,
        held_acts=[entity_pb2.HeldAct.Value(f"HELD_ACT_{word.upper()}") for word in wanted],
        from_date=wire_date(since or session.today().isoformat(), "--from"),
    )
    if until:
        hold.until_date.CopyFrom(wire_date(until, "--until"))
    code = read_code(session, code)
    with session.registry() as registry:
        found = registry.standing.restrict(code, hold)
    if session.as_json:
        write_message(found)
    else:
        say("[green]✓[/] 已登记限制 entered")
        show_restrictions([found])


@app.command()
def lift(
    context: typer.Context,
    restriction: Annotated[
        str, typer.Argument(metavar="RESTRICTION", help="CODE/N, as `entity get` shows it.")
    ],
    basis: Basis,
) -> None:
    """Lift a hold 解除限制."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.standing.lift(named(restriction, "restrictions"), basis)
    if session.as_json:
        write_message(found)
    else:
        say("[green]✓[/] 已解除限制 lifted")
        show_restrictions([found])


@app.command()
def mark(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Option(
            help="unreachable 无法联系, abnormal 其他经营异常, serious 严重违法, special 特别标注."
        ),
    ],
    basis: Basis,
    code: Code = "",
    since: Since = "",
) -> None:
    """Put a business on a list of the regulator 列入名录. For supervisors of its domicile."""
    from yizhao.registry.v1 import entity_pb2

    if kind not in MARKS:
        raise exits.no_choice("--kind", kind, MARKS)
    session = session_of(context)
    wanted = entity_pb2.Mark(
        kind=entity_pb2.MarkKind.Value(f"MARK_KIND_{MARKS[kind]}"),
        basis=basis,
        from_date=wire_date(since or session.today().isoformat(), "--from"),
    )
    code = read_code(session, code)
    with session.registry() as registry:
        found = registry.standing.mark(code, wanted)
    if session.as_json:
        write_message(found)
    else:
        say("[green]✓[/] 已列入 listed")
        show_marks([found])


@app.command()
def unmark(
    context: typer.Context,
    mark: Annotated[str, typer.Argument(metavar="MARK", help="CODE/N, as `entity get` shows it.")],
    basis: Basis,
) -> None:
    """Take a business off a list 移出名录."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.standing.unmark(named(mark, "marks"), basis)
    if session.as_json:
        write_message(found)
    else:
        say("[green]✓[/] 已移出 taken off")
        show_marks([found])
