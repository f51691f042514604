"""Where a visit stands after something became of one of its filings, and what is told of it."""

from collections.abc import Iterable
from dataclasses import replace

from registry_service.domain.application import Application, ApplicationState, Defect, state_of
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Filing, FilingState, Outcome
from registry_service.domain.working_days import due
from registry_service.operations.act import Act
from registry_service.operations.record import record


def settle_application(act: Act, application: Application) -> Application:
    """Bring a visit's state up to date; called after each act that touches its filings.

    The days to decide begin anew when what was missing comes (Order 746 art. 19: papers complete),
    and begin at all for a visit that was closed at once when a filing is added to it.
    """
    state = state_of(act.tx.filings.states(application))
    came = application.state is ApplicationState.RETURNED and state is not application.state
    settled = replace(application, state=state)
    if state is not ApplicationState.CLOSED and (came or application.due_from is None):
        settled = restarted(act, settled)
    if settled != application:
        act.tx.applications.save(settled)
    return settled


def restarted(act: Act, application: Application) -> Application:
    """The application with its days counted from today."""
    deadline = due(act.today, application.days)
    return replace(
        application,
        due_from=act.today,
        due_date=deadline.date,
        due_provisional=deadline.provisional,
    )


def defects_of(filings: Iterable[Filing]) -> tuple[Defect, ...]:
    """What is to be completed in filings that the rules sent back, in the order of the filings."""
    return tuple(
        Defect(filing.number, finding.rule, finding.reason, finding.remedy)
        for filing in filings
        if filing.state is FilingState.RETURNED
        for finding in filing.findings
        if finding.outcome is Outcome.RETURN
    )


def tell_defects(
    act: Act, entity: Entity, application: Application, defects: tuple[Defect, ...], unit: int
) -> Entity:
    """Tell all defects at once 一次性告知, as the application's next notice; none tell nothing.

    Returns:
        The entity at its newest revision.
    """
    if not defects:
        return entity
    notice = act.tx.notices.add(application, defects, act.actor.number, act.now)
    return record(
        act,
        entity,
        "application.notified",
        unit=unit,
        subject=f"applications/{application.receipt_number}/notices/{notice.number}",
        basis=application.receipt_number,
    )
