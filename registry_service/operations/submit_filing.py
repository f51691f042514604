"""Review of a filing, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace

from registry_service.domain.application import Application
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Filing, FilingAct, FilingState
from registry_service.domain.working_days import due
from registry_service.operations.act import Act
from registry_service.operations.draft_filing import open_filing
from registry_service.operations.file_place import file_place, target_of
from registry_service.operations.follow_list import follow_list
from registry_service.operations.record import record
from registry_service.operations.review_filing import Asked, Review, review_filing
from registry_service.operations.settle_application import (
    defects_of,
    settle_application,
    tell_defects,
)


def submit_filing(act: Act, code: str, filing_no: int, *, etag: str = "") -> tuple[Entity, Filing]:
    """Submit a filing: FILED and handed over, or RETURNED, MANUAL or REJECTED with findings.

    A rejection is an outcome, stored like the others; the caller of this function turns it into
    the refusal that the applicant reads.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        FilingUnknown: the entity has no such filing.
        FilingNotOpen: it is filed, rejected or under review.
        PremisesEnded: the place to change or remove is no longer filed.
        EtagMismatch: it changed since it was read.
    """
    entity, filing, unit = open_filing(act, ActName.SUBMIT_PREMISES_FILING, code, filing_no, etag)
    application = act.tx.applications.find(entity.number, filing.receipt_number)
    entity, filing = review_and_file(act, entity, application, filing, unit)
    entity, _ = after_submission(act, entity, application, [filing], unit)
    return entity, filing


def review_and_file(
    act: Act, entity: Entity, application: Application, filing: Filing, unit: int
) -> tuple[Entity, Filing]:
    """Review one open filing and do what follows; the visit as a whole is settled by the caller.

    Raises:
        PremisesEnded: the place to change or remove is no longer filed.
    """
    found = review_of(act, entity, application, filing)
    act.tx.filings.add_findings(filing, found.findings)
    if filing.state is FilingState.RETURNED:  # the papers are complete only now
        deadline = due(act.today, application.days)
        filing = replace(
            filing,
            due_from=act.today,
            due_date=deadline.date,
            due_provisional=deadline.provisional,
        )
    filing = replace(
        filing, state=found.state, findings=found.findings, policy_version=found.policy_version
    )
    if found.state is FilingState.FILED:
        entity, filing = file_place(act, entity, filing, unit)
    return put_filing(act, entity, filing, unit)


def review_of(act: Act, entity: Entity, application: Application, filing: Filing) -> Review:
    """What the rules say of a filing now.

    Raises:
        PremisesEnded: the place to change or remove is no longer filed.
    """
    target = None if filing.act is FilingAct.ADD else target_of(act, filing)
    asked = Asked(filing.site, filing.documents, filing.act, target, application.visit.applicant)
    return review_filing(act, entity, asked)


def put_filing(act: Act, entity: Entity, filing: Filing, unit: int) -> tuple[Entity, Filing]:
    """Save a filing in its new state, with the event that tells of it."""
    filing = act.tx.filings.save(filing, act.now)
    entity = record(
        act,
        entity,
        f"filing.{filing.state.value}",
        unit=unit,
        subject=f"filings/{filing.number}",
        basis=filing.receipt_number,
    )
    return entity, filing


def after_submission(
    act: Act, entity: Entity, application: Application, filings: Sequence[Filing], unit: int
) -> tuple[Entity, Application]:
    """Tell the defects of all that was submitted in one notice, let the licence follow what was
    filed, and settle the visit."""
    entity = tell_defects(act, entity, application, defects_of(filings), unit)
    if any(filing.state is FilingState.FILED for filing in filings):
        entity = follow_list(act, entity)
    return entity, settle_application(act, application)
