"""Invariant 7: what an event says is what was hashed when it was written."""

from collections.abc import Iterator
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.event import Event
from registry_service.fsck.fault import Fault

_ALL: LiteralString = """
    SELECT entity_no, revision, kind, subject, state_after, actor, actor_name, actor_unit_id,
           workload, basis, effective_date, recorded_at, reverses_revision, second_actor,
           second_actor_name, row_hash
      FROM event
"""
_BATCH: Final = 10_000


def check_events(connection: psycopg.Connection[DictRow]) -> Iterator[Fault]:
    """Events whose row is not the one that was hashed."""
    with connection.cursor("fsck_events") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_ALL)
        for row in cursor:
            if _event(row).digest() != bytes(row["row_hash"]):
                key = f"entity_no={row['entity_no']} revision={row['revision']}"
                yield Fault(7, "event", key, "the row was changed after it was written")


def _event(row: DictRow) -> Event:
    return Event(
        entity_no=row["entity_no"],
        revision=row["revision"],
        kind=row["kind"],
        subject=row["subject"],
        state_after=row["state_after"],
        actor=row["actor"],
        actor_name=row["actor_name"],
        actor_unit=row["actor_unit_id"],
        workload=row["workload"],
        basis=row["basis"],
        effective_date=row["effective_date"],
        recorded_at=row["recorded_at"],
        reverses_revision=row["reverses_revision"],
        second_actor=row["second_actor"],
        second_actor_name=row["second_actor_name"],
    )
