"""列入名录 and 移出名录: the regulator lists an entity. A mark is a flag, not a state."""

from datetime import date

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest, MarkUnknown
from registry_service.domain.lifecycle import Step, after
from registry_service.domain.mark import Mark, MarkKind
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.record import record

ENTERED, ENDED = "mark.entered", "mark.ended"


def mark_entity(
    act: Act, code: str, kind: MarkKind, basis: str, from_date: date | None = None
) -> Mark:
    """Put an entity on a list of its regulator.

    Args:
        act: who and when.
        code: of the entity.
        kind: which list; 特别标注 is for the revoked alone.
        basis: decision and legal ground.
        from_date: first day; today where absent.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor at the domicile.
        StateForbids: 特别标注 of what is not revoked.
        InvalidRequest: no basis, a day to come, or it stands on that list.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.MARK_ENTITY, entity=entity)
    after(entity.state, Step.MARK_SPECIALLY if kind is MarkKind.SPECIAL else Step.MARK)
    first = from_date or act.today
    faults = []
    if not basis:
        faults.append(FieldViolation("mark.basis", "is required", "请填写列入决定和法律依据"))
    if first > act.today:
        faults.append(FieldViolation("mark.from_date", "lies ahead", "列入日期不能晚于今天"))
    standing = act.tx.marks.standing(entity.number, act.today)
    if any(mark.kind is kind for mark in standing):
        faults.append(FieldViolation("mark.kind", "stands already", f"该主体已列入{kind.zh}"))
    if faults:
        raise InvalidRequest(*faults)
    mark = act.tx.marks.add(entity.number, kind, basis, first)
    subject = f"marks/{mark.number}"
    record(act, entity, ENTERED, unit=unit, subject=subject, basis=basis, effective_date=first)
    return mark


def unmark_entity(act: Act, code: str, number: int, basis: str) -> Mark:
    """Take an entity off a list; the event names the one that put it there.

    Today is the first day on which it is off.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor at the domicile.
        MarkUnknown: it has none with that number, or it ended.
        InvalidRequest: no basis.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.UNMARK_ENTITY, entity=entity)
    after(entity.state, Step.UNMARK)
    mark = act.tx.marks.find(entity.number, number)
    if not basis:
        raise InvalidRequest(FieldViolation("basis", "is required", "请填写移出决定"))
    if mark.until_date is not None:
        raise MarkUnknown(
            f"mark {number} ended already", zh=f"编号为 {number} 的标注已经移出", mark=number
        )
    ended = act.tx.marks.end(entity.number, number, act.today - date.resolution)
    subject = f"marks/{number}"
    entered = act.tx.events.of_subject(entity.number, ENTERED, subject)
    record(act, entity, ENDED, unit=unit, subject=subject, basis=basis, reverses=entered)
    return ended
