"""What the register should be, in plain dicts: slow, obvious, and made from domain.md §6 and
design.md §2, not from the register's own tables.

Every act has two halves: `…_refusals` says which reasons there are to refuse it (none: it must
succeed), and the act itself changes the dicts and counts the events that must come of it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.model.places import (
    ADDRESSES,
    CITY,
    HEADS,
    INCOMPLETE,
    OUTSIDE,
    REGISTRARS,
    SUPERVISORS,
)

ENDED = ("revoked", "deregistered", "annulled")
GONE = ("deregistered", "annulled")
UNANSWERED = ("pending", "forwarded", "declined", "disputed")
WORSE = (
    "VALID", "SUPERSEDED", "SUSPENDED", "LOST_VOID", "DEREGISTERED", "REVOKED", "ANNULLED",
)  # fmt: skip
"""From the mildest; an entry is the worst of what applies to it."""
_OF_ENTITY = {
    "active": "VALID", "liquidating": "VALID", "dormant": "SUSPENDED", "revoked": "REVOKED",
    "deregistered": "DEREGISTERED", "annulled": "ANNULLED",
}  # fmt: skip
_OF_PLACE = {
    "live": "VALID", "suspended": "SUSPENDED", "removed": "DEREGISTERED", "struck": "ANNULLED",
    "ended": "DEREGISTERED",
}  # fmt: skip

_OF_DOCUMENT = {"issued": "VALID", "superseded": "SUPERSEDED", "lost_void": "LOST_VOID"}


def worst(*statuses: str) -> str:
    return max(statuses, key=WORSE.index)


@dataclass
class Document:
    facts: int
    """Version of the facts that it shows."""
    state: str = "issued"
    marked: bool = False
    """It says 一照多址."""


@dataclass
class Copy(Document):
    """A 正本 or 副本."""

    licence: int = 0
    duplicate: int = 0
    held: str = "in_use"


@dataclass
class Statement(Document):
    """A list of places; superseded once the register says something else, and for ever."""

    said: tuple[object, ...] = ()


@dataclass
class Place:
    address: str
    unit: int
    filing: int
    state: str = "live"
    version: int = 1
    codes: list[Document] = field(default_factory=list)
    changes: int = 0
    ended_with: bool = False
    """It ended with the entity, and comes back with it."""
    struck_on: date | None = None


@dataclass
class Filing:
    act: str
    address: str
    signer: str
    target: int | None = None
    state: str = "draft"
    place: int | None = None
    handover: int | None = None


@dataclass
class Handover:
    filing: int
    place: int
    to_unit: int
    state: str = "pending"


@dataclass
class Waiting:
    """An act that waits for a second person."""

    act: str
    place: int | None
    asked_by: str
    asked_on: date
    name: str
    unit: int
    entity_state: str
    place_changes: int
    """Of the place; of the face, for one of its versions."""
    state: str = "waiting"


Face = tuple[int, str, str, str, str]
"""Registrar, then the items."""
ITEMS = ("address", "person", "name", "scope")


@dataclass
class Entity:
    code: str
    unit: int
    address: str
    person: str
    name: str
    scope: str
    state: str = "active"
    faces: list[Face] = field(default_factory=list)
    """Every version's, with the registrar of then."""
    before: list[str] = field(default_factory=list)
    """States from before each end that was not taken back, the last one last."""
    places: dict[int, Place] = field(default_factory=dict)
    filings: dict[int, Filing] = field(default_factory=dict)
    handovers: dict[int, Handover] = field(default_factory=dict)
    licences: list[Document] = field(default_factory=list)
    copies: dict[int, Copy] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    holds: dict[int, str] = field(default_factory=dict)
    """What each blocks; empty once it is lifted."""
    marks: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, Waiting] = field(default_factory=dict)
    flags: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    """Place, the flag's number there, whether it was answered."""
    events: Counter[str] = field(default_factory=Counter)

    @property
    def version(self) -> int:
        return len(self.faces)

    @property
    def face(self) -> Face:
        return (self.unit, self.address, self.person, self.name, self.scope)

    @property
    def home(self) -> int:
        """Who supervises the domicile."""
        return ADDRESSES[self.address]

    def filed(self) -> dict[int, Place]:
        return {n: p for n, p in self.places.items() if p.state in ("live", "suspended")}

    def stated(self) -> tuple[object, ...]:
        """What a statement of its places says now."""
        filed = [(n, p.state, p.unit, p.address) for n, p in sorted(self.filed().items())]
        return (self.code, self.version, self.unit, *filed)

    def handover_of(self, place: int) -> int | None:
        return max((n for n, h in self.handovers.items() if h.place == place), default=None)

    def live_licence(self) -> Document | None:
        return next((d for d in self.licences if d.state == "issued"), None)

    def licence_status(self, document: Document) -> str:
        own = _OF_DOCUMENT[document.state]
        return worst(own, _OF_ENTITY[self.state])

    def code_status(self, place: Place, document: Document) -> str:
        return worst(self.licence_status(document), _OF_PLACE[place.state])


