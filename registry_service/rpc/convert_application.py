"""Applications, notices and queues between wire and domain."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.application import (
    Application,
    ApplicationState,
    Item,
    Notice,
    Visit,
)
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.queue import QueueCounts, QueuePlace
from registry_service.domain.reading import Reader
from registry_service.rpc.convert_entity import entity_name
from registry_service.rpc.convert_values import date_from_pb, date_to_pb, time_to_pb
from registry_service.rpc.names import staff_name, unit_name
from registry_service.rpc.paging import Page, from_microseconds, microseconds
from yizhao.registry.v1 import application_pb2 as pb
from yizhao.registry.v1 import application_service_pb2 as service_pb
from yizhao.registry.v1 import premises_service_pb2

_STATES: Final = {
    s: pb.ApplicationState.Value(f"APPLICATION_STATE_{s.name}") for s in ApplicationState
}
_MOST_URGENT, _LEAST_URGENT = 0, 3
CURSOR: Final = (int, int, int, int, int)
"""Of a queue's pages: the day that decides what is overdue, and the last place."""


def application_to_pb(application: Application, items: Iterable[Item] = ()) -> pb.Application:
    """An application on the wire."""
    entity = entity_name(application.uscc)
    return pb.Application(
        name=f"{entity}/applications/{application.receipt_number}",
        receipt_number=application.receipt_number,
        details=_details_to_pb(application.visit),
        unit=unit_name(application.unit),
        taken_by=staff_name(application.taken_by),
        create_time=time_to_pb(application.created_at),
        state=_STATES[application.state],
        items=[_item_to_pb(item, entity) for item in items],
        due_date=date_to_pb(application.due_date),
        due_date_provisional=application.due_provisional,
        assignee=staff_name(application.assignee),
        business_name=application.business_name,
    )


def _details_to_pb(visit: Visit) -> pb.ApplicationDetails:
    return pb.ApplicationDetails(
        applicant=visit.applicant,
        agent=visit.agent,
        identity_check=pb.IdentityCheck.Value(f"IDENTITY_CHECK_{visit.identity_check.upper()}"),
        channel=pb.Channel.Value(f"CHANNEL_{visit.channel.upper()}"),
    )


def _item_to_pb(item: Item, entity: str) -> pb.ApplicationItem:
    return pb.ApplicationItem(
        subject=f"{entity}/{item.subject}" if item.subject else entity,
        act=item.act,
        outcome=item.outcome,
        text=item.text,
    )


def notice_to_pb(notice: Notice, application: Application) -> pb.Notice:
    """A notice on the wire."""
    entity = entity_name(application.uscc)
    return pb.Notice(
        name=f"{entity}/applications/{application.receipt_number}/notices/{notice.number}",
        number=notice.number,
        defects=[
            pb.Defect(
                subject=f"{entity}/filings/{defect.filing_no}",
                rule=defect.rule,
                reason=defect.reason,
                remedy=defect.remedy,
            )
            for defect in notice.defects
        ],
        create_time=time_to_pb(notice.created_at),
        told_by=staff_name(notice.told_by),
    )


def state_from_pb(state: pb.ApplicationState.ValueType) -> ApplicationState | None:
    """The state asked for; None for any.

    Raises:
        InvalidRequest: a number that names no state.
    """
    if state == pb.APPLICATION_STATE_UNSPECIFIED:
        return None
    for ours, theirs in _STATES.items():
        if theirs == state:
            return ours
    raise InvalidRequest(FieldViolation("state", "is no state", "申请状态有误"))


def counts_to_pb(counts: QueueCounts) -> service_pb.QueueCounts:
    """How much waits, on the wire."""
    return service_pb.QueueCounts(
        total=counts.total, overdue=counts.overdue, due_today=counts.due_today
    )


def due_by_from_pb(
    request: service_pb.ListApplicationsRequest | premises_service_pb2.ListFilingsRequest,
) -> date | None:
    """The last day asked for; None for any.

    Raises:
        InvalidRequest: it is not a whole date.
    """
    reader = Reader()
    day = date_from_pb("due_by_date", request.due_by_date, reader)
    reader.finish()
    return day


def place_of(page: Page, today: date) -> tuple[date, QueuePlace | None]:
    """The day and the place after which a page of a queue begins; None on the first page.

    Raises:
        InvalidRequest: the token tells of no such place.
    """
    if not page.after:
        return today, None
    day, urgency, at, entity_no, number = (int(value) for value in page.after)
    if not (1 <= day <= date.max.toordinal() and _MOST_URGENT <= urgency <= _LEAST_URGENT):
        raise InvalidRequest(
            FieldViolation("page_token", "is not of this query", "翻页标记与查询条件不符")
        )
    place = QueuePlace(urgency, from_microseconds(at), entity_no, number)
    return date.fromordinal(day), place


def token_of(page: Page, today: date, places: list[QueuePlace]) -> str:
    """The token of the page behind these places, of which one more than shown was looked for."""
    if len(places) <= page.size:
        return ""
    last = places[page.size - 1]
    return page.token(
        today.toordinal(),
        last.urgency,
        microseconds(last.created_at),
        last.entity_no,
        last.number,
        more=True,
    )
