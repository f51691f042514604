"""Table `key_event`."""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from registry_service.domain.key_event import KeyEvent

_ADD: LiteralString = """
    INSERT INTO key_event (kind, subject, reason, detail, actor, actor_name, workload, recorded_at,
                           row_hash)
    VALUES (%(kind)s, %(subject)s, %(reason)s, %(detail)s, %(actor)s, %(actor_name)s, %(workload)s,
            %(recorded_at)s, %(row_hash)s)
"""


class KeyEvents:
    """What was done to keys, hosts and trust lists; rows are added only."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, event: KeyEvent) -> None:
        """Keep what was done."""
        row = {
            "kind": event.kind,
            "subject": event.subject,
            "reason": event.reason,
            "detail": Jsonb(event.detail),
            "actor": event.actor,
            "actor_name": event.actor_name,
            "workload": event.workload,
            "recorded_at": event.recorded_at,
            "row_hash": event.digest(),
        }
        self._connection.execute(_ADD, row)


def event_of(row: DictRow) -> KeyEvent:
    """The event that a row of the table holds."""
    return KeyEvent(
        kind=row["kind"],
        subject=row["subject"],
        reason=row["reason"],
        detail=row["detail"],
        actor=row["actor"],
        actor_name=row["actor_name"],
        workload=row["workload"],
        recorded_at=row["recorded_at"],
    )
