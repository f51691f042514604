"""Tables `application` and `receipt_directory`."""

from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.application import Application, Visit, receipt_number
from registry_service.domain.errors import ApplicationUnknown

_COLUMNS: LiteralString = """
    entity_no, application_no, receipt_number, applicant, agent, identity_check, channel,
    unit_id, staff_no, created_at
"""
_INSERT: LiteralString = (
    "INSERT INTO application ("
    + _COLUMNS
    + """)
    SELECT %(entity_no)s, coalesce(max(application_no), 0) + 1, %(receipt_number)s, %(applicant)s,
           %(agent)s, %(identity_check)s, %(channel)s, %(unit_id)s, %(staff_no)s, %(created_at)s
      FROM application WHERE entity_no = %(entity_no)s
    RETURNING """
    + _COLUMNS
)
_FIND: LiteralString = (
    "SELECT "
    + _COLUMNS
    + """ FROM application
     WHERE entity_no = %(entity_no)s AND receipt_number = %(receipt_number)s
"""
)


def _application(row: DictRow) -> Application:
    return Application(
        entity_no=row["entity_no"],
        number=row["application_no"],
        receipt_number=row["receipt_number"],
        visit=Visit(row["applicant"], row["agent"], row["identity_check"], row["channel"]),
        unit=row["unit_id"],
        taken_by=row["staff_no"],
        created_at=row["created_at"],
    )


class Applications:
    """Visits and their receipts; the caller holds the entity's lock when it adds one."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(
        self, entity_no: int, visit: Visit, unit: int, staff_no: str, now: datetime, day: date
    ) -> Application:
        """Take a visit and give it the next receipt number of the city."""
        serial = self._connection.execute("SELECT nextval('receipt_seq') AS n").fetchone()
        assert serial is not None  # noqa: S101 - a SELECT without FROM has one row
        row = {
            "entity_no": entity_no,
            "receipt_number": receipt_number(unit, day, serial["n"]),
            "applicant": visit.applicant,
            "agent": visit.agent,
            "identity_check": visit.identity_check,
            "channel": visit.channel,
            "unit_id": unit,
            "staff_no": staff_no,
            "created_at": now,
        }
        self._connection.execute(
            "INSERT INTO receipt_directory (receipt_number, entity_no)"
            " VALUES (%(receipt_number)s, %(entity_no)s)",
            row,
        )
        stored = self._connection.execute(_INSERT, row).fetchone()
        assert stored is not None  # noqa: S101 - INSERT … RETURNING of one row
        return _application(stored)

    def find(self, entity_no: int, receipt: str) -> Application:
        """The entity's application with this receipt number.

        Raises:
            ApplicationUnknown: it has none.
        """
        key = {"entity_no": entity_no, "receipt_number": receipt}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise ApplicationUnknown(
                f"the entity has no application {receipt}",
                zh=f"该主体没有受理编号为 {receipt} 的申请",
                receipt_number=receipt,
            )
        return _application(row)
