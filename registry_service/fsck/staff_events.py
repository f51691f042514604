"""Invariant 7 for the staff table: what an event says is what was hashed when it was written."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.fsck.fault import Fault
from registry_service.store.staff_events import event_of

_ALL: LiteralString = """
    SELECT event_no, staff_no, kind, person_name, detail, actor, actor_name, workload,
           recorded_at, row_hash
      FROM staff_event
"""


def check_staff_events(connection: psycopg.Connection[DictRow]) -> Iterator[Fault]:
    """Events whose row is not the one that was hashed."""
    for row in connection.execute(_ALL):
        if event_of(row).digest() != bytes(row["row_hash"]):
            key = f"event_no={row['event_no']}"
            yield Fault(7, "staff_event", key, "the row was changed after it was written")
