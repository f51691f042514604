"""The queues of a unit: what a request asks of one, its pages, and how much waits."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page, from_microseconds, microseconds
from registry_service.domain.access import Purpose
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.queue import QueueCounts, QueuePlace, QueueQuery
from registry_service.domain.reading import Reader
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.look import keep_shown
from registry_service.rpc import names
from registry_service.rpc.convert_values import date_from_pb, known_unit, purpose_from_pb
from yizhao.registry.v1 import application_service_pb2, premises_service_pb2

_MOST_URGENT, _LEAST_URGENT = 0, 3
_CURSOR: Final = (int, int, int, int, int)
"""The day that decides what is overdue, and the last place."""

ListRequest = (
    application_service_pb2.ListApplicationsRequest | premises_service_pb2.ListFilingsRequest
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a queue, as a request asks for it."""

    page: Page
    purpose: Purpose
    unit: int
    state: str | None
    assignee: str | None
    due_by: date | None


def asked_of(request: ListRequest, state: str | None) -> Asked:
    """What a request asks for; `state` is its state, read by whoever knows the states.

    Raises:
        InvalidRequest: a field is not what it should be.
    """
    return Asked(
        Page(request, *_CURSOR),
        purpose_from_pb(request),
        names.unit_number(request.unit, "unit"),
        state,
        names.staff_asked(request.assignee, "assignee"),
        _due_by(request),
    )


def opened(act: Act, name: ActName, asked: Asked) -> tuple[QueueQuery, QueuePlace | None]:
    """The query, and the place after which its page begins; None on the first page.

    Raises:
        RoleMissing, NotYourUnit: the queue is not the actor's to see.
        InvalidRequest: there is no such unit, or the token tells of no place.
    """
    require_entitled(act, name)
    known_unit("unit", asked.unit, act.units)
    authorise(act, name, unit=asked.unit)
    today, after = _begins(asked.page, act.today)
    units = tuple(act.units.below(asked.unit))
    return QueueQuery(units, today, asked.state, asked.assignee, asked.due_by), after


def shown(act: Act, name: ActName, asked: Asked, places: list[QueuePlace]) -> list[tuple[int, int]]:
    """Entity and number of each place on the page; that they were read is kept."""
    keys = [(place.entity_no, place.number) for place in places[: asked.page.size]]
    keep_shown(act, name.method, [entity_no for entity_no, _ in keys], asked.purpose)
    return keys


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


def counts_to_pb(counts: QueueCounts) -> application_service_pb2.QueueCounts:
    """How much waits, on the wire."""
    return application_service_pb2.QueueCounts(
        total=counts.total, overdue=counts.overdue, due_today=counts.due_today
    )


def _due_by(request: ListRequest) -> date | None:
    reader = Reader()
    day = date_from_pb("due_by_date", request.due_by_date, reader)
    reader.finish()
    return day


def _begins(page: Page, today: date) -> tuple[date, QueuePlace | None]:
    if not page.after:
        return today, None
    day, urgency, at, entity_no, number = (int(value) for value in page.after)
    if not (1 <= day <= date.max.toordinal() and _MOST_URGENT <= urgency <= _LEAST_URGENT):
        raise InvalidRequest(
            FieldViolation("page_token", "is not of this query", "翻页标记与查询条件不符")
        )
    place = QueuePlace(urgency, from_microseconds(at), entity_no, number)
    return date.fromordinal(day), place
