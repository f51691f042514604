"""What becomes of a printed copy: fetched, returned 缴回, declared void 声明作废."""

from dataclasses import replace
from datetime import date

from license_verify import limits
from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import (
    CopyCollected,
    CopyEnded,
    InvalidRequest,
    LicenseUnknown,
)
from registry_service.domain.license import LicenseState
from registry_service.domain.printed_copy import CopyState, PrintedCopy
from registry_service.domain.reading import Reader
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.expected import require_basis
from registry_service.operations.issue_license import end_document
from registry_service.operations.record import record


def collect_copy(
    act: Act, code: str, number: int, collector: str, day: date | None = None
) -> PrintedCopy:
    """Keep who fetched a copy, and when.

    Args:
        act: who and when.
        code: of the entity.
        number: of the copy.
        collector: name of the person.
        day: today where absent.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        CopyUnknown: the entity has none with that number.
        EntityEnded: 吊销, 注销 or 撤销.
        LicenseUnknown: it is not signed yet.
        CopyEnded: it is in force no more.
        CopyCollected: it was fetched before.
        InvalidRequest: nobody is named, or the day can't be right.
    """
    entity, copy, unit = _checked(act, ActName.COLLECT_LICENSE_COPY, code, number)
    entity.require_alive()
    _require_held(copy)
    if copy.document is not None and copy.document.state is not LicenseState.ISSUED:
        raise _ended(copy, copy.document.state.value, "该纸质执照已被新版本取代，请打印新版本")
    if copy.collected_date is not None:
        raise CopyCollected(
            f"it was collected on {copy.collected_date}",
            zh=f"该纸质执照已于 {copy.collected_date} 领取",
            date=copy.collected_date.isoformat(),
        )
    reader = Reader()
    collector = reader.text("collected_by", collector, limits.PERSON_CHARACTERS, required=True)
    reader.finish()
    day = day or act.today
    if not (copy.printed_date or day) <= day <= act.today:
        zh = "领取日期不能早于打印日期，也不能晚于今天"
        raise InvalidRequest(FieldViolation("collect_date", "is before its printing or later", zh))
    kept = replace(copy, collected_by=collector, collected_date=day)
    return _saved(act, entity, kept, "copy.collected", unit)


def return_copy(act: Act, code: str, number: int, basis: str = "") -> PrintedCopy:
    """Take a copy back. From then on its own entry reads superseded, and nobody can show it.

    An ended entity gives its copies back too.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        CopyUnknown: the entity has none with that number.
        LicenseUnknown: it is not signed yet.
        CopyEnded: it was returned or declared void before.
    """
    entity, copy, unit = _checked(act, ActName.RETURN_LICENSE_COPY, code, number)
    _require_held(copy)
    if copy.document is not None and copy.document.state is LicenseState.ISSUED:
        entity = end_document(act, entity, copy.document, LicenseState.SUPERSEDED, unit, basis)
    kept = replace(copy, state=CopyState.RETURNED, ended_at=act.now, ended_basis=basis)
    return _saved(act, entity, kept, "copy.returned", unit, basis)


def void_lost_copy(act: Act, code: str, number: int, basis: str) -> PrintedCopy:
    """Declare a lost copy void: its entry alone reads LOST_VOID, the others stay as they are.

    A copy of a superseded version can be lost as well.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        CopyUnknown: the entity has none with that number.
        LicenseUnknown: it is not signed yet.
        CopyEnded: it was returned or declared void before.
        InvalidRequest: no basis.
    """
    entity, copy, unit = _checked(act, ActName.VOID_LOST_COPY, code, number)
    require_basis(basis)
    _require_held(copy)
    if copy.document is not None:
        end_document(act, entity, copy.document, LicenseState.LOST_VOID, unit, basis)
        return act.tx.copies.find(entity.number, number)
    kept = replace(copy, state=CopyState.VOID, ended_at=act.now, ended_basis=basis)
    return _saved(act, entity, kept, "copy.lost_void", unit, basis)


def _checked(act: Act, name: ActName, code: str, number: int) -> tuple[Entity, PrintedCopy, int]:
    entity = lock_entity(act, code)
    unit = authorise(act, name, entity=entity)
    return entity, act.tx.copies.find(entity.number, number), unit


def _require_held(copy: PrintedCopy) -> None:
    """Stop if nobody can hold the copy any more, or yet.

    Raises:
        LicenseUnknown: it is not signed yet.
        CopyEnded: it was returned or declared void, or never signed.
    """
    if copy.state is not CopyState.IN_USE:
        raise _ended(copy, copy.state.value, "该纸质执照已收回或已作废")
    if copy.document is not None and copy.document.state is LicenseState.INTENT:
        raise LicenseUnknown("it is not signed yet", zh="该纸质执照尚未签发")


def _ended(copy: PrintedCopy, state: str, zh: str) -> CopyEnded:
    return CopyEnded(f"the copy is {state}", zh=zh, state=state, copy=copy.number)


def _saved(
    act: Act, entity: Entity, copy: PrintedCopy, kind: str, unit: int, basis: str = ""
) -> PrintedCopy:
    act.tx.copies.save(copy)
    record(act, entity, kind, unit=unit, subject=f"copies/{copy.number}", basis=basis)
    return act.tx.copies.find(entity.number, copy.number)
