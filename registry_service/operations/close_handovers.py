"""关闭抄告: a place that ends takes its open hand-overs along, and reopens one."""

from dataclasses import replace
from typing import Final

from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.handover import ANSWER_DAYS
from registry_service.domain.premises import HandoverState, Premises, PremisesState
from registry_service.domain.working_days import due
from registry_service.operations.act import Act
from registry_service.operations.record import record

_WHY: Final = {PremisesState.REMOVED: "场所已取消备案", PremisesState.STRUCK: "场所已撤销备案"}
_ENTITY_ENDED, _PLACE_ENDED = "主体已终止", "场所备案已终止"


def close_handovers(
    act: Act, entity: Entity, place: Premises, state: PremisesState, *, unit: int | None
) -> Entity:
    """Close what nobody answered yet; what a unit took on stays as it is, for the record.

    Args:
        act: who and when; the entity is locked.
        entity: at its newest revision.
        place: that ends.
        state: its new one.
        unit: for which the actor acts.

    Returns:
        The entity at its newest revision.
    """
    gone = entity.state in (EntityState.DEREGISTERED, EntityState.ANNULLED)
    why = _WHY.get(state, _ENTITY_ENDED if gone else _PLACE_ENDED)
    for handover in act.tx.handovers.open_of_place(entity.number, place.number):
        act.tx.handovers.save(replace(handover, state=HandoverState.CLOSED, reason=why))
        subject = f"handovers/{handover.number}"
        entity = record(act, entity, "handover.closed", unit=unit, subject=subject, basis=why)
    return entity


def reopen_handover(act: Act, entity: Entity, place: Premises, *, unit: int | None) -> Entity:
    """Let the newest hand-over of a place that came back wait again, with a day of its own.

    Returns:
        The entity at its newest revision.
    """
    handover = act.tx.handovers.of_place(entity.number, place.number)
    if handover is None or handover.state is not HandoverState.CLOSED:
        return entity
    deadline = due(act.today, ANSWER_DAYS)
    act.tx.handovers.save(
        replace(
            handover,
            state=HandoverState.PENDING,
            reason="",
            due_date=deadline.date,
            due_provisional=deadline.provisional,
        )
    )
    subject = f"handovers/{handover.number}"
    return record(act, entity, "handover.reopened", unit=unit, subject=subject)
