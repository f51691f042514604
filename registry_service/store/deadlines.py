"""Deadlines that were told before the calendar knew the year, in whatever table they stand."""

from dataclasses import dataclass
from datetime import date
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.application import DECISION_DAYS, EXTENSION_DAYS
from registry_service.domain.handover import ANSWER_DAYS, FLAG_DAYS
from registry_service.domain.working_days import Deadline

_CHINA: LiteralString = "AT TIME ZONE 'Asia/Shanghai'"


@dataclass(frozen=True, slots=True)
class Provisional:
    """A row whose deadline may move."""

    table: str
    key: tuple[int, ...]
    due_from: date
    days: int
    due: date


@dataclass(frozen=True, slots=True)
class _Table:
    """Where deadlines stand: first day and days of each, and how to write one."""

    select: LiteralString
    update: LiteralString
    keys: int


_EXTENDED: LiteralString = "CASE WHEN a.extended_by IS NULL THEN 0 ELSE %(extension)s END"
_SET: LiteralString = " SET due_date = %(due)s, due_provisional = %(provisional)s WHERE "
_TABLES: Final = {
    "application": _Table(
        "SELECT a.entity_no AS k1, a.application_no AS k2, 0 AS k3, a.due_from, a.due_date,"
        " %(decision)s + " + _EXTENDED + " AS days FROM application a"
        " WHERE a.due_provisional AND a.due_from IS NOT NULL",
        "UPDATE application" + _SET + "entity_no = %(k1)s AND application_no = %(k2)s",
        2,
    ),
    "filing": _Table(
        "SELECT f.entity_no AS k1, f.filing_no AS k2, 0 AS k3, f.due_from, f.due_date,"
        " %(decision)s + " + _EXTENDED + " AS days FROM filing f JOIN application a"
        " ON a.entity_no = f.entity_no AND a.application_no = f.application_no"
        " WHERE f.due_provisional AND f.due_from IS NOT NULL",
        "UPDATE filing" + _SET + "entity_no = %(k1)s AND filing_no = %(k2)s",
        2,
    ),
    # A hand-over that was passed on, or opened again, has its days from then.
    "handover": _Table(
        "SELECT h.entity_no AS k1, h.handover_no AS k2, 0 AS k3, h.due_date, (coalesce("
        " (SELECT max(e.recorded_at) FROM event e WHERE e.entity_no = h.entity_no"
        " AND e.subject = 'handovers/' || h.handover_no AND e.kind IN"
        " ('handover.forwarded', 'handover.reopened')),"
        " h.created_at) " + _CHINA + ")::date AS due_from, %(answer)s AS days"
        " FROM handover h WHERE h.due_provisional AND h.state <> 'closed'",
        "UPDATE handover" + _SET + "entity_no = %(k1)s AND handover_no = %(k2)s",
        2,
    ),
    "flag": _Table(
        "SELECT f.entity_no AS k1, f.premises_no AS k2, f.flag_no AS k3, f.due_date,"
        " (f.created_at " + _CHINA + ")::date AS due_from, %(flag)s AS days"
        " FROM flag f WHERE f.due_provisional",
        "UPDATE flag" + _SET + "entity_no = %(k1)s AND premises_no = %(k2)s AND flag_no = %(k3)s",
        3,
    ),
}


class Deadlines:
    """Provisional deadlines; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def provisional(self) -> list[Provisional]:
        """Every deadline that may move; few, as they are of one year's turn."""
        days = {
            "decision": DECISION_DAYS,
            "extension": EXTENSION_DAYS,
            "answer": ANSWER_DAYS,
            "flag": FLAG_DAYS,
        }
        return [
            Provisional(
                name,
                (row["k1"], row["k2"], row["k3"])[: table.keys],
                row["due_from"],
                row["days"],
                row["due_date"],
            )
            for name, table in _TABLES.items()
            for row in self._connection.execute(table.select, days)
        ]

    def put(self, row: Provisional, deadline: Deadline) -> None:
        """Write a deadline; the row's revision stays, as nobody did anything to it."""
        keys = {f"k{place}": value for place, value in enumerate(row.key, 1)}
        new = {"due": deadline.date, "provisional": deadline.provisional}
        self._connection.execute(_TABLES[row.table].update, keys | new)
