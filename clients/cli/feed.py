"""`yizhao feed`: what happens at the registry, as it happens."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from clients.cli.codes import tidied
from clients.cli.field_limits import UINT64
from clients.cli.say import STANDARD_OUTPUT, as_dict, errors, plain, printable, time_text
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.words import event_words
from clients.sdk import names
from clients.whole_files import naming

if TYPE_CHECKING:
    from yizhao.registry.v1 import entity_pb2

app = typer.Typer()


@app.callback()
def feed() -> None:
    """Events 事件流."""


@app.command()
def watch(
    context: typer.Context,
    after: Annotated[
        int, typer.Option(min=0, max=UINT64, help="Go on after this cursor; 0: the oldest.")
    ] = 0,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="As entity.revoked or premises.*; may be repeated."),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", help="Whose entities or premises: 任城区 or 370811.")
    ] = "",
    entity: Annotated[str, typer.Option("--entity", metavar="CODE", help="Only this one.")] = "",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Wait for more, until Ctrl-C.")
    ] = False,
) -> None:
    """Print events, one a line, then the cursor to go on after; a broken connection is resumed.

    With --json each line is a JSON object; the cursor goes to stderr.
    """
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = units.parse(unit, session.today()) if unit else ""
        name = names.entity(tidied(entity).upper()) if entity else ""
        end = None if follow else registry.feed.newest()
        with registry.feed.watch(after, unit=where, kinds=kind or (), entity=name) as events:
            try:
                for batch in events:
                    with naming(STANDARD_OUTPUT):
                        for event in batch.events:
                            _print(event, units, as_json=session.as_json)
                        sys.stdout.flush()
                    if end is not None and events.cursor >= end:
                        break
            finally:
                if events.cursor > after:
                    cursor = f"cursor {events.cursor}：--after {events.cursor} 从此处继续"
                    errors().print(f"[dim]{plain(cursor)}[/]")


def _print(event: "entity_pb2.Event", units: UnitNames, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(as_dict(event), ensure_ascii=False) + "\n")
        return
    who = f"{units.title(event.actor_unit)} {event.actor_name}".strip() or "系统"
    second = f"，复核 {event.second_actor_name}" if event.second_actor else ""
    told = (
        f"{event.feed_number}  {time_text(event.record_time)}  {event_words(event.kind)}  "
        f"{event.subject}  {who}{second}  {event.basis}"
    )
    sys.stdout.write(printable(told).replace("\n", " ").rstrip() + "\n")
