"""Table `premises_statement`: lists of filed places that are stored, then signed."""

from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import StatementUnknown
from registry_service.domain.statement import STATEMENT_STATUS, StatementState, StoredStatement
from registry_service.store.numbers import Numbers

_SELECT: LiteralString = """
    SELECT entity_no, version, face_version, state, kid, to_be_signed, list_no, idx, document,
           created_at, issued_at, ended_revision
      FROM premises_statement
"""
_OF_ENTITY: LiteralString = _SELECT + " WHERE entity_no = %(entity_no)s"
_LIVE: LiteralString = _OF_ENTITY + " AND state IN ('intent', 'issued')"
_FIND: LiteralString = _OF_ENTITY + " AND version = %(version)s"
_SUMMIT: LiteralString = _OF_ENTITY + " ORDER BY version DESC LIMIT 1"
_INTENTS: LiteralString = (
    _SELECT
    + " WHERE state = 'intent' AND created_at < coalesce(%(before)s::timestamptz, 'infinity')"
    + " ORDER BY created_at, entity_no LIMIT %(limit)s"
)
_ADD: LiteralString = """
    INSERT INTO premises_statement (entity_no, version, face_version, state, kid, to_be_signed,
                                    list_no, idx, created_at)
    VALUES (%(entity_no)s, %(version)s, %(face_version)s, %(state)s, %(kid)s, %(to_be_signed)s,
            %(list_no)s, %(idx)s, %(created_at)s)
"""
_ISSUE: LiteralString = """
    UPDATE premises_statement
       SET state = 'issued', document = %(document)s, issued_at = %(now)s
     WHERE entity_no = %(entity_no)s AND version = %(version)s AND state = 'intent'
"""
_END: LiteralString = """
    UPDATE premises_statement SET state = %(state)s, ended_revision = %(revision)s
     WHERE entity_no = %(entity_no)s AND version = %(version)s AND state = %(was)s
"""
# An intent is voided, what was signed is superseded: its entry says so with the next publication.
_END_OF_RUN: LiteralString = """
    WITH ended AS (
        UPDATE premises_statement s
           SET state = CASE s.state WHEN 'issued' THEN 'superseded' ELSE 'voided' END,
               ended_revision = e.revision
          FROM entity e
         WHERE e.entity_no = s.entity_no AND s.state IN ('intent', 'issued')
           AND EXISTS (SELECT FROM premises_version v
                        WHERE v.entity_no = s.entity_no AND v.run_no = %(run_no)s)
        RETURNING s.entity_no, s.list_no, s.idx, s.state
    )
    UPDATE status_entry t
       SET own = CASE n.state WHEN 'superseded' THEN %(superseded)s ELSE %(voided)s END
      FROM ended n
     WHERE t.entity_no = n.entity_no AND t.list_no = n.list_no AND t.idx = n.idx
"""


def _statement(row: DictRow) -> StoredStatement:
    return StoredStatement(
        entity_no=row["entity_no"],
        version=row["version"],
        face_version=row["face_version"],
        state=StatementState(row["state"]),
        kid=bytes(row["kid"]),
        to_be_signed=bytes(row["to_be_signed"]),
        list_no=row["list_no"],
        index=row["idx"],
        created_at=row["created_at"],
        document=bytes(row["document"]) if row["document"] is not None else None,
        issued_at=row["issued_at"],
        ended_revision=row["ended_revision"],
    )


class Statements:
    """Premises statements; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def _one(self, query: LiteralString, key: dict[str, Any]) -> StoredStatement | None:
        row = self._connection.execute(query, key).fetchone()
        return _statement(row) if row else None

    def live(self, entity_no: int) -> StoredStatement | None:
        """The statement in force, signed or an intent; None if there is none."""
        return self._one(_LIVE, {"entity_no": entity_no})

    def find(self, entity_no: int, version: int) -> StoredStatement:
        """The statement of that version.

        Raises:
            StatementUnknown: none was issued with it.
        """
        found = self._one(_FIND, {"entity_no": entity_no, "version": version})
        if found is None:
            raise StatementUnknown(
                f"the entity has no premises statement {version}",
                zh=f"该主体没有第 {version} 版经营场所清单",
                version=version,
            )
        return found

    def next_version(self, entity_no: int) -> int:
        """The version that the next one takes; never one that was used, even if voided."""
        last = self._one(_SUMMIT, {"entity_no": entity_no})
        return Numbers(self._connection).after(last.version if last else 0)

    def add(self, statement: StoredStatement) -> None:
        """Store an intent; the caller has locked the entity and found none live."""
        row = {
            "entity_no": statement.entity_no,
            "version": statement.version,
            "face_version": statement.face_version,
            "state": statement.state.value,
            "kid": statement.kid,
            "to_be_signed": statement.to_be_signed,
            "list_no": statement.list_no,
            "idx": statement.index,
            "created_at": statement.created_at,
        }
        self._connection.execute(_ADD, row)

    def issue(self, statement: StoredStatement, document: bytes, now: datetime) -> None:
        """Put an intent in force with its signature."""
        row = {
            "entity_no": statement.entity_no,
            "version": statement.version,
            "document": document,
            "now": now,
        }
        self._connection.execute(_ISSUE, row)

    def end(self, statement: StoredStatement, state: StatementState, revision: int | None) -> None:
        """Take a live statement out of force, after the event of that revision."""
        row = {
            "entity_no": statement.entity_no,
            "version": statement.version,
            "was": statement.state.value,
            "state": state.value,
            "revision": revision,
        }
        self._connection.execute(_END, row)

    def end_where_run_filed(self, run_no: int) -> None:
        """Take statements out of force whose entities got places by an import run."""
        row = {
            "run_no": run_no,
            "superseded": STATEMENT_STATUS[StatementState.SUPERSEDED],
            "voided": STATEMENT_STATUS[StatementState.VOIDED],
        }
        self._connection.execute(_END_OF_RUN, row)

    def intents(self, limit: int, before: datetime | None = None) -> list[StoredStatement]:
        """Statements stored, before that moment if one is given, and not signed yet; the oldest
        first."""
        key = {"limit": limit, "before": before}
        return [_statement(row) for row in self._connection.execute(_INTENTS, key)]
