"""Who is next: applications and filings of a unit in the order of their urgency."""

from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.queue import NOBODY, QueueCounts, QueuePlace, QueueQuery
from registry_service.store.rows import only_row


@dataclass(frozen=True, slots=True)
class _Queue:
    """The statements of one of the two tables."""

    page: LiteralString
    counts: LiteralString


def _queue(
    table: LiteralString,
    number: LiteralString,
    unit: LiteralString,
    waiting: LiteralString,
    decided: LiteralString,
) -> _Queue:
    """Statements over a table; `waiting` are the states that wait for the office."""
    where: LiteralString = (
        " WHERE " + unit + " = ANY (%(units)s)"
        " AND (%(state)s::text IS NULL OR state = %(state)s)"
        " AND (%(due_by)s::date IS NULL OR due_date <= %(due_by)s)"
        " AND (%(assignee)s::text IS NULL OR assignee = %(assignee)s)"
        " AND (NOT %(nobody)s OR assignee IS NULL)"
    )
    waits: LiteralString = "state IN (" + waiting + ")"
    rank: LiteralString = (
        "CASE WHEN state IN (" + decided + ") THEN 3"
        " WHEN " + waits + " AND due_date < %(today)s THEN 0"
        " WHEN " + waits + " AND due_date = %(today)s THEN 1 ELSE 2 END"
    )
    return _Queue(
        page="SELECT entity_no, number, urgency, created_at FROM (SELECT entity_no, "
        + number
        + " AS number, created_at, "
        + rank
        + " AS urgency FROM "
        + table
        + where
        + """) q
         WHERE %(after_urgency)s::integer IS NULL
            OR (urgency, created_at, entity_no, number) >
               (%(after_urgency)s, %(after_time)s, %(after_entity)s, %(after_number)s)
         ORDER BY urgency, created_at, entity_no, number LIMIT %(limit)s""",
        counts="SELECT count(*) AS total, count(*) FILTER (WHERE "
        + waits
        + " AND due_date < %(today)s) AS overdue, count(*) FILTER (WHERE "
        + waits
        + " AND due_date = %(today)s) AS due_today FROM "
        + table
        + where,
    )


_APPLICATIONS: Final = _queue(
    "application", "application_no", "unit_id", "'open', 'manual'", "'closed'"
)
_FILINGS: Final = _queue(
    "filing",
    "filing_no",
    "home_unit_id",
    "'draft', 'submitted', 'manual'",
    "'filed', 'rejected', 'withdrawn'",
)


class Queues:
    """The two queues; they tell places, `Applications` and `Filings` tell what stands there."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def applications(
        self, query: QueueQuery, after: QueuePlace | None, limit: int
    ) -> list[QueuePlace]:
        """Places of applications behind `after`, the most urgent first."""
        return self._page(_APPLICATIONS, query, after, limit)

    def filings(self, query: QueueQuery, after: QueuePlace | None, limit: int) -> list[QueuePlace]:
        """Places of filings behind `after`, the most urgent first."""
        return self._page(_FILINGS, query, after, limit)

    def count_applications(self, query: QueueQuery) -> QueueCounts:
        """How many applications fit the query, on whatever page."""
        return self._counts(_APPLICATIONS, query)

    def count_filings(self, query: QueueQuery) -> QueueCounts:
        """How many filings fit the query, on whatever page."""
        return self._counts(_FILINGS, query)

    def _page(
        self, queue: _Queue, query: QueueQuery, after: QueuePlace | None, limit: int
    ) -> list[QueuePlace]:
        key = _key(query) | {
            "after_urgency": after.urgency if after else None,
            "after_time": after.created_at if after else None,
            "after_entity": after.entity_no if after else None,
            "after_number": after.number if after else None,
            "limit": limit,
        }
        return [
            QueuePlace(row["urgency"], row["created_at"], row["entity_no"], row["number"])
            for row in self._connection.execute(queue.page, key)
        ]

    def _counts(self, queue: _Queue, query: QueueQuery) -> QueueCounts:
        row = only_row(self._connection, queue.counts, _key(query))
        return QueueCounts(row["total"], row["overdue"], row["due_today"])


def _key(query: QueueQuery) -> dict[str, Any]:
    nobody = query.assignee == NOBODY
    return {
        "units": list(query.units),
        "today": query.today,
        "state": query.state,
        "assignee": None if nobody else query.assignee,
        "nobody": nobody,
        "due_by": query.due_by,
    }
