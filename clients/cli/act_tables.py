"""Tables of acts that wait for a second person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from clients.cli.say import plain, say, table, time_text
from clients.cli.words import words_of
from clients.sdk import names

if TYPE_CHECKING:
    from yizhao.registry.v1 import entity_pb2

STATES: Final = {
    "WAITING": "待复核",
    "DONE": "已复核办理",
    "REFUSED": "复核未通过",
    "LAPSED": "已失效",
}


def show_pending_acts(found: "Sequence[entity_pb2.PendingAct]") -> None:
    """Many, a line each."""
    table(
        f"待复核事项 {len(found)}",
        ("事项", "内容", "提出", "截止"),
        [
            (
                names.short(pending.name),
                pending.summary,
                f"{pending.asked_by.removeprefix('staff/')} {time_text(pending.create_time)[:16]}",
                time_text(pending.expire_time)[:16],
            )
            for pending in found
        ],
    )


def show_answer(pending: "entity_pb2.PendingAct") -> None:
    """What became of one."""
    from yizhao.registry.v1 import entity_pb2

    state = entity_pb2.PendingActState.Name(pending.state)
    say(f"[green]✓[/] {plain(words_of(state, 'PENDING_ACT_STATE', STATES))}")
    say(plain(f"  {names.short(pending.name)}  {pending.summary}"))
    if pending.reason:
        say(plain(f"  理由：{pending.reason}"))
