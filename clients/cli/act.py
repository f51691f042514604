"""`yizhao act`: acts that one person asked for and another confirms 复核."""

from typing import Annotated

import typer

from clients.cli.act_tables import show_answer, show_pending_acts
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames

app = typer.Typer()

Act = Annotated[str, typer.Argument(metavar="ACT", help="CODE/N, as `act list` shows it.")]


@app.command("list")
def list_acts(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help="Whose entities: 任城区 or 370811.")],
) -> None:
    """List what waits for a second person in a unit, oldest first."""
    session = session_of(context)
    with session.registry() as registry:
        where = UnitNames(registry).parse(unit, session.today())
        found = list(registry.admin.pending_acts(where))
        if session.as_json:
            write_json({"pending_acts": [as_dict(pending) for pending in found]})
        else:
            show_pending_acts(found)


@app.command()
def confirm(
    context: typer.Context,
    act: Act,
    expect_name: Annotated[
        str,
        typer.Option("--expect-name", help="名称 as you believe it; the act stops if it differs."),
    ],
) -> None:
    """Confirm an act, which does it 复核通过. For another person than the one who asked."""
    from clients.sdk import names

    session = session_of(context)
    with session.registry() as registry:
        answer = registry.admin.confirm_act(names.whole(act, "pendingActs"), expect_name)
        if session.as_json:
            write_message(answer)
        else:
            show_answer(answer)


@app.command()
def refuse(
    context: typer.Context,
    act: Act,
    reason: Annotated[str, typer.Option(help="Why it is turned down.")],
) -> None:
    """Turn an act down 复核不予通过; whoever asked can ask again."""
    from clients.sdk import names

    session = session_of(context)
    with session.registry() as registry:
        answer = registry.admin.refuse_act(names.whole(act, "pendingActs"), reason)
        if session.as_json:
            write_message(answer)
        else:
            show_answer(answer)
