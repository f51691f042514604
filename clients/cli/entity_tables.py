"""Tables of businesses, their versions and events."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from clients.cli.act_tables import show_pending_acts
from clients.cli.faces import face_rows
from clients.cli.history_tables import say_point
from clients.cli.say import date_text, facts, plain, say, say_if_more, table, time_text
from clients.cli.words import ENTITY_STATES, HELD_ACTS, MARK_KINDS, event_words, words_of
from clients.sdk import names

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import entity_pb2


def state_text(state: "entity_pb2.EntityState.ValueType") -> str:
    """As `在营 ACTIVE`."""
    from yizhao.registry.v1 import entity_pb2

    return words_of(entity_pb2.EntityState.Name(state), "ENTITY_STATE", ENTITY_STATES)


def show_entity(entity: "entity_pb2.Entity", units: "UnitNames", what: str) -> None:
    """One business with its face."""
    if what:
        say(f"[green]✓[/] {plain(what)}")
    if entity.HasField("as_of") and not say_point(entity):
        return
    if entity.found_by_former_code:
        say("[yellow]该代码为曾用代码 — this is a former code; the code in force is below[/]")
    facts(
        entity.face.business_name or entity.uscc,
        [
            ("统一社会信用代码", entity.uscc),
            ("曾用代码", "、".join(entity.former_codes)),
            ("状态", state_text(entity.state) if entity.state else ""),
            ("歇业期限至", date_text(entity.dormant_until_date)),
            *face_rows(entity.face, units),
            ("登记机关", units.title(entity.registrar) if entity.registrar else "存疑 unclear"),
            ("一照多址", "是" if entity.multi_address else ""),
            ("版本", f"{entity.version}（{time_text(entity.update_time)}）".replace("（）", "")),
            ("来源", " ".join(filter(None, (entity.source.system, entity.source.record_id)))),
        ],
    )
    if entity.marks:
        show_marks(entity.marks)
    if entity.restrictions:
        show_restrictions(entity.restrictions)
    if entity.pending_acts:
        show_pending_acts(entity.pending_acts)


def show_marks(marks: Iterable["entity_pb2.Mark"]) -> None:
    """Lists of the regulator, a line each."""
    from yizhao.registry.v1 import entity_pb2

    table(
        "名录 marks",
        ("编号", "名录", "自", "至", "依据"),
        [
            (
                names.short(mark.name),
                MARK_KINDS[entity_pb2.MarkKind.Name(mark.kind).removeprefix("MARK_KIND_")],
                date_text(mark.from_date),
                date_text(mark.until_date),
                mark.basis,
            )
            for mark in marks
        ],
    )


def show_restrictions(holds: Iterable["entity_pb2.Restriction"]) -> None:
    """Holds, a line each."""
    from yizhao.registry.v1 import entity_pb2

    table(
        "限制 holds",
        ("编号", "机关", "限制", "自", "至", "依据"),
        [
            (
                names.short(hold.name),
                hold.authority,
                "、".join(
                    HELD_ACTS[entity_pb2.HeldAct.Name(act).removeprefix("HELD_ACT_")]
                    for act in hold.held_acts
                ),
                date_text(hold.from_date),
                f"{time_text(hold.lift_time)[:10]} 解除"
                if hold.lift_time.seconds
                else date_text(hold.until_date) or "解除时",
                hold.basis,
            )
            for hold in holds
        ],
    )


def show_entities(found: Sequence["entity_pb2.Entity"], units: "UnitNames", limit: int) -> None:
    """Many businesses, a line each."""
    table(
        f"市场主体 {len(found)}",
        ("代码", "名称", "状态", "登记机关", "地址"),
        [
            (
                entity.uscc,
                entity.face.business_name,
                state_text(entity.state),
                units.title(entity.registrar) if entity.registrar else "存疑 unclear",
                entity.face.address.text,
            )
            for entity in found
        ],
    )
    say_if_more(len(found), limit)


def show_versions(found: Sequence["entity_pb2.EntityVersion"], units: "UnitNames") -> None:
    """Versions of a face with both of their times."""
    table(
        "版本 versions",
        ("版本", "核准日期", "记录时间", "登记机关", "名称", "人", "更正", "来源"),
        [
            (
                str(version.version),
                date_text(version.effective_date),
                time_text(version.record_time),
                units.title(version.registrar),
                version.face.business_name,
                version.face.person,
                f"第{version.corrects_version}版" if version.corrects_version else "",
                version.source.system,
            )
            for version in found
        ],
    )


def show_events(found: Sequence["entity_pb2.Event"], units: "UnitNames") -> None:
    """Who did what."""
    table(
        "事件 events",
        ("序号", "时间", "何人", "单位", "何事", "依据"),
        [
            (
                str(event.revision),
                time_text(event.record_time),
                _people(event),
                units.title(event.actor_unit),
                event_words(event.kind)
                + (f"（撤回第{event.reverses_revision}号）" if event.reverses_revision else ""),
                event.basis,
            )
            for event in found
        ],
    )


def _people(event: "entity_pb2.Event") -> str:
    """Who did it, and who confirmed it."""
    first = f"{event.actor_name} {event.actor.removeprefix('staff/')}".strip() or "系统 system"
    if not event.second_actor:
        return first
    return f"{first}；复核 {event.second_actor_name} {event.second_actor.removeprefix('staff/')}"
