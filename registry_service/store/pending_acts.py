"""Table `pending_act`."""

from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from registry_service.domain.authority import ActName
from registry_service.domain.command import read_command
from registry_service.domain.errors import PendingActUnknown
from registry_service.domain.pending_act import PendingAct, PendingState
from registry_service.store.numbers import after_highest

_SELECT: LiteralString = """
    SELECT p.entity_no, p.act_no, p.act, p.command, p.summary, p.business_name, p.home_unit_id,
           p.entity_revision, p.state, p.asked_by, p.asked_at, p.expires_at, p.answered_by,
           p.answered_at, p.reason, e.uscc
      FROM pending_act p JOIN entity e ON e.entity_no = p.entity_no
"""
_FIND: LiteralString = _SELECT + " WHERE p.entity_no = %(entity_no)s AND p.act_no = %(act_no)s"
_WAITING: LiteralString = (
    _SELECT
    + """
     WHERE p.entity_no = %(entity_no)s AND p.state = 'waiting' AND p.expires_at > %(now)s
     ORDER BY p.act_no
"""
)
_UNIT: LiteralString = (
    _SELECT
    + """
     WHERE p.home_unit_id = ANY (%(units)s) AND p.state = 'waiting' AND p.expires_at > %(now)s
       AND (p.asked_at, p.entity_no, p.act_no) > (%(after_time)s, %(after_entity)s, %(after_act)s)
     ORDER BY p.asked_at, p.entity_no, p.act_no
     LIMIT %(limit)s
"""
)
_INSERT: LiteralString = """
    INSERT INTO pending_act (entity_no, act_no, act, command, summary, business_name, home_unit_id,
                             entity_revision, state, asked_by, asked_at, expires_at)
    VALUES (%(entity_no)s, %(act_no)s, %(act)s, %(command)s, %(summary)s, %(business_name)s,
            %(home_unit)s, %(entity_revision)s, %(state)s, %(asked_by)s, %(asked_at)s,
            %(expires_at)s)
"""
_NEXT: LiteralString = (
    """
    SELECT """
    + after_highest("act_no")
    + """ AS act_no FROM pending_act WHERE entity_no = %(entity_no)s
"""
)
_ANSWER: LiteralString = """
    UPDATE pending_act
       SET state = %(state)s, answered_by = %(answered_by)s, answered_at = %(answered_at)s,
           reason = %(reason)s
     WHERE entity_no = %(entity_no)s AND act_no = %(act_no)s AND state = 'waiting'
"""


def read_pending_act(row: DictRow) -> PendingAct:
    """The act in a row, with the code of its entity."""
    return PendingAct(
        entity_no=row["entity_no"],
        number=row["act_no"],
        command=read_command(ActName(row["act"]), row["command"]),
        summary=row["summary"],
        business_name=row["business_name"],
        home_unit=row["home_unit_id"],
        entity_revision=row["entity_revision"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        state=PendingState(row["state"]),
        answered_by=row["answered_by"] or "",
        answered_at=row["answered_at"],
        reason=row["reason"],
        uscc=row["uscc"],
    )


def _row(pending: PendingAct) -> dict[str, Any]:
    return {
        "entity_no": pending.entity_no,
        "act_no": pending.number,
        "act": pending.command.act,
        "command": Jsonb(pending.command.to_json()),
        "summary": pending.summary,
        "business_name": pending.business_name,
        "home_unit": pending.home_unit,
        "entity_revision": pending.entity_revision,
        "state": pending.state,
        "asked_by": pending.asked_by,
        "asked_at": pending.asked_at,
        "expires_at": pending.expires_at,
        "answered_by": pending.answered_by or None,
        "answered_at": pending.answered_at,
        "reason": pending.reason,
    }


class PendingActs:
    """Acts that wait or waited for a second person; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def next_number(self, entity_no: int) -> int:
        """The number of the entity's next one; the entity is locked."""
        (row,) = self._connection.execute(_NEXT, {"entity_no": entity_no}).fetchall()
        return int(row["act_no"])

    def add(self, pending: PendingAct) -> None:
        """Keep one that waits from now on."""
        self._connection.execute(_INSERT, _row(pending))

    def answer(self, pending: PendingAct) -> None:
        """Write down what became of one; the entity is locked, so it still waits."""
        if self._connection.execute(_ANSWER, _row(pending)).rowcount != 1:
            raise AssertionError("an act was answered twice")

    def find(self, entity_no: int, number: int) -> PendingAct:
        """The entity's act with this number.

        Raises:
            PendingActUnknown: it has none.
        """
        key = {"entity_no": entity_no, "act_no": number}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise PendingActUnknown(
                f"the entity has no pending act {number}",
                zh=f"该主体没有编号为 {number} 的待复核事项",
                act=number,
            )
        return read_pending_act(row)

    def waiting(self, entity_no: int, now: datetime) -> list[PendingAct]:
        """Those of an entity that wait, oldest first."""
        key = {"entity_no": entity_no, "now": now}
        return [read_pending_act(row) for row in self._connection.execute(_WAITING, key)]

    def page(
        self, units: list[int], now: datetime, after: tuple[datetime, int, int], limit: int
    ) -> list[PendingAct]:
        """Those about entities of the units that wait, oldest first.

        Args:
            units: home units.
            now: what lapsed by then is left out.
            after: time, entity and number of the last one that was seen.
            limit: at most so many.
        """
        key = {
            "units": units,
            "now": now,
            "after_time": after[0],
            "after_entity": after[1],
            "after_act": after[2],
            "limit": limit,
        }
        return [read_pending_act(row) for row in self._connection.execute(_UNIT, key)]
