"""Tables `application` and `receipt_directory`."""

from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.application import (
    Application,
    ApplicationState,
    Visit,
    receipt_number,
)
from registry_service.domain.errors import ApplicationUnknown
from registry_service.domain.working_days import Deadline
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_SELECT: LiteralString = """
    SELECT a.entity_no, a.application_no, a.receipt_number, a.applicant, a.agent, a.identity_check,
           a.channel, a.unit_id, a.staff_no, a.created_at, a.state, a.due_from, a.due_date,
           a.due_provisional, a.assignee, a.extended_by, e.uscc, v.business_name
      FROM application a
      JOIN entity e ON e.entity_no = a.entity_no
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
"""
_INSERT: LiteralString = (
    """
    INSERT INTO application (entity_no, application_no, receipt_number, applicant, agent,
                             identity_check, channel, unit_id, staff_no, created_at, state,
                             due_from, due_date, due_provisional)
    SELECT %(entity_no)s, """
    + after_highest("application_no")
    + """, %(receipt_number)s, %(applicant)s,
           %(agent)s, %(identity_check)s, %(channel)s, %(unit_id)s, %(staff_no)s, %(created_at)s,
           %(state)s, %(due_from)s, %(due_date)s, %(due_provisional)s
      FROM application WHERE entity_no = %(entity_no)s
"""
)
_FIND: LiteralString = (
    _SELECT + " WHERE a.entity_no = %(entity_no)s AND a.receipt_number = %(receipt_number)s"
)
_AT: LiteralString = (
    _SELECT
    + """
      JOIN unnest(%(entities)s::bigint[], %(numbers)s::integer[])
           WITH ORDINALITY AS k (entity_no, application_no, place)
        ON k.entity_no = a.entity_no AND k.application_no = a.application_no
     ORDER BY k.place
"""
)
_SAVE: LiteralString = """
    UPDATE application
       SET state = %(state)s, due_from = %(due_from)s, due_date = %(due_date)s,
           due_provisional = %(due_provisional)s, assignee = %(assignee)s,
           extended_by = %(extended_by)s
     WHERE entity_no = %(entity_no)s AND application_no = %(application_no)s
"""

_CLOSE_ALL: LiteralString = """
    UPDATE application SET state = 'closed' WHERE entity_no = %(entity_no)s AND state <> 'closed'
"""


def _application(row: DictRow) -> Application:
    return Application(
        entity_no=row["entity_no"],
        number=row["application_no"],
        receipt_number=row["receipt_number"],
        visit=Visit(row["applicant"], row["agent"], row["identity_check"], row["channel"]),
        unit=row["unit_id"],
        taken_by=row["staff_no"],
        created_at=row["created_at"],
        state=ApplicationState(row["state"]),
        due_from=row["due_from"],
        due_date=row["due_date"],
        due_provisional=row["due_provisional"],
        assignee=row["assignee"] or "",
        extended_by=row["extended_by"] or "",
        uscc=row["uscc"],
        business_name=row["business_name"],
    )


class Applications:
    """Visits and their receipts; the caller holds the entity's lock when it writes one."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(
        self,
        entity_no: int,
        visit: Visit,
        unit: int,
        staff_no: str,
        now: datetime,
        day: date,
        due: Deadline | None = None,
    ) -> Application:
        """Take a visit and give it the next receipt number of the city.

        It is open until `due`; without one it is closed: what was asked for is done at once.
        """
        serial = only_row(self._connection, "SELECT nextval('receipt_seq') AS n")
        receipt = receipt_number(unit, day, serial["n"])
        row = {
            "entity_no": entity_no,
            "receipt_number": receipt,
            "applicant": visit.applicant,
            "agent": visit.agent,
            "identity_check": visit.identity_check,
            "channel": visit.channel,
            "unit_id": unit,
            "staff_no": staff_no,
            "created_at": now,
            "state": ApplicationState.OPEN if due else ApplicationState.CLOSED,
            "due_from": day if due else None,
            "due_date": due.date if due else None,
            "due_provisional": due is not None and due.provisional,
        }
        self._connection.execute(
            "INSERT INTO receipt_directory (receipt_number, entity_no)"
            " VALUES (%(receipt_number)s, %(entity_no)s)",
            row,
        )
        self._connection.execute(_INSERT, row)
        return self.find(entity_no, receipt)

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

    def at(self, keys: list[tuple[int, int]]) -> list[Application]:
        """Applications by entity and number, in the order of the keys."""
        key = {"entities": [k[0] for k in keys], "numbers": [k[1] for k in keys]}
        return [_application(row) for row in self._connection.execute(_AT, key)]

    def save(self, application: Application) -> None:
        """Write state, deadline and people."""
        row = {
            "entity_no": application.entity_no,
            "application_no": application.number,
            "state": application.state,
            "due_from": application.due_from,
            "due_date": application.due_date,
            "due_provisional": application.due_provisional,
            "assignee": application.assignee or None,
            "extended_by": application.extended_by or None,
        }
        self._connection.execute(_SAVE, row)

    def close_all(self, entity_no: int) -> None:
        """The entity has ended: nothing more becomes of its visits."""
        self._connection.execute(_CLOSE_ALL, {"entity_no": entity_no})
