"""The home unit decides between a source and the register."""

from dataclasses import replace

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.errors import SyncItemDecided, SyncNotTakeable
from registry_service.domain.sync import Decision, Fact, ItemKind, ItemState, SyncItem
from registry_service.domain.sync_face import Delta, taken_over
from registry_service.domain.sync_state import (
    STATE_KINDS,
    Standing,
    moves_to,
    standings,
    step_to,
)
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.follow_face import follow_face
from registry_service.operations.holds import require_free
from registry_service.operations.record import record
from registry_service.operations.sync_moves import make_moves


def decide_sync_item(
    act: Act, code: str, number: int, decision: Decision, reason: str
) -> tuple[Entity, SyncItem]:
    """Take what the source says, or keep what is here; the same fact does not ask again.

    Args:
        act: who and when.
        code: of the entity.
        number: of the item.
        decision: which.
        reason: why.

    Raises:
        NotYourUnit, RoleMissing: neither a registrar of the home unit nor its head.
        SyncItemUnknown: the entity has no such item.
        SyncItemDecided: it waits no more.
        SyncNotTakeable: it takes an act at the counter.
        EntityHeld: a hold blocks the act.
        AddressClash: the address of a place that would come back is taken.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.DECIDE_SYNC_ITEM, entity=entity)
    item = act.tx.sync_items.find(entity.number, number)
    if item.state is not ItemState.OPEN:
        raise SyncItemDecided(
            f"the item is {item.state.value} already",
            zh="该事项已有结果，无需再决定",
            state=item.state.value,
        )
    state = ItemState.KEPT
    if decision is Decision.TAKE_SOURCE:
        state = ItemState.TAKEN
        entity = _take(act, entity, item, unit, reason)
    decided = replace(
        item, state=state, decided_by=act.actor.number, decided_at=act.now, reason=reason
    )
    act.tx.sync_items.close(decided)
    return entity, decided


def _take(act: Act, entity: Entity, item: SyncItem, unit: int, reason: str) -> Entity:
    if item.kind is ItemKind.GONE:
        raise SyncNotTakeable(
            "that the source has it no more does not say what became of it; deregister, annul or"
            " move it by the act for it, then keep ours",
            zh="来源不再有该主体，但未说明原因；请核实后按注销、撤销或迁移办理，再选择保留",
            kind=item.kind.value,
        )
    facts = act.tx.source_facts.of([entity.number], item.source)[entity.number]
    fact = next(fact for fact in facts if fact.number == item.fact_no)
    if item.kind is ItemKind.STATE:
        return _take_state(act, entity, item, fact, unit)
    return _take_face(act, entity, item, fact, unit, reason)


def _take_face(
    act: Act, entity: Entity, item: SyncItem, fact: Fact, unit: int, reason: str
) -> Entity:
    require_free(act, entity, ActName.CHANGE_ENTITY)
    number = act.tx.entities.next_version(entity.number)
    delta = Delta(item.source, item.run, act.now)
    version = taken_over(delta, fact, entity.current, number)
    act.tx.entities.add_version(entity.number, version)
    saved = record(
        act,
        entity.with_version(version),
        "entity.synced",
        unit=unit,
        basis=reason,
        effective_date=version.effective_date,
    )
    return follow_face(act, entity, saved, unit=unit)


def _take_state(act: Act, entity: Entity, item: SyncItem, fact: Fact, unit: int) -> Entity:
    stack = _stack(act, entity, item.source)
    moves, left = moves_to(fact.state, stack)
    if left.state is not fact.state and not moves:
        moves = tuple(filter(None, [step_to(fact.state, entity.state)]))
    elif left.state is not fact.state:
        moves = ()
    if not moves:
        raise _by_hand(entity, fact)
    for move in moves:
        require_free(act, entity, move.act)
    return make_moves(act, entity, stack, moves, unit, item.source)


def _stack(act: Act, entity: Entity, source: str) -> list[Standing]:
    story = act.tx.events.stories([entity.number], STATE_KINDS)[entity.number]
    first = act.tx.entities.versions_of([entity.number])[entity.number][0]
    return standings(story, source, born_there=first.source.system == source)


def _by_hand(entity: Entity, fact: Fact) -> SyncNotTakeable:
    dormant = "，须写明起止日期" if fact.state is EntityState.DORMANT else ""
    return SyncNotTakeable(
        f"the way from {entity.state.value} to {fact.state.value} is an act at the counter; do it"
        " there, then keep ours",
        zh=f"由{entity.state.zh}改为{fact.state.zh}须按登记程序办理{dormant}；办理后请选择保留",
        ours=entity.state.value,
        theirs=fact.state.value,
    )
