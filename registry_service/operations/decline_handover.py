"""退回: the host unit turns premises down."""

from registry_service.domain.authority import ActName
from registry_service.domain.handover import HandoverAct
from registry_service.domain.premises import Handover
from registry_service.operations.act import Act
from registry_service.operations.handover_step import begin, finish, read_reason


def decline_handover(act: Act, code: str, number: int, reason: str, *, etag: str = "") -> Handover:
    """Turn premises down: they do not lie in the unit. The home unit passes them on or disputes.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor of the host unit.
        HandoverUnknown: the entity has no such hand-over.
        HandoverNotOpen: it was answered already.
        EtagMismatch: it changed since it was read.
        InvalidRequest: no reason.
    """
    step = begin(act, ActName.DECLINE_HANDOVER, HandoverAct.DECLINE, code, number, etag)
    why = read_reason(reason)
    finish(act, step, "handover.declined", basis=why, reason=why)
    return act.tx.handovers.find(step.entity.number, number)
