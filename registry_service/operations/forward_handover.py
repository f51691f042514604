"""转办: premises are passed on to a station of the unit, or to another unit."""

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.handover import ANSWER_DAYS, HandoverAct
from registry_service.domain.premises import Handover
from registry_service.domain.unit import STATION
from registry_service.domain.working_days import due
from registry_service.operations.act import Act
from registry_service.operations.handover_step import begin, finish, read_reason


def forward_handover(
    act: Act, code: str, number: int, to_unit: int, reason: str, *, etag: str = ""
) -> Handover:
    """Pass premises on; the receiver has them as FORWARDED, with a day of its own.

    Whose the place is changes only when the receiver takes it on.

    Args:
        act: who and when.
        code: of the entity.
        number: of the hand-over.
        to_unit: a station of the unit that has it, or another county or zone.
        reason: why, in Chinese; may be empty for a station of the unit.
        etag: as read.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor of the host unit, nor the home registrar.
        HandoverUnknown: the entity has no such hand-over.
        HandoverNotOpen: it was answered already, or waits for another's answer.
        EtagMismatch: it changed since it was read.
        InvalidRequest: no reason, or a unit that can't have it.
    """
    step = begin(act, ActName.FORWARD_HANDOVER, HandoverAct.FORWARD, code, number, etag)
    has = step.handover.to_unit
    require_receiver(act, has, to_unit)
    within = act.units.administering(has) == act.units.administering(to_unit)
    why = read_reason(reason, required=not within)
    deadline = due(act.today, ANSWER_DAYS)
    finish(
        act,
        step,
        "handover.forwarded",
        basis=why,
        reason=why,
        to_unit=to_unit,
        earlier_units=(*step.handover.earlier_units, has),
        acknowledged_by="",
        acknowledged_at=None,
        due_date=deadline.date,
        due_provisional=deadline.provisional,
    )
    return act.tx.handovers.find(step.entity.number, number)


def require_receiver(act: Act, has: int, to_unit: int) -> None:
    """Stop at a unit that premises can't be passed on to.

    Raises:
        InvalidRequest: unknown, the city, the unit that has them, or a station of another unit.
    """
    unit = act.units.get(to_unit)
    if unit is None:
        raise _wrong(f"there is no units/{to_unit}", "没有该管辖单位")
    if unit.parent is None:
        raise _wrong("is the city, which supervises no place", "市级不直接监管经营场所")
    if to_unit == has:
        raise _wrong("has it already", f"该抄告已在{unit.title}")
    if unit.kind == STATION and unit.parent != act.units.administering(has):
        above = act.units.title(unit.parent)
        raise _wrong(
            f"is a station of another unit; pass it on to units/{unit.parent}",
            f"{unit.title}属于{above}，请转办至{above}",
        )


def _wrong(description: str, zh: str) -> InvalidRequest:
    return InvalidRequest(FieldViolation("to_unit", description, zh))
