"""Invariant 7: what an event says is what was hashed when it was written."""

from collections.abc import Iterator
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.fsck.fault import Fault
from registry_service.fsck.progress import Tell, counted, rows_of, silent
from registry_service.store.events import COLUMNS, read_event

_ALL: LiteralString = "SELECT row_hash, " + COLUMNS + " FROM event"  # noqa: S608 - constants
_BATCH: Final = 10_000


def check_events(connection: psycopg.Connection[DictRow], tell: Tell = silent) -> Iterator[Fault]:
    """Events whose row is not the one that was hashed."""
    whole = rows_of(connection, "SELECT count(*) AS n FROM event")
    with connection.cursor("fsck_events") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_ALL)
        for row in counted(cursor, "events 事件", whole, tell):
            if read_event(row).digest() != bytes(row["row_hash"]):
                key = f"entity_no={row['entity_no']} revision={row['revision']}"
                yield Fault(7, "event", key, "the row was changed after it was written")
