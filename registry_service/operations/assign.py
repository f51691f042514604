"""分派: who looks after an application or a filing. Advisory; everybody of the unit may act."""

from dataclasses import replace

from license_verify.refusal import FieldViolation
from registry_service.domain.application import Application
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.premises import Filing
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.draft_filing import read_filing
from registry_service.operations.record import record


def assign_application(
    act: Act, code: str, receipt: str, assignee: str
) -> tuple[Entity, Application]:
    """Say who looks after an application; an empty number for nobody.

    Raises:
        NotYourUnit, RoleMissing: neither registrar nor head of the home unit.
        ApplicationUnknown: the entity has no such application.
        InvalidRequest: nobody of the unit has that number.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.ASSIGN_APPLICATION, entity=entity)
    _require_colleague(act, assignee, unit)
    application = replace(act.tx.applications.find(entity.number, receipt), assignee=assignee)
    act.tx.applications.save(application)
    entity = _told(act, entity, "application", f"applications/{receipt}", assignee, unit)
    return entity, application


def assign_filing(act: Act, code: str, filing_no: int, assignee: str) -> tuple[Entity, Filing]:
    """Say who looks after a filing; an empty number for nobody.

    Raises:
        NotYourUnit, RoleMissing: neither registrar nor head of the home unit.
        FilingUnknown: the entity has no such filing.
        InvalidRequest: nobody of the unit has that number.
    """
    entity, filing, unit = read_filing(act, ActName.ASSIGN_FILING, code, filing_no)
    _require_colleague(act, assignee, unit)
    filing = act.tx.filings.assign(filing, assignee)
    return _told(act, entity, "filing", f"filings/{filing_no}", assignee, unit), filing


def _told(act: Act, entity: Entity, what: str, subject: str, assignee: str, unit: int) -> Entity:
    basis = f"staff/{assignee}" if assignee else ""
    return record(act, entity, f"{what}.assigned", unit=unit, subject=subject, basis=basis)


def _require_colleague(act: Act, assignee: str, unit: int) -> None:
    if not assignee:
        return
    staff = act.tx.staff.find(assignee)
    if (
        staff is None
        or staff.disabled
        or not any(a.unit == unit and a.holds_on(act.today) for a in staff.assignments)
    ):
        raise InvalidRequest(
            FieldViolation(
                "assignee",
                f"staff/{assignee} is nobody of units/{unit}",
                f"工号 {assignee} 不是{act.units.title(unit)}的在岗人员",
            )
        )
