"""Table `staff_event`."""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from registry_service.domain.staff_event import StaffEvent

_ADD: LiteralString = """
    INSERT INTO staff_event (staff_no, kind, person_name, detail, actor, actor_name, workload,
                             recorded_at, row_hash)
    VALUES (%(staff_no)s, %(kind)s, %(person_name)s, %(detail)s, %(actor)s, %(actor_name)s,
            %(workload)s, %(recorded_at)s, %(row_hash)s)
"""


class StaffEvents:
    """What was done to the staff table; rows are added only."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, event: StaffEvent) -> None:
        """Keep what was done."""
        row = {
            "staff_no": event.staff_no,
            "kind": event.kind,
            "person_name": event.person_name,
            "detail": Jsonb(event.detail),
            "actor": event.actor,
            "actor_name": event.actor_name,
            "workload": event.workload,
            "recorded_at": event.recorded_at,
            "row_hash": event.digest(),
        }
        self._connection.execute(_ADD, row)


def event_of(row: DictRow) -> StaffEvent:
    """The event that a row of the table holds."""
    return StaffEvent(
        staff_no=row["staff_no"],
        kind=row["kind"],
        person_name=row["person_name"],
        detail=row["detail"],
        actor=row["actor"],
        actor_name=row["actor_name"],
        workload=row["workload"],
        recorded_at=row["recorded_at"],
    )
