"""`yizhao act`: acts that one person asked for and another confirms 复核."""

from typing import Annotated

import typer

from clients.cli.act_tables import show_answer, show_pending_acts
from clients.cli.asking import confirmed_name
from clients.cli.codes import named
from clients.cli.entity_arguments import ExpectedName
from clients.cli.own_unit import Unit, unit_of
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.sdk import names

app = typer.Typer()

Act = Annotated[str, typer.Argument(metavar="ACT", help="CODE/N, as `act list` shows it.")]


@app.command("list")
def list_acts(
    context: typer.Context,
    unit: Unit = "",
) -> None:
    """List what waits for a second person in a unit, oldest first."""
    session = session_of(context)
    with session.registry() as registry:
        where = unit_of(session, registry, UnitNames(registry), unit)
        found = list(registry.admin.pending_acts(where))
        if session.as_json:
            write_json({"pending_acts": [as_dict(pending) for pending in found]})
        else:
            show_pending_acts(found)


@app.command()
def confirm(
    context: typer.Context,
    act: Act,
    name: ExpectedName = "",
) -> None:
    """Confirm an act, which does it 复核通过. For another person than the one who asked."""
    session, resource = session_of(context), named(act, "pendingActs")
    with session.registry() as registry:
        called = name
        if not called:
            entity = registry.entities.get(names.code_of(resource), "复核")
            waits = {each.name: each.summary for each in entity.pending_acts}
            follows = waits.get(resource, "见待复核事项；确认即办理")
            called = confirmed_name("", entity.face.business_name, entity.uscc, "复核通过", follows)
        answer = registry.admin.confirm_act(resource, called)
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
    session = session_of(context)
    with session.registry() as registry:
        answer = registry.admin.refuse_act(named(act, "pendingActs"), reason)
        if session.as_json:
            write_message(answer)
        else:
            show_answer(answer)
