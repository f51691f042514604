"""Submitting a whole visit at once."""

from registry_service.domain.application import Application
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import NothingToSubmit
from registry_service.domain.premises import FilingState
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.submit_filing import after_submission, review_and_file


def submit_application(act: Act, code: str, receipt: str) -> tuple[Entity, Application]:
    """Submit every draft and every completed filing; all defects are told in one notice.

    Each has its own outcome; a rejection is one of them. They are reviewed in the order of their
    numbers, so of two that ask for the same place the first has it.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        ApplicationUnknown: the entity has no such application.
        NothingToSubmit: no filing is a draft, or was returned and written to since.
        PremisesEnded: a place to change or remove is no longer filed; withdraw that filing.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.SUBMIT_APPLICATION, entity=entity)
    application = act.tx.applications.find(entity.number, receipt)
    ready = [
        filing
        for filing in act.tx.filings.of_application(application)
        if filing.state is FilingState.DRAFT or filing.completed
    ]
    if not ready:
        raise NothingToSubmit(
            "no filing of the application is a draft or was completed",
            zh="该申请没有可提交的备案：没有草稿，退回补正的也尚未补正",
            receipt_number=receipt,
        )
    submitted = []
    for filing in ready:
        entity, after = review_and_file(act, entity, application, filing, unit)
        submitted.append(after)
    return after_submission(act, entity, application, submitted, unit)
