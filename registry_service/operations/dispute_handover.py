"""争议: the city is asked to decide whose the premises are."""

from registry_service.domain.authority import ActName
from registry_service.domain.handover import HandoverAct
from registry_service.domain.premises import Handover
from registry_service.operations.act import Act
from registry_service.operations.handover_step import begin, finish, read_reason


def dispute_handover(act: Act, code: str, number: int, reason: str, *, etag: str = "") -> Handover:
    """Ask the city to decide.

    Raises:
        NotYourUnit, RoleMissing: neither a supervisor of the host unit nor the home registrar.
        HandoverUnknown: the entity has no such hand-over.
        HandoverNotOpen: it is disputed already, or the home unit has nothing to dispute yet.
        EtagMismatch: it changed since it was read.
        InvalidRequest: no reason.
    """
    step = begin(act, ActName.DISPUTE_HANDOVER, HandoverAct.DISPUTE, code, number, etag)
    why = read_reason(reason)
    finish(act, step, "handover.disputed", basis=why, reason=why)
    return act.tx.handovers.find(step.entity.number, number)
