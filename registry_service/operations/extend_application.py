"""延长办理期限: the head gives 3 more working days, once (Order 746 art. 19)."""

from dataclasses import replace

from license_verify.refusal import FieldViolation
from registry_service.domain.application import Application, ApplicationState
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import AlreadyExtended, ApplicationClosed, InvalidRequest
from registry_service.domain.working_days import due
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.record import record


def extend_application(act: Act, code: str, receipt: str, basis: str) -> tuple[Entity, Application]:
    """Give an application and its undecided filings 3 more working days, once.

    Raises:
        NotYourUnit, RoleMissing: not the head of the home unit.
        ApplicationUnknown: the entity has no such application.
        ApplicationClosed: every item has its outcome.
        AlreadyExtended: it was extended once.
        InvalidRequest: no basis.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.EXTEND_APPLICATION, entity=entity)
    if not basis:
        raise InvalidRequest(FieldViolation("basis", "is required", "请填写延长理由"))
    application = act.tx.applications.find(entity.number, receipt)
    if application.state is ApplicationState.CLOSED or application.due_from is None:
        raise ApplicationClosed(
            "every item has its outcome; there is nothing to extend",
            zh="该申请已全部办结，无需延长期限",
            receipt_number=receipt,
        )
    if application.extended_by:
        raise AlreadyExtended(
            "it was extended once",
            zh="该申请已延长过一次，不能再次延长",
            extended_by=f"staff/{application.extended_by}",
        )
    extended = replace(application, extended_by=act.actor.number)
    deadline = due(application.due_from, extended.days)
    extended = replace(extended, due_date=deadline.date, due_provisional=deadline.provisional)
    act.tx.applications.save(extended)
    _put_off_filings(act, extended)
    subject = f"applications/{receipt}"
    entity = record(act, entity, "application.extended", unit=unit, subject=subject, basis=basis)
    return entity, extended


def _put_off_filings(act: Act, application: Application) -> None:
    later = []
    for filing in act.tx.filings.of_application(application):
        if not filing.state.decided and filing.due_from is not None:
            deadline = due(filing.due_from, application.days)
            later.append(
                replace(filing, due_date=deadline.date, due_provisional=deadline.provisional)
            )
    act.tx.filings.put_off(later)
