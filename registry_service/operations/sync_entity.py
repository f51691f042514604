"""One entity follows what a source says of it, as far as no act done here stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity, EntityState, EntityVersion
from registry_service.domain.errors import AddressClash
from registry_service.domain.event import Event
from registry_service.domain.restriction import Restriction
from registry_service.domain.sync import Fact, ItemKind, ItemState, SyncItem
from registry_service.domain.sync_face import Delta, judge_face
from registry_service.domain.sync_state import (
    Standing,
    StateVerdict,
    judge_state,
    standings,
)
from registry_service.operations.act import Act
from registry_service.operations.follow_face import follow_face
from registry_service.operations.record import record
from registry_service.operations.sync_moves import make_moves

_DAY: Final = timedelta(days=1)


class Outcome(StrEnum):
    """What became of what was said of an entity."""

    CHANGED = "changed"
    """Another face or state is in force."""
    LATE = "late"
    """It is in the history."""
    DECIDE = "decide"
    """Somebody must decide."""
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Known:
    """All that is on the register of one locked entity and matters for what a source says."""

    entity: Entity
    facts: Sequence[Fact]
    """Of the source, those just said included; at least one."""
    versions: Sequence[EntityVersion]
    story: Sequence[Event]
    """Its first event, and those that moved its state, oldest first."""
    items: Sequence[SyncItem]
    """Conflicts and states, of the source."""
    holds: Sequence[Restriction]
    followed: bool
    """It has places, filings or a licence, which follow its face."""

    def held(self, name: ActName) -> bool:
        """Whether a hold blocks an act."""
        return any(hold.blocks(name) for hold in self.holds)

    def kept(self, kind: ItemKind) -> frozenset[int]:
        """Facts that somebody decided not to take."""
        return frozenset(
            item.fact_no
            for item in self.items
            if item.kind is kind and item.state is ItemState.KEPT and item.fact_no is not None
        )


def sync_entity(act: Act, delta: Delta, known: Known, unit: int | None) -> Outcome:
    """Add the versions and make the moves that the facts ask for; let the rest be decided.

    Args:
        act: who and when.
        delta: which facts are told.
        known: the entity.
        unit: for which the sender acts.

    Raises:
        SignerUnavailable: a licence can have no successor as no key is published.
    """
    facts = [*_birth(delta, known), *known.facts]
    born_there = known.versions[0].source.system == delta.source
    stack = standings(known.story, delta.source, born_there=born_there)
    verdict = _state_verdict(facts, stack, known)
    entity, verdict = _move(act, delta, known, stack, verdict, unit)
    asked = _settle(act, delta, known, ItemKind.STATE, verdict.open)

    frozen = known.held(ActName.CHANGE_ENTITY) or (
        known.entity.state.ended and not stack[-1].by_source
    )
    kept = known.kept(ItemKind.CONFLICT)
    face = judge_face(delta, facts, known.versions, frozen=frozen, kept=kept)
    after = _add(act, delta, known, entity, face.versions, unit)
    asked |= _settle(act, delta, known, ItemKind.CONFLICT, face.conflict)

    if asked:
        return Outcome.DECIDE
    if verdict.moves or after.current.version != known.entity.current.version:
        return Outcome.CHANGED
    return Outcome.LATE if face.versions else Outcome.UNCHANGED


def _birth(delta: Delta, known: Known) -> list[Fact]:
    """What the source said when an import brought the entity to this register.

    What a delta brought is among the facts.
    """
    first = known.versions[0]
    if first.source.system != delta.source or known.story[0].kind == "entity.synced":
        return []
    return [
        Fact(
            number=0,
            record_id=first.source.record_id,
            approved_date=first.effective_date,
            source_date=first.effective_date - _DAY,  # whatever a delta says of that day is newer
            digest=b"",
            face=first.face,
            registrar=first.registrar,
            registrar_told=False,
            state=EntityState(known.story[0].state_after),
            state_told=True,
        )
    ]


def _state_verdict(facts: Sequence[Fact], stack: Sequence[Standing], known: Known) -> StateVerdict:
    verdict = judge_state(facts, stack, kept=known.kept(ItemKind.STATE))
    if any(known.held(move.act) for move in verdict.moves):
        return _undecided(facts)
    return verdict


def _undecided(facts: Sequence[Fact]) -> StateVerdict:
    newest = max((fact for fact in facts if fact.state_told), key=lambda fact: fact.place)
    return StateVerdict((), newest if newest.number else None)


def _move(
    act: Act,
    delta: Delta,
    known: Known,
    stack: Sequence[Standing],
    verdict: StateVerdict,
    unit: int | None,
) -> tuple[Entity, StateVerdict]:
    if not verdict.moves:
        return known.entity, verdict
    try:
        with act.tx.connection.transaction():
            basis = delta.source
            return make_moves(act, known.entity, stack, verdict.moves, unit, basis), verdict
    except AddressClash:
        return known.entity, _undecided(known.facts)


def _add(
    act: Act,
    delta: Delta,
    known: Known,
    entity: Entity,
    versions: Sequence[EntityVersion],
    unit: int | None,
) -> Entity:
    before = entity
    for version in versions:
        act.tx.entities.add_version(entity.number, version)
        rules = version.effective_date >= entity.current.effective_date
        entity = record(
            act,
            entity.with_version(version) if rules else entity,
            "entity.synced",
            unit=unit,
            basis=delta.source,
            effective_date=version.effective_date,
        )
    if known.followed and entity.current.version != before.current.version:
        return follow_face(act, before, entity, unit=unit)
    return entity


def _settle(act: Act, delta: Delta, known: Known, kind: ItemKind, fact: Fact | None) -> bool:
    """Open, move or close the entity's item of that kind; whether it asks something new."""
    waiting = (i for i in known.items if i.kind is kind and i.state is ItemState.OPEN)
    item = next(waiting, None)
    if fact is None:
        if item is not None:
            act.tx.sync_items.close(replace(item, state=ItemState.LAPSED, decided_at=delta.now))
        return False
    if item is not None and item.fact_no == fact.number:
        return False
    asks = SyncItem(
        entity_no=known.entity.number,
        number=item.number if item else 0,
        kind=kind,
        state=ItemState.OPEN,
        fact_no=fact.number,
        source=delta.source,
        source_date=fact.source_date,
        run=delta.run,
        created_at=delta.now,
    )
    if item is None:
        act.tx.sync_items.open(asks)
    else:
        act.tx.sync_items.move(asks)
    return True
