"""The filed premises of an entity, grouped by the unit that supervises them."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from license_verify.record import PublicPremises, PublicRecord
from license_verify.server.page.both import NOTHING, Both, written_moment
from license_verify.shown import unit_name

_MOST_OPEN: Final = 12
_MOST_SHOWN: Final = 400
_STATE: Final = {"SUSPENDED": Both("歇业", "dormant"), "FLAGGED": Both("有异常标记", "flagged")}
_SCANNED: Final = Both("本次扫描", "scanned here")


@dataclass(frozen=True, slots=True)
class Place:
    """One filed place."""

    number: int
    name: str
    address: str
    note: Both
    scanned: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one unit."""

    unit: str
    places: tuple[Place, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Premises:
    """The list as the live register gave it."""

    total: int
    groups: tuple[Group, ...]
    words: Both


def premises_of(record: PublicRecord, scanned: int | None) -> Premises:
    """Group the places; `scanned` is the number of the site whose code was scanned."""
    filed = sorted(
        (place for place in record.premises if place.live or place.state == "SUSPENDED"),
        key=lambda place: (place.number != scanned, place.unit, place.number),
    )
    shown = sorted(filed[:_MOST_SHOWN], key=lambda place: (place.unit, place.number))
    groups = tuple(
        _group(unit, tuple(_place(each, scanned) for each in places), len(filed))
        for unit, places in groupby(shown, key=lambda place: place.unit)
    )
    return Premises(len(filed), groups, _words(record, len(filed), len(shown)))


def _group(unit: int, places: tuple[Place, ...], total: int) -> Group:
    return Group(
        unit_name(unit), places, total <= _MOST_OPEN or any(each.scanned for each in places)
    )


def _place(place: PublicPremises, scanned: int | None) -> Place:
    here = place.number == scanned
    note = _SCANNED if here else _STATE.get(place.state, NOTHING)
    return Place(place.number, place.name or "", place.address, note, here)


def _words(record: PublicRecord, total: int, shown: int) -> Both:
    if total == 0:
        return Both("没有已备案的其他经营场所。", "No other premises are filed.")
    at = written_moment(record.answered_at)
    zh, en = f"登记系统 {at.zh}的记录", f"As the register answered at {at.en}"
    if shown < total:
        zh, en = f"{zh}，列出前 {shown} 处", f"{en}; the first {shown} are listed"
    return Both(f"{zh}。", f"{en}.")
