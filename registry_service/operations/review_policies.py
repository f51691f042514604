"""Review policies: entered by one policy keeper, confirmed by another, in force from a day on."""

from datetime import date

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest, SamePerson
from registry_service.domain.person_bar import PersonBar
from registry_service.domain.review.enacted import EnactedPolicy
from registry_service.domain.review.policy import ReviewPolicy, wider_choices
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise


def create_policy(act: Act, unit: int, effective_date: date, policy: ReviewPolicy) -> EnactedPolicy:
    """Enter a version of the review policy; it holds for nobody before it is confirmed.

    Args:
        act: who and when.
        unit: where it holds: the city, or a unit that decides more narrowly.
        effective_date: first day it holds; today or later.
        policy: the choices; `version` is not read.

    Raises:
        RoleMissing, NotYourUnit: not a policy keeper of the unit.
        InvalidRequest: the day is past, or before one that has a version already, or a choice
            is wider than the city's.
    """
    authorise(act, ActName.CREATE_REVIEW_POLICY, unit=unit)
    _require_day(act, unit, effective_date)
    _require_narrow(act, unit, effective_date, policy)
    return act.tx.policies.add(unit, effective_date, policy, act.actor.number, act.now)


def _require_day(act: Act, unit: int, day: date) -> None:
    last = act.tx.policies.last_day(unit)
    if day < act.today:
        fault = FieldViolation("review_policy.effective_date", "is past", "生效日期不能早于今天")
    elif last is not None and day < last:
        fault = FieldViolation(
            "review_policy.effective_date",
            f"is before {last}, from which another version holds",
            f"已有自 {last} 起生效的版本，新版本不能早于该日",
        )
    else:
        return
    raise InvalidRequest(fault)


def _require_narrow(act: Act, unit: int, day: date, policy: ReviewPolicy) -> None:
    above = act.units.chain(unit)[:-1]
    if not above:
        return
    wider = wider_choices(act.policy_for(above[-1], day), policy)
    if wider:
        raise InvalidRequest(
            *(
                FieldViolation(
                    f"review_policy.{name}", "is wider than the city's", "不得宽于全市政策"
                )
                for name in wider
            )
        )


def confirm_policy(act: Act, number: int) -> EnactedPolicy:
    """Let a version hold. One that was confirmed already stays as it is.

    Raises:
        PolicyUnknown: there is none with that number.
        RoleMissing, NotYourUnit: not a policy keeper of its unit.
        SamePerson: who entered it cannot confirm it.
        InvalidRequest: it has come to be wider than the city's, or before one that holds.
    """
    entered = act.tx.policies.find(number)
    authorise(act, ActName.CONFIRM_REVIEW_POLICY, unit=entered.unit)
    if entered.confirmed_by:
        return entered
    if entered.entered_by == act.actor.number:
        raise SamePerson(
            "who entered a policy cannot confirm it; ask another policy keeper",
            zh="审查政策须由另一名政策管理员确认，不得由录入人自己确认",
            staff=act.actor.number,
        )
    last = act.tx.policies.last_day(entered.unit)
    if last is not None and entered.effective_date < last:
        _require_day(act, entered.unit, entered.effective_date)
    day = max(entered.effective_date, act.today)
    _require_narrow(act, entered.unit, day, entered.policy)
    return act.tx.policies.confirm(number, act.actor.number, act.now)


def bar_person(act: Act, person: str, basis: str, from_date: date, until_date: date) -> PersonBar:
    """Bar a person from applying (Order 746 art. 40); rule 23 looks at it.

    Raises:
        RoleMissing: not the city.
    """
    authorise(act, ActName.BAR_PERSON)
    return act.tx.person_bars.add(person, basis, from_date, until_date, act.actor.number, act.now)
