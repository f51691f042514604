"""接收: the host unit takes premises on."""

from registry_service.domain.authority import ActName
from registry_service.domain.handover import HandoverAct
from registry_service.domain.premises import Handover
from registry_service.operations.act import Act
from registry_service.operations.hand_over import put_under_taker
from registry_service.operations.handover_step import begin, finish


def acknowledge_handover(act: Act, code: str, number: int, *, etag: str = "") -> Handover:
    """Take premises on for the host unit; what was passed on to it is its to supervise from now.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor of the host unit.
        HandoverUnknown: the entity has no such hand-over.
        HandoverNotOpen: it was answered already.
        EtagMismatch: it changed since it was read.
    """
    step = begin(act, ActName.ACKNOWLEDGE_HANDOVER, HandoverAct.ACKNOWLEDGE, code, number, etag)
    entity = finish(
        act,
        step,
        "handover.acknowledged",
        acknowledged_by=act.actor.number,
        acknowledged_at=act.now,
    )
    taken = act.tx.handovers.find(entity.number, number)
    put_under_taker(act, entity, taken, unit=step.unit)
    return taken
