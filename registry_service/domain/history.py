"""How an entity stood at a point of its history, as far as the record tells (docs/history.md).

History has two axes: when a fact took effect, and when this register learnt of it. At a point,
what counts is, among the facts recorded by then, the one with the greatest effective date up to
that day; of equal ones the one recorded last.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, TypeVar

from registry_service.domain.china import china_day
from registry_service.domain.dormancy import Dormancy
from registry_service.domain.entity import COUNTER, ITEMS, Entity, EntityState, EntityVersion
from registry_service.domain.event import Event
from registry_service.domain.mark import Mark
from registry_service.domain.premises import PremisesState, Site
from registry_service.domain.restriction import Restriction

Fact = TypeVar("Fact")
_REGISTERED: Final = "entity.registered"
_EXTENDED: Final = "entity.dormancy_extended"
_CODE_CORRECTED: Final = "entity.code_corrected"
_SUSPENDED: Final = "entity.suspended"
_PLACE_AFTER: Final = {
    "premises.suspended": PremisesState.SUSPENDED,
    "premises.resumed": PremisesState.LIVE,
    "premises.removed": PremisesState.REMOVED,
    "premises.struck": PremisesState.STRUCK,
    "premises.ended": PremisesState.ENDED,
    "premises.reinstated": PremisesState.LIVE,
}
"""Kind of event → where it leaves a place."""
_BESIDE: Final = (
    "uscc",
    "former_codes",
    "state",
    "multi_address",
    "marks",
    "restrictions",
    "dormant_until_date",
)
"""What the register keeps of an entity beside its face, as the contract names it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point on both axes."""

    day: date
    """What was in force then."""
    known_at: datetime
    """As the register knew it then."""

    def sees(self, effective: date, recorded: datetime) -> bool:
        """Whether a fact counts here."""
        return effective <= self.day and recorded <= self.known_at


class Knowledge(StrEnum):
    """Whether the register can say how an entity stood."""

    KNOWN = "known"
    NOT_KNOWN = "not_known"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class CodeCorrection:
    """A credit code that was put in the place of a wrong one."""

    revision: int
    """Of the event that tells of it."""
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class PlaceFiled:
    """When a place was first filed."""

    number: int
    effective_date: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceVersion:
    """What was filed of a place, with both of its times."""

    number: int
    version: int
    site: Site
    effective_date: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceThen:
    """A place that was filed at a point."""

    number: int
    version: int
    state: PremisesState
    site: Site
    filing_date: date


@dataclass(frozen=True, slots=True)
class Record:
    """All that the register holds of an entity's history; each sequence as it was recorded."""

    entity: Entity
    versions: Sequence[EntityVersion]
    events: Sequence[Event]
    codes: Sequence[CodeCorrection]
    marks: Sequence[Mark]
    restrictions: Sequence[Restriction]
    dormancies: Sequence[Dormancy]
    places: Sequence[PlaceFiled]


