"""Invariant 7 for keys: what an event says is what was hashed, and each ended act has its own."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.fsck.fault import Fault
from registry_service.store.key_events import event_of

_ALL: LiteralString = """
    SELECT event_no, kind, subject, reason, detail, actor, actor_name, workload, recorded_at,
           row_hash
      FROM key_event
"""
_UNTOLD: LiteralString = """
    SELECT a.act_no FROM key_act a
     WHERE a.state IN ('done', 'refused')
       AND NOT EXISTS (SELECT FROM key_event e
                        WHERE e.subject = 'keyActs/' || a.act_no
                          AND e.kind = CASE a.state WHEN 'done' THEN 'key_act.confirmed'
                                                    ELSE 'key_act.refused' END)
"""


def check_key_events(connection: psycopg.Connection[DictRow]) -> Iterator[Fault]:
    """Events whose row is not the one that was hashed, and acts that no event tells of."""
    for row in connection.execute(_ALL):
        if event_of(row).digest() != bytes(row["row_hash"]):
            key = f"event_no={row['event_no']}"
            yield Fault(7, "key_event", key, "the row was changed after it was written")
    for row in connection.execute(_UNTOLD):
        yield Fault(7, "key_act", f"act_no={row['act_no']}", "no event tells how it ended")
