"""Tables of filed places and the flags at them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from clients.cli.act_tables import show_pending_acts
from clients.cli.due_dates import due_cell, show_counts
from clients.cli.filing_tables import building_words
from clients.cli.say import date_text, facts, table, time_text
from clients.cli.words import PREMISES_STATES, words_of
from clients.sdk import names

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from clients.sdk.queues import Queue
    from yizhao.registry.v1 import premises_pb2


def place_state(state: "premises_pb2.PremisesState.ValueType") -> str:
    """As `在用 LIVE`."""
    from yizhao.registry.v1 import premises_pb2

    return words_of(premises_pb2.PremisesState.Name(state), "PREMISES_STATE", PREMISES_STATES)


def show_place(place: "premises_pb2.Premises", units: "UnitNames", today: date) -> None:
    """One place with what was noted at it and what waits."""
    site = place.site
    facts(
        f"经营场所 {names.short(place.name)}",
        [
            ("状态", place_state(place.state)),
            ("场所名称", site.title),
            ("地址", site.address.text),
            ("管辖单位", units.title(site.address.unit)),
            ("经营范围", site.scope),
            ("用途", site.use),
            ("建筑", building_words(site.building)),
            ("租赁至", date_text(site.tenancy_end_date)),
            ("备案日期", date_text(place.filing_date)),
            ("版本", str(place.version)),
            ("来源", " ".join(filter(None, (place.source.system, place.source.record_id)))),
            ("认领", _claim(place)),
        ],
    )
    if place.flags:
        show_flags(place.flags, today)
    if place.pending_acts:
        show_pending_acts(place.pending_acts)


def _claim(place: "premises_pb2.Premises") -> str:
    if place.unclaimed:
        return "导入的场所，待监管单位认领 unclaimed"
    return " ".join(filter(None, (place.claimed_by, time_text(place.claim_time))))


def show_unclaimed(found: Sequence["premises_pb2.Premises"], units: "UnitNames") -> None:
    """Imported places that wait for their unit, a line each."""
    table(
        f"待认领经营场所 unclaimed（{len(found)}）",
        ("编号", "主体", "场所", "地址", "管辖单位", "备案日期"),
        [
            (
                names.short(place.name),
                place.business_name,
                place.site.title,
                place.site.address.text,
                units.title(place.site.address.unit),
                date_text(place.filing_date),
            )
            for place in found
        ],
    )


def show_premises(found: Sequence["premises_pb2.Premises"], units: "UnitNames") -> None:
    """Filed places, a line each."""
    table(
        f"经营场所 {len(found)}",
        ("编号", "场所", "地址", "管辖单位", "状态", "备案日期"),
        [
            (
                str(place.number),
                place.site.title,
                place.site.address.text,
                units.title(place.site.address.unit),
                place_state(place.state),
                date_text(place.filing_date),
            )
            for place in found
        ],
    )


def show_flags(flags: Iterable["premises_pb2.Flag"], today: date) -> None:
    """What was noted at a place, with the answers."""
    table(
        "异常 flags",
        ("异常", "发现", "提出", "答复期限", "答复"),
        [
            (
                names.short(flag.name),
                flag.finding,
                f"{flag.flagged_by.removeprefix('staff/')} {time_text(flag.create_time)[:10]}",
                due_cell(flag.due_date, flag.due_date_provisional, today, waits=not flag.answer),
                flag.answer,
            )
            for flag in flags
        ],
    )


def show_flag_queue(queue: "Queue[premises_pb2.Flag]", units: "UnitNames", today: date) -> None:
    """Flags of the home unit, the earliest due first; answered ones with their answers."""
    show_counts(queue.counts, len(queue.items), "异常答复")
    table(
        "",
        ("异常", "期限", "企业", "场所", "监管单位", "发现"),
        [
            (
                names.short(flag.name),
                due_cell(
                    flag.due_date,
                    flag.due_date_provisional,
                    today,
                    waits=not flag.answer,
                    done=bool(flag.answer),
                ),
                flag.business_name,
                flag.address,
                units.title(flag.unit),
                flag.finding + (f"（已答复：{flag.answer}）" if flag.answer else ""),
            )
            for flag in queue.items
        ],
    )
