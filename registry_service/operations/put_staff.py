"""People on the staff table: roles are given and ended, never deleted, rewritten or one's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest, SelfGrant
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.domain.staff_event import StaffEvent, assignment_detail
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role as the request names it."""

    field: str
    """Where it stands there."""
    unit: int
    role: Role
    from_date: date | None
    """None: that of the same role which the person holds already, or else today."""
    until_date: date | None


@dataclass(frozen=True, slots=True)
class _Step:
    """What leads from the roles that stand to those wanted."""

    added: tuple[Assignment, ...]
    ended: tuple[Assignment, ...]


def put_staff(
    act: Act, number: str, person_name: str, wanted: Sequence[Wanted], *, disabled: bool
) -> Staff:
    """Add a person, or change name and roles; an event tells what changed.

    Args:
        act: who and when.
        number: staff number.
        person_name: as events tell it from now on.
        wanted: the roles from now on; one that the person holds and that is missing ends at once.
            Roles that are over stay as they are, named or not.
        disabled: whether the certificates are refused.

    Returns:
        The person with all roles, those that are over too.

    Raises:
        RoleMissing: not an operator.
        SelfGrant: it changes one's own roles, or disables oneself.
        InvalidRequest: a role is there twice, is no station's, ends before it begins, or has
            ended already; a unit doesn't exist.
    """
    authorise(act, ActName.PUT_STAFF)
    act.tx.staff.lock()
    before = act.tx.staff.find(number)
    held = before.assignments if before else ()
    step = _step(act, [each for each in held if each.ended_at is None], wanted)
    switched = disabled != (before.disabled if before else False)
    if number == act.actor.number and (step.added or step.ended or switched):
        raise SelfGrant(
            "nobody changes their own roles; ask another operator",
            zh="不能调整本人的角色，请由其他运维员办理",
            staff=number,
        )
    for assignment in step.ended:
        act.tx.staff.end(number, assignment, act.today, act.now)
    entered = Staff(number, person_name, step.added, disabled)
    after = act.tx.staff.put(entered)
    if switched or step.added or step.ended or before is None or before.person_name != person_name:
        act.tx.staff_events.add(_event(act, before, entered, step))
    return after


def _event(act: Act, before: Staff | None, after: Staff, step: _Step) -> StaffEvent:
    return StaffEvent(
        staff_no=after.number,
        kind="staff.changed" if before else "staff.added",
        person_name=after.person_name,
        detail={
            "added": [assignment_detail(each) for each in step.added],
            "ended": [assignment_detail(each) for each in step.ended],
            "disabled": after.disabled,
        },
        actor=act.actor.number,
        actor_name=act.actor.person_name,
        workload=act.actor.workload,
        recorded_at=act.now,
    )


def _step(act: Act, live: list[Assignment], wanted: Sequence[Wanted]) -> _Step:
    """What to add and end; a role with another last day is ended and given anew."""
    resolved = [(each.field, _resolve(each, live, act.today)) for each in wanted]
    faults = list(_faults(act, live, resolved))
    if faults:
        raise InvalidRequest(*faults)
    targets = [assignment for _, assignment in resolved]
    return _Step(
        added=tuple(each for each in targets if each not in live),
        ended=tuple(each for each in live if each not in targets and not _is_over(each, act.today)),
    )


def _resolve(wanted: Wanted, live: list[Assignment], today: date) -> Assignment:
    first = wanted.from_date
    if first is None:
        held = [
            each.from_date
            for each in live
            if (each.unit, each.role) == (wanted.unit, wanted.role) and each.holds_on(today)
        ]
        first = max(held, default=today)
    return Assignment(wanted.unit, wanted.role, first, wanted.until_date)


def _faults(
    act: Act, live: list[Assignment], resolved: list[tuple[str, Assignment]]
) -> Iterator[FieldViolation]:
    known = {_key(each): each for each in live}
    seen: set[tuple[int, Role, date]] = set()
    for field, each in resolved:
        if act.units.get(each.unit) is None:
            zh = "没有该管辖单位"
            yield FieldViolation(f"{field}.unit", f"there is no units/{each.unit}", zh)
            continue
        if _key(each) in seen:
            yield FieldViolation(field, "is there already", "同一单位的同一角色重复")
        seen.add(_key(each))
        if each.until_date is not None and each.until_date < each.from_date:
            zh = "截止日期早于起始日期"
            yield FieldViolation(f"{field}.until_date", "is before from_date", zh)
        if each not in live and not _fits(act, each):
            zh = f"监管所不设{each.role.zh}，请选择所属的县（市、区）或功能区"
            yield FieldViolation(f"{field}.role", "is no station's", zh)
        if _key(each) in known and each not in live:
            yield from _rewritten(field, known[_key(each)], each, act.today)


def _rewritten(
    field: str, held: Assignment, wanted: Assignment, today: date
) -> Iterator[FieldViolation]:
    """Stop at another last day that would make the past other than it was."""
    if _is_over(held, today):
        zh = "该角色已到期，不能改动；需要继续的，请另填起始日期"
        yield FieldViolation(f"{field}.until_date", "is of a role that is over", zh)
    elif _is_over(wanted, today):
        zh = "截止日期不能早于今天；需要立即免去的，请从名单中删去该角色"
        yield FieldViolation(f"{field}.until_date", "is past", zh)


def _fits(act: Act, assignment: Assignment) -> bool:
    """A station registers nothing and decides nothing: it has use for few roles."""
    station = act.units.administering(assignment.unit) != assignment.unit
    return not station or assignment.role in (Role.SUPERVISOR, Role.AUDITOR)


def _key(assignment: Assignment) -> tuple[int, Role, date]:
    return assignment.unit, assignment.role, assignment.from_date


def _is_over(assignment: Assignment, today: date) -> bool:
    return assignment.until_date is not None and assignment.until_date < today
