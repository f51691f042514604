"""The two queues against a naive sort of the same rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_service.domain.application import ApplicationState, Visit
from registry_service.domain.premises import FilingState, Site
from registry_service.domain.queue import NOBODY, QueueCounts, QueuePlace, QueueQuery
from registry_service.domain.staff import Staff
from registry_service.domain.working_days import Deadline
from registry_service.store.transaction import Store, Transaction
from tests.db.registry.test_stores import NOW, TODAY, an_entity
from tests.unit.registry.cases import FACE

DAY = timedelta(days=1)
VISIT = Visit("钱试写", "", "card_at_counter", "counter")
WAITING = {"open", "draft", "submitted", "manual"}
DECIDED = {"closed", "filed", "rejected", "withdrawn"}


@dataclass(frozen=True)
class Row:
    """A thing that waits, as the naive sort sees it."""

    state: str
    due: int | None
    """Days from today."""
    age: int
    """Minutes since it came."""
    assignee: str
    unit: int

    @property
    def due_date(self) -> date | None:
        return None if self.due is None else TODAY + self.due * DAY

    @property
    def created_at(self) -> datetime:
        return NOW - self.age * timedelta(minutes=1)

    @property
    def urgency(self) -> int:
        if self.state in DECIDED:
            return 3
        if self.state not in WAITING or self.due is None or self.due > 0:
            return 2
        return 0 if self.due < 0 else 1


def rows(states: list[str]) -> st.SearchStrategy[list[Row]]:
    row = st.builds(
        Row,
        st.sampled_from(states),
        st.none() | st.integers(-3, 3),
        st.integers(0, 5),
        st.sampled_from(["", "0101", "0103"]),
        st.sampled_from([11, 21]),
    )
    return st.lists(row, max_size=25)


QUERIES: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    assignee=st.sampled_from([None, NOBODY, "0101"]),
    due_by=st.none() | st.integers(-3, 3).map(lambda days: TODAY + days * DAY),
)


def fits(row: Row, query: QueueQuery) -> bool:
    due = row.due_date
    return (
        row.unit in query.units
        and query.state in (None, row.state)
        and (query.assignee is None or row.assignee == query.assignee.replace(NOBODY, ""))
        and (query.due_by is None or (due is not None and due <= query.due_by))
    )


def naive(stored: list[Row], query: QueueQuery) -> tuple[list[tuple[int, datetime, int]], Any]:
    """Places in order, and the counts."""
    found = [(row, number) for number, row in enumerate(stored, 1) if fits(row, query)]
    order = sorted((row.urgency, row.created_at, number) for row, number in found)
    overdue = sum(row.urgency == 0 for row, _ in found)
    today = sum(row.urgency == 1 for row, _ in found)
    return order, QueueCounts(len(found), overdue, today)


def paged(
    ask: Callable[[QueueQuery, QueuePlace | None, int], list[QueuePlace]],
    query: QueueQuery,
    size: int,
) -> list[QueuePlace]:
    seen: list[QueuePlace] = []
    while page := ask(query, seen[-1] if seen else None, size):
        assert len(page) <= size
        seen += page
    return seen


def put_colleague(tx: Transaction) -> None:
    tx.staff.put(Staff("0103", "同事", ()))


def put_applications(tx: Transaction, stored: list[Row]) -> None:
    number = an_entity(tx).number
    for place, row in enumerate(stored, 1):
        tx.applications.add(
            number, VISIT, row.unit, "0101", row.created_at, TODAY, Deadline(TODAY, False)
        )
        tx.connection.execute(
            "UPDATE application SET state = %s, due_date = %s, assignee = %s"
            " WHERE entity_no = %s AND application_no = %s",
            (row.state, row.due_date, row.assignee or None, number, place),
        )


def put_filings(tx: Transaction, stored: list[Row]) -> None:
    number = an_entity(tx).number
    visit = tx.applications.add(number, VISIT, 11, "0101", NOW, TODAY, Deadline(TODAY, False))
    for place, row in enumerate(stored, 1):
        tx.filings.add(visit, Site("", FACE.address), (), row.created_at, home_unit=row.unit)
        tx.connection.execute(
            "UPDATE filing SET state = %s, due_date = %s, assignee = %s"
            " WHERE entity_no = %s AND filing_no = %s",
            (row.state, row.due_date, row.assignee or None, number, place),
        )


class Undone(Exception):
    """Takes a transaction back."""


@contextmanager
def undone(store: Store) -> Iterator[Transaction]:
    """A transaction that leaves nothing behind."""
    with suppress(Undone), store.transaction() as tx:
        yield tx
        raise Undone


@pytest.mark.parametrize("what", ["application", "filing"])
@given(st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_pages_of_any_size_give_the_order_of_a_naive_sort(
    store: Store, what: str, data: st.DataObject
) -> None:
    of_visits = what == "application"
    states = list(ApplicationState) if of_visits else list(FilingState)
    stored = data.draw(rows([state.value for state in states]))
    state = data.draw(st.none() | st.sampled_from([state.value for state in states]))
    units = data.draw(st.sampled_from([(11,), (21,), (11, 21)]))
    query = QueueQuery(units, TODAY, state, **data.draw(QUERIES))
    size = data.draw(st.integers(1, 7))
    with undone(store) as tx:
        put_colleague(tx)
        (put_applications if of_visits else put_filings)(tx, stored)
        queues = tx.queues
        ask = queues.applications if of_visits else queues.filings
        count = queues.count_applications if of_visits else queues.count_filings
        order, counts = naive(stored, query)
        found = [(p.urgency, p.created_at, p.number) for p in paged(ask, query, size)]
        assert found == order
        assert count(query) == counts


def test_things_come_as_they_stand_in_the_queue(store: Store) -> None:
    stored = [Row("draft", 1, 1, "", 11), Row("manual", -1, 0, "", 11), Row("draft", 0, 0, "", 11)]
    with store.transaction() as tx:
        put_colleague(tx)
        put_filings(tx, stored)
        places = tx.queues.filings(QueueQuery((11,), TODAY), None, 10)
        filings = tx.filings.at([(place.entity_no, place.number) for place in places])
    assert [filing.number for filing in filings] == [2, 3, 1]
    assert filings[0].business_name == FACE.business_name
    assert NOW.tzinfo is UTC
