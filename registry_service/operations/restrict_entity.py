"""限制 and its lifting: a court's or an authority's word is entered; `holds` lets it block."""

from datetime import date

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest, RestrictionEnded
from registry_service.domain.lifecycle import Step, after
from registry_service.domain.restriction import HeldAct, Restriction
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.record import record

ENTERED, LIFTED = "restriction.entered", "restriction.lifted"


def restrict_entity(
    act: Act,
    code: str,
    authority: str,
    basis: str,
    held_acts: tuple[HeldAct, ...],
    from_date: date | None = None,
    until_date: date | None = None,
) -> Restriction:
    """Enter a hold.

    Args:
        act: who and when.
        code: of the entity.
        authority: who ordered it.
        basis: document number and legal ground.
        held_acts: what it blocks.
        from_date: first day; today where absent.
        until_date: last day as ordered; None until it is lifted.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        InvalidRequest: something is missing, or the days are no span.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.RESTRICT_ENTITY, entity=entity)
    after(entity.state, Step.RESTRICT)
    first = from_date or act.today
    faults = []
    if not authority:
        faults.append(FieldViolation("restriction.authority", "is required", "请填写作出机关"))
    if not basis:
        faults.append(FieldViolation("restriction.basis", "is required", "请填写文书编号和依据"))
    if not held_acts:
        faults.append(FieldViolation("restriction.held_acts", "is required", "请选择限制的业务"))
    if until_date is not None and until_date < max(first, act.today):
        faults.append(
            FieldViolation(
                "restriction.until_date", "is over already", "截止日期不能早于起始日期和今天"
            )
        )
    if faults:
        raise InvalidRequest(*faults)
    distinct = tuple(dict.fromkeys(held_acts))
    hold = act.tx.restrictions.add(
        Restriction(entity.number, 0, authority, basis, distinct, first, until_date)
    )
    subject = f"restrictions/{hold.number}"
    record(act, entity, ENTERED, unit=unit, subject=subject, basis=basis, effective_date=first)
    return hold


def lift_restriction(act: Act, code: str, number: int, basis: str) -> Restriction:
    """Lift a hold; the event names the one that entered it.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        RestrictionUnknown: the entity has none with that number.
        RestrictionEnded: it was lifted already.
        InvalidRequest: no basis.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.LIFT_RESTRICTION, entity=entity)
    after(entity.state, Step.LIFT)
    hold = act.tx.restrictions.find(entity.number, number)
    if not basis:
        raise InvalidRequest(FieldViolation("basis", "is required", "请填写解除限制的文书"))
    if hold.lifted_at is not None:
        raise RestrictionEnded(
            f"hold {number} was lifted already",
            zh=f"编号为 {number} 的限制已经解除",
            restriction=number,
        )
    lifted = act.tx.restrictions.lift(hold, basis, act.now)
    subject = f"restrictions/{number}"
    entered = act.tx.events.of_subject(entity.number, ENTERED, subject)
    record(act, entity, LIFTED, unit=unit, subject=subject, basis=basis, reverses=entered)
    return lifted
