"""裁定: the city decides whose premises are."""

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.handover import HandoverAct
from registry_service.domain.premises import Handover
from registry_service.operations.act import Act
from registry_service.operations.hand_over import put_under_taker
from registry_service.operations.handover_step import begin, finish, read_reason


def resolve_handover(
    act: Act, code: str, number: int, to_unit: int, reason: str, *, etag: str = ""
) -> Handover:
    """Decide a dispute. The decision binds: the unit has it as ACKNOWLEDGED, by the city's person.

    The place follows: a new version of its data where the administering unit changed, and its site
    code renewed. The filing stays what was applied for.

    Raises:
        NotYourUnit, RoleMissing: not the city.
        HandoverUnknown: the entity has no such hand-over.
        NotDisputed: nobody asked for a decision.
        EtagMismatch: it changed since it was read.
        InvalidRequest: no reason, or a unit that supervises no place.
    """
    step = begin(act, ActName.RESOLVE_HANDOVER, HandoverAct.RESOLVE, code, number, etag)
    unit = act.units.get(to_unit)
    if unit is None or unit.parent is None:
        fault = FieldViolation(
            "to_unit", "supervises no place", "请选择县（市、区）、功能区或监管所"
        )
        raise InvalidRequest(fault)
    why = read_reason(reason)
    has = step.handover.to_unit
    earlier = step.handover.earlier_units
    entity = finish(
        act,
        step,
        "handover.resolved",
        basis=why,
        reason=why,
        to_unit=to_unit,
        earlier_units=earlier if to_unit == has else (*earlier, has),
        acknowledged_by=act.actor.number,
        acknowledged_at=act.now,
    )
    decided = act.tx.handovers.find(entity.number, number)
    put_under_taker(act, entity, decided, unit=step.unit)
    return decided