Reasons = set[str]


class Register:
    """All entities, and the day."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.entities: dict[str, Entity] = {}
        self.codes: dict[str, Entity] = {}
        """In force or former: whose it is for ever."""

    # Who may ------------------------------------------------------------------------------------

    def as_registrar(self, actor: str, entity: Entity, *held: str) -> Reasons:
        """Reasons against an act of the home registrar; `held` are the holds that block it."""
        reasons = _role(actor, REGISTRARS, entity.unit)
        return reasons | self.held(entity, *held)

    def held(self, entity: Entity, *held: str) -> Reasons:
        blocked = any(kind in held for kind in entity.holds.values())
        return {"ENTITY_HELD"} if blocked else set()

    def as_registrar_or_head(self, actor: str, entity: Entity, *held: str) -> Reasons:
        as_registrar = _role(actor, REGISTRARS, entity.unit)
        as_head = _role(actor, HEADS, entity.unit)
        reasons = as_registrar | as_head if as_registrar and as_head else set()
        return reasons | self.held(entity, *held)

    # Faces --------------------------------------------------------------------------------------

    def register_refusals(self, actor: str, code: str, address: str) -> Reasons:
        if actor not in REGISTRARS:
            return {"ROLE_MISSING"}
        reasons = set()
        if ADDRESSES[address] != REGISTRARS[actor]:
            reasons.add("INVALID_REQUEST")
        if code in self.codes:
            reasons.add("CODE_TAKEN")
        return reasons

    def register(self, actor: str, entity: Entity) -> None:
        self.entities[entity.code] = entity
        self.codes[entity.code] = entity
        entity.faces.append(entity.face)
        entity.events["entity.registered"] += 1

    def change_refusals(self, actor: str, entity: Entity, item: str, value: str) -> Reasons:
        reasons = self.as_registrar(actor, entity, "change", "all")
        if entity.state in ENDED:
            reasons.add("ENTITY_ENDED")
        return reasons | self._face_refusals(entity, item, value)

    def correct_refusals(self, actor: str, entity: Entity, item: str, value: str) -> Reasons:
        reasons = self.as_registrar(actor, entity, "change", "all")
        return reasons | self._face_refusals(entity, item, value)

    def _face_refusals(self, entity: Entity, item: str, value: str) -> Reasons:
        same = getattr(entity, item) == value
        elsewhere = item == "address" and ADDRESSES[value] != entity.unit
        return {"INVALID_REQUEST"} if same or elsewhere else set()

    def put_face(self, entity: Entity, kind: str, item: str, value: str) -> None:
        entity.events[kind] += 1
        setattr(entity, item, value)
        entity.faces.append(entity.face)
        self._follow(entity, told=item in ("person", "scope", "name"))

    def move_refusals(self, actor: str, entity: Entity, address: str) -> Reasons:
        if actor not in REGISTRARS:
            return {"ROLE_MISSING"}
        reasons = self.held(entity, "change", "all")
        if REGISTRARS[actor] == entity.unit:
            reasons.add("ALREADY_HOME")
        if entity.state not in ("active", "dormant"):
            reasons.add("STATE_FORBIDS")
        if ADDRESSES[address] != REGISTRARS[actor]:
            reasons.add("INVALID_REQUEST")
        return reasons

    def move(self, actor: str, entity: Entity, address: str) -> None:
        entity.events["entity.moved"] += 1
        entity.unit, entity.address = REGISTRARS[actor], address
        entity.faces.append(entity.face)
        self._follow(entity, told=True, crossing=True)

    def correct_code_refusals(self, actor: str, entity: Entity, code: str) -> Reasons:
        reasons = self.as_registrar(actor, entity, "change", "all")
        if code == entity.code:
            reasons.add("INVALID_REQUEST")
        elif self.codes.get(code, entity) is not entity:
            reasons.add("CODE_TAKEN")
        return reasons

    def correct_code(self, entity: Entity, code: str) -> None:
        entity.events["entity.code_corrected"] += 1
        del self.entities[entity.code]
        entity.code = code
        self.entities[code] = entity
        self.codes[code] = entity
        self._renew_licence(entity)
        for place in entity.places.values():
            self._renew_code(entity, place, anyway=True)
        self._tell_hosts(entity)

    def _follow(self, entity: Entity, *, told: bool, crossing: bool = False) -> None:
        for number, place in entity.filed().items():
            if place.address == entity.address:
                self._set_place(entity, number, "ended")
        if crossing:
            self._hand_over_crossing(entity)
        if told:
            self._tell_hosts(entity)
        self._renew_licence(entity)

    def _renew_licence(self, entity: Entity) -> None:
        live = entity.live_licence()
        if live is None:
            return
        self._end_licence(entity, live, "superseded")
        if entity.state not in ENDED:
            self._issue(entity)

    def _end_licence(self, entity: Entity, live: Document, state: str) -> None:
        """Out of force, and every copy with it."""
        live.state = state
        entity.events[f"license.{state}"] += 1
        for copy in entity.copies.values():
            if copy.state == "issued":
                self._end_copy(entity, copy, state)

    def _end_copy(self, entity: Entity, copy: Copy, state: str) -> None:
        copy.state = state
        entity.events[f"copy.{state}"] += 1
        if state == "lost_void":
            copy.held = "void"

    def _follow_list(self, entity: Entity) -> None:
        """The first filed place asks for a new licence, and so does the end of the last."""
        live = entity.live_licence()
        if live is not None and entity.state not in ENDED and live.marked != bool(entity.filed()):
            self._renew_licence(entity)

    def _hand_over_crossing(self, entity: Entity) -> None:
        for number, place in entity.filed().items():
            latest = entity.handover_of(number)
            known = latest is not None and entity.handovers[latest].to_unit == place.unit
            filing = entity.filings[place.filing]
            if place.unit == entity.home or known or filing.handover is not None:
                continue
            filing.handover = self._hand_over(entity, place.filing, number, place.unit)
            entity.events["handover.sent"] += 1

    def _tell_hosts(self, entity: Entity) -> None:
        for number in entity.filed():
            latest = entity.handover_of(number)
            if latest is not None and entity.handovers[latest].to_unit != entity.home:
                entity.events["host.notified"] += 1

    # Life ---------------------------------------------------------------------------------------

    def suspend_refusals(self, actor: str, entity: Entity) -> Reasons:
        reasons = self.as_registrar(actor, entity, "all")
        if entity.state == "dormant":
            reasons |= {"EXTENSION_TOO_EARLY", "DORMANCY_TOO_LONG", "INVALID_REQUEST"}
        elif entity.state != "active":
            reasons.add("STATE_FORBIDS")
        return reasons

    def suspend(self, entity: Entity) -> None:
        entity.events["entity.suspended"] += 1
        entity.state = "dormant"
        for number, place in entity.filed().items():
            if place.state == "live":
                self._set_place(entity, number, "suspended")

    def resume_refusals(self, actor: str, entity: Entity) -> Reasons:
        reasons = self.as_registrar(actor, entity, "all")
        return reasons if entity.state == "dormant" else reasons | {"STATE_FORBIDS"}

    def resume(self, entity: Entity) -> None:
        entity.events["entity.resumed"] += 1
        entity.state = "active"
        self._wake(entity)

    def _wake(self, entity: Entity) -> None:
        for number, place in entity.filed().items():
            if place.state == "suspended":
                self._set_place(entity, number, "live")

    def liquidate_refusals(self, actor: str, entity: Entity) -> Reasons:
        reasons = self.as_registrar(actor, entity, "all")
        return reasons if entity.state == "active" else reasons | {"STATE_FORBIDS"}

    def liquidate(self, entity: Entity) -> None:
        entity.events["entity.liquidating"] += 1
        entity.state = "liquidating"
        self._tell_hosts(entity)

    def deregister_refusals(self, actor: str, entity: Entity) -> Reasons:
        reasons = self.as_registrar(actor, entity, "deregistration", "all")
        return reasons | {"STATE_FORBIDS"} if entity.state in GONE else reasons

    def end(self, entity: Entity, state: str) -> None:
        """注销 or 撤销: with all that ends with it."""
        entity.events[f"entity.{state}"] += 1
        entity.before.append(entity.state)
        entity.state = state
        for place in entity.places.values():
            place.ended_with = False
        for number in entity.filed():
            self._set_place(entity, number, "ended")
            entity.places[number].ended_with = True
        for filing in entity.filings.values():
            if filing.state in ("draft", "returned", "manual"):
                filing.state = "withdrawn"
                entity.events["filing.withdrawn"] += 1

    # Second person ------------------------------------------------------------------------------

    def terminal_refusals(self, actor: str, entity: Entity, act: str, place: int | None) -> Reasons:
        """Reasons against the act itself, whoever confirms it."""
        also = {"annul_version": "change", "restore": "filing"}.get(act, "all")
        reasons = self.as_registrar(actor, entity, also, "all")
        match act:
            case "revoke" if entity.state in ENDED:
                reasons.add("ENTITY_ENDED")
            case "annul" | "annul_version" if entity.state in ENDED:
                reasons.add("STATE_FORBIDS")
            case "annul_version" if not self._restorable(entity, place or 0):
                reasons.add("NOT_REVERSIBLE")
            case "reinstate":
                reasons |= self._reinstate_refusals(entity)
            case "strike" if place not in entity.places:
                reasons.add("PREMISES_UNKNOWN")
            case "strike" if place not in entity.filed():
                reasons.add("PREMISES_ENDED")
            case "restore" if place not in entity.places:
                reasons.add("PREMISES_UNKNOWN")
            case "restore":
                reasons |= self._restore_refusals(entity, entity.places[place or 0])
        return reasons

    def _restorable(self, entity: Entity, version: int) -> list[str]:
        """The items that version changed and that are still as it left them."""
        if not 2 <= version <= entity.version:
            return []
        right, wrong = entity.faces[version - 2][1:], entity.faces[version - 1][1:]
        pairs = zip(ITEMS, right, wrong, strict=True)
        return [item for item, old, new in pairs if old != new == getattr(entity, item)]

    def _annul_version(self, entity: Entity, version: int) -> None:
        entity.events["entity.version_annulled"] += 1
        right, wrong = entity.faces[version - 2], entity.faces[version - 1]
        restored = self._restorable(entity, version)
        before = entity.unit
        if "address" in restored and entity.unit == wrong[0]:
            entity.unit = right[0]
        for item in restored:
            setattr(entity, item, dict(zip(ITEMS, right[1:], strict=True))[item])
        entity.faces.append(entity.face)
        told = any(item in ("person", "name", "scope") for item in restored)
        self._follow(entity, told=told, crossing=entity.unit != before)

    def _reinstate_refusals(self, entity: Entity) -> Reasons:
        if entity.state not in ENDED:
            return {"NOT_REVERSIBLE"}
        coming = [p for p in entity.places.values() if p.ended_with and p.state == "ended"]
        if entity.state in GONE and any(p.address == entity.address for p in coming):
            return {"ADDRESS_CLASH"}
        return set()

    def _restore_refusals(self, entity: Entity, place: Place) -> Reasons:
        used = {entity.address, *(p.address for p in entity.filed().values())}
        if place.state != "struck" or entity.state in GONE or place.address in used:
            return {"NOT_REVERSIBLE"}
        return set()

    def ask_refusals(self, actor: str, entity: Entity, act: str, place: int | None) -> Reasons:
        reasons = self.terminal_refusals(actor, entity, act, place)
        for waiting in entity.waiting.values():
            same = (waiting.act, waiting.place) == (act, place)
            if same and waiting.state == "waiting" and not self.expired(waiting):
                reasons.add("ACT_WAITING")
        return reasons

    def ask(self, actor: str, entity: Entity, act: str, place: int | None) -> None:
        entity.events["act.asked"] += 1
        changes = _changes(entity, act, place)
        entity.waiting[len(entity.waiting) + 1] = Waiting(
            act, place, actor, self.today, entity.name, entity.unit, entity.state, changes
        )

    def expired(self, waiting: Waiting) -> bool:
        """The days that the model takes are short or long: never near five working days."""
        return self.today - waiting.asked_on > timedelta(days=10)

    def answer_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        waiting = entity.waiting[number]
        heads = {person for person, unit in HEADS.items() if unit == entity.unit}
        heads.discard(waiting.asked_by)
        reasons = set()
        if actor not in (heads or {CITY}):
            reasons = {"ROLE_MISSING", "NOT_YOUR_UNIT"}
        if actor == waiting.asked_by:
            reasons.add("SAME_PERSON")
        if waiting.state != "waiting":
            reasons.add("PENDING_ACT_ENDED")
        return reasons

    def answer(self, entity: Entity, number: int, *, refuse: bool) -> None:
        waiting = entity.waiting[number]
        if self._lapses(entity, waiting):
            waiting.state = "lapsed"
        elif refuse:
            waiting.state = "refused"
        elif self.terminal_refusals(waiting.asked_by, entity, waiting.act, waiting.place):
            waiting.state = "lapsed"
        else:
            waiting.state = "done"
        kind = "confirmed" if waiting.state == "done" else waiting.state
        entity.events[f"act.{kind}"] += 1
        if waiting.state == "done":
            self._perform(entity, waiting.act, waiting.place)

    def _lapses(self, entity: Entity, waiting: Waiting) -> bool:
        then = (waiting.name, waiting.unit, waiting.entity_state, waiting.place_changes)
        changes = _changes(entity, waiting.act, waiting.place)
        return self.expired(waiting) or then != (entity.name, entity.unit, entity.state, changes)

    def _perform(self, entity: Entity, act: str, place: int | None) -> None:
        match act:
            case "revoke":
                entity.events["entity.revoked"] += 1
                entity.before.append(entity.state)
                entity.state = "revoked"
                self._tell_hosts(entity)
            case "annul":
                self.end(entity, "annulled")
            case "annul_version":
                self._annul_version(entity, place or 0)
            case "reinstate":
                self._reinstate(entity)
            case "strike":
                self._set_place(entity, place or 0, "struck")
                entity.places[place or 0].struck_on = self.today
                self._tell_host(entity, place or 0)
                self._follow_list(entity)
            case "restore":
                self._set_place(entity, place or 0, "live", "premises.reinstated")
                if entity.state == "dormant":
                    self._set_place(entity, place or 0, "suspended")
                self._tell_host(entity, place or 0)
                self._follow_list(entity)

    def _reinstate(self, entity: Entity) -> None:
        """The dormancies of the model outlast it, so one that ran before runs again."""
        entity.events["entity.reinstated"] += 1
        ended, entity.state = entity.state, entity.before.pop()
        if ended == "revoked":
            if entity.state != "dormant":
                self._wake(entity)
            self._follow_list(entity)
            self._tell_hosts(entity)
            return
        asleep = entity.state == "dormant" or (
            entity.state == "revoked" and entity.before[-1] == "dormant"
        )
        for number, place in entity.places.items():
            if place.ended_with and place.state == "ended":
                self._set_place(entity, number, "live", "premises.reinstated")
                if asleep:
                    self._set_place(entity, number, "suspended")
        self._hand_over_crossing(entity)

    def _tell_host(self, entity: Entity, place: int) -> None:
        if entity.handover_of(place) is not None:
            entity.events["handover.told"] += 1

    # Holds and marks ----------------------------------------------------------------------------

    def restrict(self, entity: Entity, kind: str) -> None:
        entity.events["restriction.entered"] += 1
        entity.holds[len(entity.holds) + 1] = kind

    def lift_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        if number not in entity.holds:
            reasons.add("RESTRICTION_UNKNOWN")
        elif not entity.holds[number]:
            reasons.add("RESTRICTION_ENDED")
        return reasons

    def lift(self, entity: Entity, number: int) -> None:
        entity.events["restriction.lifted"] += 1
        entity.holds[number] = ""

    def mark_refusals(self, actor: str, entity: Entity, kind: str) -> Reasons:
        reasons = _role(actor, SUPERVISORS, entity.home)
        if kind in entity.marks.values():
            reasons.add("INVALID_REQUEST")
        return reasons

    def mark(self, entity: Entity, kind: str) -> None:
        entity.events["mark.entered"] += 1
        entity.marks[len(entity.marks) + 1] = kind

    def unmark_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = _role(actor, SUPERVISORS, entity.home)
        if not entity.marks.get(number):
            reasons.add("MARK_UNKNOWN")
        return reasons

    def unmark(self, entity: Entity, number: int) -> None:
        entity.events["mark.ended"] += 1
        entity.marks[number] = ""

    # Filings ------------------------------------------------------------------------------------

    def draft_refusals(self, actor: str, entity: Entity, act: str, target: int | None) -> Reasons:
        reasons = self.as_registrar(actor, entity, "filing", "all")
        if entity.state in GONE:
            reasons = reasons | {"ENTITY_ENDED"}
        if act != "add":
            reasons |= _place_refusals(entity, target)
        return reasons

    def draft(self, entity: Entity, act: str, address: str, target: int | None) -> None:
        entity.events["application.taken"] += 1
        entity.events["filing.drafted"] += 1
        if act == "remove":
            address = entity.places[target or 0].address
        entity.filings[len(entity.filings) + 1] = Filing(act, address, entity.person, target)

    def update_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = self.as_registrar(actor, entity, "filing", "all")
        filing = entity.filings[number]
        return reasons if filing.state in ("draft", "returned") else reasons | {"FILING_NOT_OPEN"}

    def update(self, entity: Entity, number: int, address: str) -> None:
        entity.events["filing.updated"] += 1
        filing = entity.filings[number]
        filing.signer = entity.person
        if filing.act != "remove":
            filing.address = address

    def submit_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = self.update_refusals(actor, entity, number)
        filing = entity.filings[number]
        if filing.act != "add":
            reasons |= _place_refusals(entity, filing.target)
        return reasons

    def submit(self, entity: Entity, number: int) -> None:
        filing = entity.filings[number]
        found = self.found(entity, filing)
        worst_found = max(found, key=("filed", "returned", "manual", "rejected").index)
        filing.state = worst_found
        if worst_found == "filed":
            self._file(entity, number)
        entity.events[f"filing.{worst_found}"] += 1
        if worst_found == "returned":
            entity.events["application.notified"] += 1

    def found(self, entity: Entity, filing: Filing) -> set[str]:
        """What the rules of domain.md §10 that can fire here lead to."""
        if filing.act == "remove":
            return {"rejected" if entity.state in ENDED else "filed"}
        found = {"filed"}
        others = {p.address for n, p in entity.filed().items() if n != filing.target}
        dormant = filing.act == "add" and entity.state == "dormant"
        if (
            entity.state in ENDED
            or dormant
            or filing.address in others | {entity.address}
            or filing.address == OUTSIDE
            or "abnormal_unreachable" in entity.marks.values()
        ):
            found.add("rejected")
        if filing.address == INCOMPLETE or filing.signer != entity.person:
            found.add("returned")
        if filing.address in self._struck() or "serious_violation" in entity.marks.values():
            found.add("manual")
        return found

    def _struck(self) -> set[str]:
        places = (p for e in self.entities.values() for p in e.places.values())
        return {p.address for p in places if p.state == "struck"}

    def _file(self, entity: Entity, number: int) -> None:
        filing = entity.filings[number]
        unit = ADDRESSES.get(filing.address, 0)
        if filing.act == "remove":
            filing.place = filing.target
            self._set_place(entity, filing.target or 0, "removed")
            self._follow_list(entity)
            return
        if filing.act == "add":
            filing.place = len(entity.places) + 1
            entity.places[filing.place] = Place(filing.address, unit, number)
            crosses = unit != entity.home
        else:
            filing.place = filing.target or 0
            place = entity.places[filing.place]
            entity.events["premises.changed"] += 1
            crosses = unit not in (place.unit, entity.home)
            place.address, place.unit = filing.address, unit
            place.version += 1
            place.changes += 1
        if crosses:
            filing.handover = self._hand_over(entity, number, filing.place, unit)
        self._renew_code(entity, entity.places[filing.place])
        self._follow_list(entity)

    def _hand_over(self, entity: Entity, filing: int, place: int, unit: int) -> int:
        number = len(entity.handovers) + 1
        entity.handovers[number] = Handover(filing, place, unit)
        return number

    def withdraw_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        decided = entity.filings[number].state in ("filed", "rejected", "withdrawn")
        return reasons | {"FILING_DECIDED"} if decided else reasons

    def withdraw(self, entity: Entity, number: int) -> None:
        entity.events["filing.withdrawn"] += 1
        entity.filings[number].state = "withdrawn"

    def decide_refusals(self, actor: str, entity: Entity, number: int, *, accept: bool) -> Reasons:
        reasons = self.as_registrar_or_head(actor, entity, "filing", "all")
        filing = entity.filings[number]
        if filing.state != "manual":
            return reasons | {"FILING_NOT_UNDER_REVIEW"}
        if accept and filing.act != "add":
            reasons |= _place_refusals(entity, filing.target)
        if accept and self.found(entity, filing) & {"rejected", "returned"}:
            reasons.add("FILING_BLOCKED")
        return reasons

    def decide(self, entity: Entity, number: int, *, accept: bool) -> None:
        state = "filed" if accept else "rejected"
        entity.events[f"filing.{state}"] += 1
        entity.filings[number].state = state
        if accept:
            self._file(entity, number)

    def give_back_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = self.as_registrar_or_head(actor, entity)
        manual = entity.filings[number].state == "manual"
        return reasons if manual else reasons | {"FILING_NOT_UNDER_REVIEW"}

    def give_back(self, entity: Entity, number: int) -> None:
        entity.events.update(["filing.returned", "application.notified"])
        entity.filings[number].state = "returned"

    # Hand-overs ---------------------------------------------------------------------------------

    def handover_refusals(
        self, actor: str, entity: Entity, number: int, act: str, to_unit: int
    ) -> Reasons:
        handover = entity.handovers[number]
        host = SUPERVISORS.get(actor) == handover.to_unit
        home = REGISTRARS.get(actor) == entity.unit
        if act == "resolve":
            entitled, mine = actor == CITY, actor == CITY
        elif act in ("forward", "dispute"):
            entitled, mine = actor in SUPERVISORS or actor in REGISTRARS, host or home
        else:
            entitled, mine = actor in SUPERVISORS, host
        if not entitled:
            return {"ROLE_MISSING"}
        reasons = set() if mine else {"NOT_YOUR_UNIT"}
        if not _open_for(handover.state, act, host=host, home=home):
            reasons |= {"HANDOVER_NOT_OPEN", "NOT_DISPUTED", "HANDOVER_NOT_TAKEN"}
        if act == "forward" and to_unit == handover.to_unit:
            reasons.add("INVALID_REQUEST")
        return reasons

    def handle(self, entity: Entity, number: int, act: str, to_unit: int) -> None:
        handover = entity.handovers[number]
        handover.state, kind = {
            "acknowledge": ("acknowledged", "acknowledged"),
            "decline": ("declined", "declined"),
            "forward": ("forwarded", "forwarded"),
            "dispute": ("disputed", "disputed"),
            "resolve": ("acknowledged", "resolved"),
            "report": ("reported", "reported"),
        }[act]
        entity.events[f"handover.{kind}"] += 1
        if act in ("forward", "resolve"):
            handover.to_unit = to_unit
        if act in ("acknowledge", "resolve"):
            self._put_under(entity, handover.place, handover.to_unit)

    def _put_under(self, entity: Entity, number: int, unit: int) -> None:
        place = entity.places[number]
        if place.unit == unit:
            return
        entity.events["premises.unit_changed"] += 1
        place.unit = unit
        place.version += 1
        self._renew_code(entity, place)

    def flag_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        return _role(actor, SUPERVISORS, entity.places[number].unit) | _place_refusals(
            entity, number
        )

    def flag(self, entity: Entity, number: int) -> None:
        entity.events["premises.flagged"] += 1
        entity.flags[len(entity.flags) + 1] = (number, self._flags_of(entity, number) + 1, False)

    def _flags_of(self, entity: Entity, place: int) -> int:
        return _count(each[0] == place for each in entity.flags.values())

    def answer_flag_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        return reasons | {"FLAG_ANSWERED"} if entity.flags[number][2] else reasons

    def answer_flag(self, entity: Entity, number: int) -> None:
        entity.events["premises.flag_answered"] += 1
        place, own, _ = entity.flags[number]
        entity.flags[number] = (place, own, True)

    # Places and documents -----------------------------------------------------------------------

    def _set_place(self, entity: Entity, number: int, state: str, kind: str = "") -> None:
        place = entity.places[number]
        usual = "premises.resumed" if state == "live" else f"premises.{state}"
        entity.events[kind or usual] += 1
        was_filed, place.state = place.state in ("live", "suspended"), state
        if state in ("live", "suspended"):
            newest = entity.handover_of(number)
            if not was_filed and newest and entity.handovers[newest].state == "closed":
                entity.handovers[newest].state = "pending"
                entity.events["handover.reopened"] += 1
            return
        for handover in entity.handovers.values():
            if handover.place == number and handover.state in UNANSWERED:
                handover.state = "closed"
                entity.events["handover.closed"] += 1

    def _renew_code(self, entity: Entity, place: Place, *, anyway: bool = False) -> None:
        live = next((d for d in place.codes if d.state == "issued"), None)
        if live is None or (live.facts == place.version and not anyway):
            return
        live.state = "superseded"
        entity.events["site_code.superseded"] += 1
        if entity.state not in ENDED and place.state in ("live", "suspended"):
            self._issue_code(entity, place)

    def issue_refusals(self, actor: str, entity: Entity) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        if entity.state in ENDED:
            reasons.add("ENTITY_ENDED")
        live = entity.live_licence()
        shown = (entity.version, bool(entity.filed()))
        if live is not None and (live.facts, live.marked) == shown:
            reasons.add("LICENSE_LIVE")
        return reasons

    def issue(self, entity: Entity) -> None:
        self._issue(entity)

    def _issue(self, entity: Entity) -> None:
        entity.licences.append(Document(entity.version, marked=bool(entity.filed())))
        entity.events.update(["license.requested", "license.issued"])

    def reissue_refusals(self, actor: str, entity: Entity) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        if entity.state in ENDED:
            reasons.add("ENTITY_ENDED")
        return reasons if entity.licences else reasons | {"LICENSE_UNKNOWN"}

    def reissue(self, entity: Entity) -> None:
        live = entity.live_licence()
        if live is not None:
            self._end_licence(entity, live, "superseded")
        self._issue(entity)

    def lose_licence_refusals(self, actor: str, entity: Entity) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        return reasons if entity.live_licence() else reasons | {"LICENSE_UNKNOWN"}

    def lose_licence(self, entity: Entity) -> None:
        live = entity.live_licence()
        assert live is not None
        self._end_licence(entity, live, "lost_void")

    def print_refusals(self, actor: str, entity: Entity, *, original: bool) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        if entity.state in ENDED:
            reasons.add("ENTITY_ENDED")
        if entity.live_licence() is None:
            reasons.add("LICENSE_UNKNOWN")
        if original and any(
            c.state == "issued" and not c.duplicate for c in entity.copies.values()
        ):
            reasons.add("COPY_LIVE")
        return reasons

    def print(self, entity: Entity, *, original: bool) -> None:
        licence = len(entity.licences)  # the live one is the newest
        of_it = [c.duplicate for c in entity.copies.values() if c.licence == licence]
        live = entity.licences[-1]
        entity.copies[len(entity.copies) + 1] = Copy(
            live.facts,
            marked=live.marked,
            licence=licence,
            duplicate=0 if original else max(of_it, default=0) + 1,
        )
        entity.events.update(["copy.requested", "copy.issued"])

    def copy_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        """Against returning a copy, and declaring it void."""
        reasons = self.as_registrar(actor, entity)
        held = entity.copies[number].held == "in_use"
        return reasons if held else reasons | {"COPY_ENDED"}

    def lose_copy(self, entity: Entity, number: int) -> None:
        self._end_copy(entity, entity.copies[number], "lost_void")

    def take_copy_back(self, entity: Entity, number: int) -> None:
        copy = entity.copies[number]
        if copy.state == "issued":
            self._end_copy(entity, copy, "superseded")
        copy.held = "returned"
        entity.events["copy.returned"] += 1

    def issue_code_refusals(self, actor: str, entity: Entity, number: int) -> Reasons:
        reasons = self.as_registrar(actor, entity)
        if entity.state in ENDED:
            reasons.add("ENTITY_ENDED")
        reasons |= _place_refusals(entity, number)
        codes = entity.places[number].codes if number in entity.places else []
        if any(d.state == "issued" for d in codes):
            reasons.add("LICENSE_LIVE")
        return reasons

    def issue_code(self, entity: Entity, number: int) -> None:
        self._issue_code(entity, entity.places[number])

    def _issue_code(self, entity: Entity, place: Place) -> None:
        place.codes.append(Document(place.version))
        entity.events.update(["site_code.requested", "site_code.issued"])

    def state_refusals(self, entity: Entity) -> Reasons:
        return {"ENTITY_ENDED"} if entity.state in ENDED else set()

    def state_places(self, entity: Entity) -> None:
        if not entity.statements or entity.statements[-1].state != "issued":
            entity.statements.append(Statement(entity.version, said=entity.stated()))
            entity.events["statement.issued"] += 1

    def end_statements(self) -> None:
        """After each act: what is not the list any more never is again."""
        for entity in self.entities.values():
            for statement in entity.statements:
                if statement.said != entity.stated():
                    statement.state = "superseded"

    # Invariants (design.md §2), of the model itself ---------------------------------------------

    def require_invariants(self) -> None:
        for entity in self.entities.values():
            assert _count(d.state == "issued" for d in entity.licences) <= 1
            live = entity.live_licence()
            assert live is None or live.facts == entity.version
            if entity.state not in ENDED:
                assert live is None or live.marked == bool(entity.filed())
            for copy in entity.copies.values():
                assert copy.state != "issued" or copy.licence == len(entity.licences)
            if entity.state in GONE:
                assert not entity.filed()
            addresses = [p.address for p in entity.filed().values()]
            assert len(set(addresses)) == len(addresses)
            assert entity.address not in addresses


def _role(actor: str, holders: dict[str, int], unit: int) -> Reasons:
    if actor not in holders:
        return {"ROLE_MISSING"}
    return set() if holders[actor] == unit else {"NOT_YOUR_UNIT"}


def _place_refusals(entity: Entity, number: int | None) -> Reasons:
    if number not in entity.places:
        return {"PREMISES_UNKNOWN"}
    return set() if number in entity.filed() else {"PREMISES_ENDED"}


def _changes(entity: Entity, act: str, place: int | None) -> int:
    """How often what the act is about was changed."""
    if act == "annul_version":
        return entity.version
    return entity.places[place].changes if place is not None else 0


def _open_for(state: str, act: str, *, host: bool, home: bool) -> bool:
    """domain.md §6 in the words of the issue: who may answer, pass on, dispute, decide, report."""
    waits = state in ("pending", "forwarded")
    match act:
        case "acknowledge" | "decline":
            return host and waits
        case "forward":
            return (host and (waits or state == "acknowledged")) or (home and state == "declined")
        case "dispute":
            by_host = host and (waits or state in ("acknowledged", "reported"))
            return by_host or (home and state in ("declined", "forwarded"))
        case "resolve":
            return state == "disputed"
        case _:
            return host and state in ("acknowledged", "reported")


def _count(found: Iterable[bool]) -> int:
    return sum(found)
