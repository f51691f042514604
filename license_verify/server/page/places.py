"""The filed premises of an entity, grouped by the unit that supervises them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from license_verify.codes.unit import UNITS
from license_verify.record import PublicPremises, PublicRecord
from license_verify.server.page.both import NOTHING, Both, written_day, written_moment
from license_verify.server.page.face import Item, line, word_line
from license_verify.server.page.mask import masked
from license_verify.server.page.part import Part
from license_verify.shown import ShownFace, unit_name
from license_verify.spelling import address_key

_MOST_OPEN: Final = 12
_ROOM: Final = 6_000
"""Of the places on one page, in octets once compressed, estimated from above: what is left of
14 KiB under the longest face. A test draws the worst case."""
_ROOM_FOR_EACH: Final = 24
_ROOM_A_CHARACTER: Final = 2
_STATE: Final = {"SUSPENDED": Both("歇业", "dormant"), "FLAGGED": Both("有异常标记", "flagged")}
_FILED: Final = Both("已备案", "filed")
_SCANNED: Final = Both("本次扫描", "scanned here")
_DWELLING: Final = Both("住宅，门牌不公开", "a dwelling: door not shown")


@dataclass(frozen=True, slots=True)
class Place:
    """One filed place."""

    number: int
    name: str
    address: str
    notes: tuple[Both, ...]
    scanned: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one unit."""

    unit: Both
    total: int
    places: tuple[Place, ...]
    open: bool
    more: str
    """Query of the page with the next ones; empty if all are here."""


@dataclass(frozen=True, slots=True)
class Premises:
    """The list as the live register gave it."""

    total: int
    groups: tuple[Group, ...]
    words: Both


def premises_of(record: PublicRecord, face: ShownFace, part: Part | None = None) -> Premises:
    """Group the places; as many are listed as one page has room for, the others are a link away.

    Args:
        record: the live register's answer.
        face: of the scanned code; the group of its site comes first.
        part: with a unit, only that unit's places.
    """
    part, scanned = part or Part(), face.site
    filed = sorted(_filed(record), key=lambda place: (place.unit, place.number))
    total = len(filed)
    here = next((place.unit for place in filed if place.number == scanned), None)
    groups, room = [], _ROOM
    by_unit = {unit: list(places) for unit, places in groupby(filed, key=lambda each: each.unit)}
    for unit in sorted(by_unit, key=lambda unit: (unit != here, unit)):
        if part.unit not in (None, unit):
            continue
        wanted = [place for place in by_unit[unit] if place.number > part.after]
        wanted.sort(key=lambda place: (place.number != scanned, place.number))
        shown = _fitting(wanted, room)
        room -= sum(map(_size, shown))
        is_open = part.unit is not None or total <= _MOST_OPEN or unit == here
        groups.append(_group(unit, len(by_unit[unit]), shown, wanted, face, is_open=is_open))
    return Premises(total, tuple(groups), _words(record, total))


def place_lines(record: PublicRecord, number: int, face: ShownFace) -> tuple[Item, ...]:
    """All that may be told of one filed place; nothing if none is filed under that number."""
    for place in _filed(record):
        if place.number == number:
            state = _STATE.get(place.state, _FILED)
            shown = _place(place, face)
            at_home = _DWELLING if _hidden(place, face) else NOTHING
            lines = (
                line("场所名称", shown.name),
                line("场所编号", str(number)),
                line("经营场所", shown.address, at_home),
                word_line("监管单位", unit_title(place.unit)),
                line("备案日期", written_day(place.since)),
                word_line("状态", state),
            )
            return tuple(each for each in lines if each.value)
    return ()


def unit_title(unit: int) -> Both:
    """A unit in both languages; 0 on another day, where the place's county is unclear."""
    if unit == 0:
        return Both("管辖区域不明", "unit unclear")
    known = UNITS.get(unit)
    return Both(unit_name(unit), known.english if known else "")


def _filed(record: PublicRecord) -> Iterable[PublicPremises]:
    return (place for place in record.premises if place.live)


def _fitting(places: Sequence[PublicPremises], room: int) -> Sequence[PublicPremises]:
    """As many of the first as there is room for."""
    for count, place in enumerate(places):
        room -= _size(place)
        if room < 0:
            return places[:count]
    return places


def _size(place: PublicPremises) -> int:
    characters = len(place.address) + len(place.name or "")
    return _ROOM_FOR_EACH + _ROOM_A_CHARACTER * characters


def _group(
    unit: int,
    total: int,
    shown: Sequence[PublicPremises],
    wanted: Sequence[PublicPremises],
    face: ShownFace,
    *,
    is_open: bool,
) -> Group:
    listed = sorted(shown, key=lambda place: place.number)
    more = ""
    if len(shown) < len(wanted):
        # The scanned place may stand out of order before the others: go on behind those.
        last = max((each.number for each in shown if each.number != face.site), default=0)
        more = f"unit={unit}&after={last}"
    places = tuple(_place(each, face) for each in listed)
    return Group(unit_title(unit), total, places, is_open and bool(places), more)


def _place(place: PublicPremises, face: ShownFace) -> Place:
    here = place.number == face.site
    notes = [_SCANNED] if here else []
    if place.state in _STATE:
        notes.append(_STATE[place.state])
    address = place.address
    if _hidden(place, face):
        address = place.masked_address or ""
        notes.append(_DWELLING)
    return Place(place.number, masked(place.name or ""), masked(address), tuple(notes), here)


def _hidden(place: PublicPremises, face: ShownFace) -> bool:
    """Whether somebody's home stays without its door.

    The address of a scanned code is in it; not where its firm moved to since, or was on another
    day.
    """
    if place.masked_address is None:
        return False
    if place.number != face.site:
        return True
    if face.address is None:  # it has the digest
        return place.version != face.version
    return address_key(place.address) != address_key(face.address)


def _words(record: PublicRecord, total: int) -> Both:
    if total == 0:
        return Both("没有已备案的其他经营场所。", "No other premises are filed.")
    at = written_moment(record.answered_at)
    if record.as_of is not None:
        day = written_day(record.as_of)
        return Both(
            f"{day}当日的备案，登记系统 {at.zh}的记录。",
            f"As filed on {record.as_of.isoformat()}; the register answered at {at.en}.",
        )
    return Both(f"登记系统 {at.zh}的记录。", f"As the register answered at {at.en}.")
