"""The state of an entity follows its source: the acts of the counter, without a counter."""

from collections.abc import Sequence
from dataclasses import replace

from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.event import Event
from registry_service.domain.lifecycle import Step, after
from registry_service.domain.premises import PremisesState
from registry_service.domain.sync_state import BIRTH, Move, Standing
from registry_service.operations.act import Act
from registry_service.operations.dormancy import wake
from registry_service.operations.end_entity import end_entity, liquidate, revoke
from registry_service.operations.places import filed_places
from registry_service.operations.premises_end import end_premises
from registry_service.operations.reinstate_entity import take_back


def make_moves(
    act: Act,
    entity: Entity,
    stack: Sequence[Standing],
    moves: Sequence[Move],
    unit: int | None,
    basis: str,
) -> Entity:
    """Make the moves in their order, each with all that follows from it.

    Args:
        act: who and when; the entity is locked.
        entity: as it is.
        stack: how it came to its state, the newest last.
        moves: what is to be done; what is taken back comes first.
        unit: for which the actor acts.
        basis: the source that says so.

    Returns:
        The entity at its newest revision.

    Raises:
        AddressClash: the address of a place that would come back is taken.
    """
    left = list(stack)
    for move in moves:
        if move is Move.TAKE_BACK:
            entity = _take_back(act, entity, left, unit, basis)
        else:
            entity = _make(act, entity, move, unit, basis)
    return entity


def _make(act: Act, entity: Entity, move: Move, unit: int | None, basis: str) -> Entity:
    match move:
        case Move.RESUME:
            awake = replace(entity, state=after(entity.state, Step.RESUME))
            return wake(act, awake, unit, basis, act.today)
        case Move.LIQUIDATE:
            return liquidate(act, entity, unit, basis)
        case Move.REVOKE:
            return revoke(act, entity, unit, basis)
        case Move.DEREGISTER:
            ended = replace(entity, state=after(entity.state, Step.DEREGISTER))
            return end_entity(act, ended, "entity.deregistered", unit, basis)
        case Move.ANNUL:
            ended = replace(entity, state=after(entity.state, Step.ANNUL))
            return end_entity(act, ended, "entity.annulled", unit, basis)
    raise AssertionError(f"{move} is not made but taken back")


def _take_back(
    act: Act, entity: Entity, left: list[Standing], unit: int | None, basis: str
) -> Entity:
    undone = left.pop()
    if undone.revision == BIRTH:
        left.append(Standing(EntityState.ACTIVE, BIRTH, by_source=True))
    entity = take_back(act, entity, _event(act, entity, undone), left[-1].state, unit, basis)
    if left[-1].state is EntityState.DORMANT:
        return _suspend_places(act, entity, unit, basis)
    return entity


def _event(act: Act, entity: Entity, standing: Standing) -> Event | None:
    if standing.revision == BIRTH:
        return None
    (event,) = act.tx.events.page(entity.number, before=standing.revision + 1, limit=1)
    return event


def _suspend_places(act: Act, entity: Entity, unit: int | None, basis: str) -> Entity:
    for place in filed_places(act.tx, entity.number):
        if place.state is PremisesState.LIVE:
            suspended = PremisesState.SUSPENDED
            entity = end_premises(act, entity, place, suspended, unit=unit, basis=basis)
    return entity
