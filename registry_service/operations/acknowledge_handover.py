"""接收: the host unit takes premises on."""

from dataclasses import replace

from registry_service.domain.authority import ActName
from registry_service.domain.errors import EtagMismatch, HandoverNotOpen
from registry_service.domain.premises import Handover, HandoverState
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.record import record


def acknowledge_handover(act: Act, code: str, number: int, *, etag: str = "") -> Handover:
    """Take premises on for the host unit.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor of the host unit.
        HandoverUnknown: the entity has no such hand-over.
        HandoverNotOpen: it was answered already.
        EtagMismatch: it changed since it was read.
    """
    entity = lock_entity(act, code)
    handover = act.tx.handovers.find(entity.number, number)
    unit = authorise(act, ActName.ACKNOWLEDGE_HANDOVER, unit=handover.to_unit)
    if etag and etag != handover_etag(handover):
        raise EtagMismatch(
            "the hand-over changed since it was read; read it again",
            zh="该抄告已被他人处理，请重新读取",
            handover=number,
        )
    if handover.state is not HandoverState.PENDING:
        raise HandoverNotOpen(
            f"the hand-over is {handover.state.value} already",
            zh="该抄告已经处理，不能重复接收",
            state=handover.state.value,
        )
    taken = replace(
        handover,
        state=HandoverState.ACKNOWLEDGED,
        acknowledged_by=act.actor.number,
        acknowledged_at=act.now,
    )
    taken = act.tx.handovers.save(taken)
    record(act, entity, "handover.acknowledged", unit=unit, subject=f"handovers/{number}")
    return taken


def handover_etag(handover: Handover) -> str:
    """The etag of a hand-over at its revision."""
    return f"h{handover.revision}"
