"""What another system says of an entity: its facts, in the order in which it approved them."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile

from registry_service.domain.entity import EntityState, EntityVersion, Face

PLACE = tuple[date, date, bytes]


@dataclass(frozen=True, slots=True)
class Fact:
    """One distinct thing that a source said of an entity."""

    number: int
    """Of the entity, from 1; 0 for the face with which an import put it on the register."""
    record_id: str
    approved_date: date
    source_date: date
    """The last day on which the source said so."""
    digest: bytes
    face: Face
    registrar: int | None
    registrar_told: bool
    """False: the row names none, and the address decides."""
    state: EntityState
    state_told: bool
    after_version: int = 0
    """The entity's last version when this was recorded: later ones were made knowing it."""
    after_revision: int = 0
    """The entity's revision then."""

    @property
    def place(self) -> PLACE:
        """Its place in what the source says; the digest settles what nothing else does."""
        return self.approved_date, self.source_date, self.digest


class ItemKind(StrEnum):
    """Why something is to be decided."""

    CONFLICT = "conflict"
    STATE = "state"
    GONE = "gone"


class ItemState(StrEnum):
    """What became of it."""

    OPEN = "open"
    TAKEN = "taken"
    KEPT = "kept"
    LAPSED = "lapsed"
    """The two came to agree by themselves."""


class Decision(StrEnum):
    """How it is decided."""

    TAKE_SOURCE = "take_source"
    KEEP_OURS = "keep_ours"


@dataclass(frozen=True, slots=True)
class SyncItem:
    """One thing in which a source and the register differ."""

    entity_no: int
    number: int
    kind: ItemKind
    state: ItemState
    fact_no: int | None
    source: str
    source_date: date
    run: int
    created_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Want:
    """What the source says from a day on."""

    fact: Fact
    registrar: int | None
    """None: it never told of one."""

    @property
    def face(self) -> Face:
        """Without what only this register knows of the address."""
        return bare(self.fact.face)

    def fits(self, version: EntityVersion) -> bool:
        """Whether the version says no other thing."""
        home = self.registrar is None or self.registrar == version.registrar
        return home and self.face == bare(version.face)

    def repeats(self, other: "Want") -> bool:
        """Whether the source said no other thing on another day."""
        homes = {self.registrar, other.registrar} - {None}
        return len(homes) < 2 and self.face == other.face


def bare(face: Face) -> Face:
    """A face as far as other systems tell of it: code and point of an address are ours."""
    own = face.address
    told = replace(own, normalised="", standard_code="", latitude=None, longitude=None)
    return replace(face, address=told)


def said(facts: Iterable[Fact], *, ours: bool) -> list[Want]:
    """What the source says, fact by fact, in the order in which it approved them.

    Args:
        facts: at least one.
        ours: an act here had a hand in the face. Otherwise the entity's first registrar is the
            first fact's even if that was not told, whichever row came first.
    """
    ordered = sorted(facts, key=lambda fact: fact.place)
    registrar = None if ours else ordered[0].registrar
    wants = []
    for fact in ordered:
        registrar = fact.registrar if fact.registrar_told else registrar
        wants.append(Want(fact, registrar))
    return wants


def last_words(wants: Iterable[Want]) -> list[Want]:
    """The last word of each day of approval, by day."""
    return list({want.fact.approved_date: want for want in wants}.values())


def last_run(wants: Sequence[Want]) -> list[Fact]:
    """The facts by which the source has said what it says now, newest first."""
    same = takewhile(wants[-1].repeats, reversed(wants))
    return [want.fact for want in same]


def digest_of(
    approved: date, face: Face, registrar: int | None, state: EntityState | None
) -> bytes:
    """SHA-256 of what a row says, 32 bytes; not of the day on which it said so.

    Args:
        approved: 核准日期.
        face: as read.
        registrar: as told, or as the address has it.
        state: None where the row is silent of it.
    """
    address, capital = face.address, face.capital
    items = {item.name: getattr(face, item.name) for item in fields(Face)} | {
        "address": [address.text, address.county, address.unit],
        "capital": [capital.text, capital.fen, capital.currency] if capital else None,
    }
    told = [approved, items, registrar, state]
    text = json.dumps(told, ensure_ascii=False, default=date.isoformat)
    return hashlib.sha256(text.encode()).digest()
