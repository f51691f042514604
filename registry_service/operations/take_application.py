"""受理: a visit and its receipt."""

from registry_service.domain.application import DECISION_DAYS, Application, Visit
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.working_days import due
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.record import record


def take_application(act: Act, code: str, visit: Visit) -> tuple[Entity, Application]:
    """Take an application of an entity and give it a receipt number; due in 3 working days.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.CREATE_APPLICATION, entity=entity)
    deadline = due(act.today, DECISION_DAYS)
    taken = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today, deadline
    )
    saved = record(
        act,
        entity,
        "application.taken",
        unit=unit,
        subject=f"applications/{taken.receipt_number}",
        basis=taken.receipt_number,
    )
    return saved, taken