@dataclass(frozen=True, slots=True)
class Past:
    """An entity at a point. Without KNOWN everything but the point is empty."""

    point: Point
    knowledge: Knowledge
    version: EntityVersion | None = None
    uscc: str = ""
    former_codes: tuple[str, ...] = ()
    state: EntityState | None = None
    multi_address: bool = False
    marks: tuple[Mark, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    dormant_until: date | None = None
    not_known: tuple[str, ...] = ()
    """Fields, as the contract names them, that may have had a value which nobody told us."""


def in_force(versions: Iterable[EntityVersion], point: Point) -> EntityVersion | None:
    """The version in force at a point; None where none was."""
    seen = (v for v in versions if point.sees(v.effective_date, v.recorded_at))
    return max(seen, key=order, default=None)


def order(version: EntityVersion) -> tuple[date, int]:
    """Of two versions, the one with the greater order is the one in force once both are."""
    return version.effective_date, version.version


def before(versions: Iterable[EntityVersion], version: EntityVersion) -> EntityVersion | None:
    """The version that this one took the place of; None for the first.

    Versions are numbered as they are recorded, so it may have any number.
    """
    earlier = (v for v in versions if order(v) < order(version))
    return max(earlier, key=order, default=None)


def as_of(record: Record, point: Point) -> Past:
    """The entity at that point; what the record can't tell is named, never guessed."""
    first = record.events[0]
    if point.known_at < first.recorded_at:
        return Past(point, Knowledge.NOT_KNOWN)
    version = in_force(record.versions, point)
    if version is None:
        registered_here = record.versions[0].source.system == COUNTER.system
        return Past(point, Knowledge.NOT_YET if registered_here else Knowledge.NOT_KNOWN)
    if point.day < kept_since(first):
        return Past(point, Knowledge.KNOWN, version, not_known=_BESIDE)
    uscc, former = _codes(record, point)
    state = _state(record.events, point)
    until, until_known = _dormant_until(record, state, point)
    unknown = [] if uscc else ["uscc", "former_codes"]
    unknown += [] if until_known else ["dormant_until_date"]
    return Past(
        point,
        Knowledge.KNOWN,
        version,
        uscc=uscc,
        former_codes=former,
        state=state,
        multi_address=_any_place(record, point),
        marks=tuple(_marks(record, point)),
        restrictions=tuple(_restrictions(record, point)),
        dormant_until=until,
        not_known=tuple(unknown),
    )


def kept_since(first: Event) -> date:
    """The day from which the register keeps what stands beside the face.

    What another system handed over says how things stood on the day it was recorded, whatever
    the date of its face.
    """
    return first.effective_date if first.kind == _REGISTERED else china_day(first.recorded_at)


def _latest(facts: Iterable[tuple[date, int, Fact]]) -> Fact | None:
    """The fact with the greatest effective date, of equal ones the last recorded."""
    found = max(facts, key=lambda fact: fact[:2], default=None)
    return None if found is None else found[2]


def _state(events: Sequence[Event], point: Point) -> EntityState | None:
    """By the events that changed it: others tell what it was when they were recorded."""
    first = events[0]
    changes = [(kept_since(first), first)]
    changes += [
        (after.effective_date, after)
        for earlier, after in pairwise(events)
        if after.state_after != earlier.state_after
    ]
    return _latest(
        (day, event.revision, EntityState(event.state_after))
        for day, event in changes
        if point.sees(day, event.recorded_at)
    )


def _codes(record: Record, point: Point) -> tuple[str, tuple[str, ...]]:
    """The credit code in force, and those it had before; 15-digit numbers it had from the start.

    Empty where a later correction, from before codes were kept with it, does not tell the code that
    was wrong.
    """
    told = {event.revision: event for event in record.events}
    kept = {correction.revision for correction in record.codes}
    if any(
        event.kind == _CODE_CORRECTED
        and event.revision not in kept
        and not point.sees(event.effective_date, event.recorded_at)
        for event in record.events
    ):
        return "", ()
    past: list[str] = []
    code = record.codes[0].wrong if record.codes else record.entity.uscc
    for correction in record.codes:
        event = told[correction.revision]
        if point.sees(event.effective_date, event.recorded_at):
            past.append(code)
            code = correction.right
    ever = {correction.wrong for correction in record.codes} | {record.entity.uscc}
    ever |= {correction.right for correction in record.codes}
    old = [former for former in record.entity.former_codes if former not in ever]
    return code, tuple(former for former in dict.fromkeys([*old, *past]) if former != code)


def _marks(record: Record, point: Point) -> Iterator[Mark]:
    """Those that stood, without their end where nobody had told of it yet."""
    entered = _subjects(record.events, point, "mark.entered")
    ended = _subjects(record.events, point, "mark.ended")
    for mark in record.marks:
        subject = f"marks/{mark.number}"
        until = mark.until_date if subject in ended else None
        if subject in entered and mark.from_date <= point.day <= (until or date.max):
            yield replace(mark, until_date=until)


def _restrictions(record: Record, point: Point) -> Iterator[Restriction]:
    entered = _subjects(record.events, point, "restriction.entered")
    lifted = _subjects(record.events, point, "restriction.lifted")
    for hold in record.restrictions:
        subject = f"restrictions/{hold.number}"
        runs = hold.from_date <= point.day <= (hold.until_date or date.max)
        over = subject in lifted and lifted[subject].effective_date <= point.day
        if subject in entered and runs and not over:
            yield replace(hold, lifted_at=None, lift_basis="")


def _subjects(events: Iterable[Event], point: Point, kind: str) -> dict[str, Event]:
    """What events of that kind, recorded by then, happened to."""
    return {e.subject: e for e in events if e.kind == kind and e.recorded_at <= point.known_at}


def _dormant_until(
    record: Record, state: EntityState | None, point: Point
) -> tuple[date | None, bool]:
    """The last day as it was filed then, and whether that can be told.

    An extension writes over the day that it extends, and no event keeps the earlier one.
    """
    if state is not EntityState.DORMANT:
        return None, True
    filed = sum(e.kind == _SUSPENDED and e.recorded_at <= point.known_at for e in record.events)
    running = [d for d in record.dormancies[:filed] if d.from_date <= point.day]
    extended_later = any(
        event.kind == _EXTENDED and not point.sees(event.effective_date, event.recorded_at)
        for event in record.events
    )
    if not running or extended_later:
        return None, False
    return running[-1].until_date, True


def places_then(
    record: Record, versions: Sequence[PlaceVersion], point: Point
) -> tuple[PlaceThen, ...]:
    """The places that were filed at a point, by number, with what was filed of each by then."""
    told = []
    for place in record.places:
        state = _place_state(record.events, place, point)
        seen = [
            v
            for v in versions
            if v.number == place.number and point.sees(v.effective_date, v.recorded_at)
        ]
        if state is not None and state.filed and seen:
            latest = max(seen, key=lambda v: (v.effective_date, v.version))
            filed = place.effective_date
            told.append(PlaceThen(place.number, latest.version, state, latest.site, filed))
    return tuple(told)


def _place_state(events: Sequence[Event], place: PlaceFiled, point: Point) -> PremisesState | None:
    """Where a place stood; None where it was not filed yet."""
    subject = f"premises/{place.number}"
    facts = []
    if point.sees(place.effective_date, place.recorded_at):
        facts.append((place.effective_date, 0, PremisesState.LIVE))
    facts += [
        (event.effective_date, event.revision, _PLACE_AFTER[event.kind])
        for event in events
        if event.subject == subject
        and event.kind in _PLACE_AFTER
        and point.sees(event.effective_date, event.recorded_at)
    ]
    return _latest(facts)


def _any_place(record: Record, point: Point) -> bool:
    """Whether a place was filed; suspended ones are."""
    states = (_place_state(record.events, place, point) for place in record.places)
    return any(state is not None and state.filed for state in states)


@dataclass(frozen=True, slots=True)
class Difference:
    """An item in which two versions differ."""

    path: str
    """As the contract names it: of Face, `address.unit` within it, or `registrar`."""
    title: str
    before: Any
    after: Any


_PLACE: Final = {
    "text": "住所（经营场所）",
    "county": "住所所在县（市、区）",
    "unit": "住所管辖单位",
    "standard_code": "标准地址编码",
    "latitude": "住所纬度",
    "longitude": "住所经度",
}


def differences(old: EntityVersion, new: EntityVersion) -> tuple[Difference, ...]:
    """What the new version says otherwise, in the order of the face; the registrar last."""
    return tuple(d for d in _compared(old, new) if d.before != d.after)


def _compared(old: EntityVersion, new: EntityVersion) -> Iterator[Difference]:
    for item, title in ITEMS.items():
        then, now = getattr(old.face, item), getattr(new.face, item)
        if item == "address":
            for part, called in _PLACE.items():
                path = f"{item}.{part}"
                yield Difference(path, called, getattr(then, part), getattr(now, part))
        else:
            yield Difference(item, title, then, now)
    yield Difference("registrar", "登记机关", old.registrar, new.registrar)
