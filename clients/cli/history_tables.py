"""An entity's history: what each version changed, and how it stood at a point."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from clients.cli.say import date_text, say, table, time_text
from clients.cli.words import ITEMS_NOT_KNOWN

if TYPE_CHECKING:
    from yizhao.registry.v1 import entity_pb2


def show_history(found: Sequence["entity_pb2.EntityVersion"]) -> None:
    """What each version changed, a line for each item."""
    table(
        "沿革 history",
        ("版本", "核准日期", "记录时间", "事项", "原内容", "现内容", "说明"),
        [row for version in found for row in _rows(version)],
    )


def _rows(version: "entity_pb2.EntityVersion") -> Iterator[tuple[str, ...]]:
    """Version and times stand on the first line alone."""
    head = (
        str(version.version),
        date_text(version.effective_date),
        time_text(version.record_time),
    )
    if not version.changes:
        said = "登记事项未变" if version.compared_version else version.face.business_name
        yield (*head, "首次记录" if not version.compared_version else "", "", said, _note(version))
    for at, change in enumerate(version.changes):
        first = head if at == 0 else ("", "", "")
        yield (
            *first,
            change.title,
            change.before or "（空）",
            change.after or "（空）",
            _note(version) if at == 0 else "",
        )


def _note(version: "entity_pb2.EntityVersion") -> str:
    """What it corrects, what it is compared with if not the number before, and its source."""
    notes = []
    if version.corrects_version:
        notes.append(f"更正第 {version.corrects_version} 版")
    if version.compared_version not in (0, version.version - 1):
        notes.append(f"与第 {version.compared_version} 版相比")
    if version.source.system != "counter":
        notes.append(f"来源 {version.source.system}")
    return "；".join(notes)


def say_point(entity: "entity_pb2.Entity") -> bool:
    """Tell of which point of history an answer is; False where nothing more can be told."""
    from yizhao.registry.v1 import history_pb2

    day, known = date_text(entity.as_of.date), time_text(entity.as_of.known_time)
    say(f"[bold]{day} 的登记情况[/]（按本登记簿 {known} 所知）")
    if entity.knowledge == history_pb2.KNOWLEDGE_NOT_YET:
        say("该主体当时尚未设立登记 — not registered yet")
        return False
    if entity.knowledge == history_pb2.KNOWLEDGE_NOT_KNOWN:
        say("本登记簿没有该时点的记录，不等于当时不存在 — not known, which is not: did not exist")
        return False
    if entity.not_known:
        items = "、".join(ITEMS_NOT_KNOWN.get(item, item) for item in entity.not_known)
        say(f"[yellow]无从得知 not known: {items}[/]")
    return True
