"""Table `handover`."""

from dataclasses import replace
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import EtagMismatch, HandoverUnknown
from registry_service.domain.handover import OPEN, WAITS
from registry_service.domain.premises import Handover, HandoverState, PremisesState
from registry_service.domain.queue import QueueCounts
from registry_service.domain.working_days import Deadline
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_SELECT: LiteralString = """
    SELECT h.entity_no, h.handover_no, h.filing_no, h.premises_no, h.from_unit_id, h.to_unit_id,
           h.state, h.revision, h.created_at, h.acknowledged_by, h.acknowledged_at, e.uscc,
           v.business_name, w.address, p.state AS premises_state, h.due_date, h.due_provisional,
           h.reason, h.earlier_unit_ids
      FROM handover h
      JOIN entity e ON e.entity_no = h.entity_no
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
      JOIN premises p ON p.entity_no = h.entity_no AND p.premises_no = h.premises_no
      JOIN premises_version w ON w.entity_no = p.entity_no AND w.premises_no = p.premises_no
                             AND w.version = p.version
"""
_FIND: LiteralString = (
    _SELECT + " WHERE h.entity_no = %(entity_no)s AND h.handover_no = %(handover_no)s"
)
_OF_HOST: LiteralString = " WHERE h.to_unit_id = ANY (%(units)s)"
# Whose an entity is now counts, not who handed over: what came back is for who can act on it.
_OF_HOME: LiteralString = " WHERE e.registrar_unit_id = ANY (%(units)s)"
_IN_STATE: LiteralString = " AND (%(state)s::text IS NULL OR h.state = %(state)s)"
# What closed is shown, so that its unit learns of it, and counts as work for nobody.
_COUNTED: LiteralString = (
    " AND CASE WHEN %(state)s::text IS NULL THEN h.state <> 'closed' ELSE h.state = %(state)s END"
)
_NEXT: LiteralString = """
       AND (h.created_at, h.entity_no, h.handover_no) >
           (%(after_time)s, %(after_entity)s, %(after_handover)s)
     ORDER BY h.created_at, h.entity_no, h.handover_no
     LIMIT %(limit)s
"""
_COUNT: LiteralString = """
    SELECT count(*) AS total,
           count(*) FILTER (WHERE h.state = ANY (%(waits)s) AND h.due_date < %(today)s) AS overdue,
           count(*) FILTER (WHERE h.state = ANY (%(waits)s) AND h.due_date = %(today)s)
               AS due_today
      FROM handover h JOIN entity e ON e.entity_no = h.entity_no
"""
_OF_PLACE: LiteralString = (
    _SELECT
    + """
     WHERE h.entity_no = %(entity_no)s AND h.premises_no = %(premises_no)s
     ORDER BY h.handover_no DESC LIMIT 1
"""
)
_OF_PLACE_IN: LiteralString = (
    _SELECT
    + """
     WHERE h.entity_no = %(entity_no)s AND h.premises_no = %(premises_no)s
       AND h.state = ANY (%(states)s)
     ORDER BY h.handover_no
"""
)
_INSERT: LiteralString = (
    """
    INSERT INTO handover (entity_no, handover_no, filing_no, premises_no, from_unit_id, to_unit_id,
                          state, revision, created_at, due_date, due_provisional)
    SELECT %(entity_no)s, """
    + after_highest("handover_no")
    + """, %(filing_no)s, %(premises_no)s,
           %(from_unit)s, %(to_unit)s, 'pending', 1, %(now)s, %(due_date)s, %(due_provisional)s
      FROM handover WHERE entity_no = %(entity_no)s
    RETURNING handover_no
"""
)
_SAVE: LiteralString = """
    UPDATE handover
       SET state = %(state)s, acknowledged_by = %(acknowledged_by)s,
           acknowledged_at = %(acknowledged_at)s, to_unit_id = %(to_unit)s,
           due_date = %(due_date)s, due_provisional = %(due_provisional)s, reason = %(reason)s,
           earlier_unit_ids = %(earlier_units)s, revision = revision + 1
     WHERE entity_no = %(entity_no)s AND handover_no = %(handover_no)s AND revision = %(revision)s
"""


def _handover(row: DictRow) -> Handover:
    return Handover(
        entity_no=row["entity_no"],
        number=row["handover_no"],
        filing_no=row["filing_no"],
        premises_no=row["premises_no"],
        from_unit=row["from_unit_id"],
        to_unit=row["to_unit_id"],
        state=HandoverState(row["state"]),
        revision=row["revision"],
        created_at=row["created_at"],
        acknowledged_by=row["acknowledged_by"] or "",
        acknowledged_at=row["acknowledged_at"],
        uscc=row["uscc"],
        business_name=row["business_name"],
        address=row["address"],
        premises_state=PremisesState(row["premises_state"]),
        due_date=row["due_date"],
        due_provisional=row["due_provisional"],
        reason=row["reason"],
        earlier_units=tuple(row["earlier_unit_ids"]),
    )


class Handovers:
    """Hand-overs; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, handover_no: int) -> Handover:
        """The entity's hand-over with this number.

        Raises:
            HandoverUnknown: it has none.
        """
        key = {"entity_no": entity_no, "handover_no": handover_no}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise HandoverUnknown(
                f"the entity has no hand-over {handover_no}",
                zh=f"该主体没有编号为 {handover_no} 的抄告",
                handover=handover_no,
            )
        return _handover(row)

    def of_place(self, entity_no: int, premises_no: int) -> Handover | None:
        """The newest hand-over of a place, or None."""
        key = {"entity_no": entity_no, "premises_no": premises_no}
        row = self._connection.execute(_OF_PLACE, key).fetchone()
        return _handover(row) if row else None

    def open_of_place(self, entity_no: int, premises_no: int) -> list[Handover]:
        """Those of a place's hand-overs that somebody still has to act on, oldest first."""
        states = sorted(state.value for state in OPEN)
        key = {"entity_no": entity_no, "premises_no": premises_no, "states": states}
        return [_handover(row) for row in self._connection.execute(_OF_PLACE_IN, key)]

    def page(
        self,
        units: list[int],
        state: HandoverState | None,
        after: tuple[datetime, int, int],
        limit: int,
        *,
        home: bool = False,
    ) -> list[Handover]:
        """Hand-overs to these units, oldest first, those after (time, entity, number).

        With `home`, those of entities that these units register.
        """
        parameters = {
            "units": units,
            "state": state,
            "after_time": after[0],
            "after_entity": after[1],
            "after_handover": after[2],
            "limit": limit,
        }
        whose = _OF_HOME if home else _OF_HOST
        query = _SELECT + whose + _IN_STATE + _NEXT
        return [_handover(row) for row in self._connection.execute(query, parameters)]

    def count(
        self, units: list[int], state: HandoverState | None, today: date, *, home: bool = False
    ) -> QueueCounts:
        """How many there are in all, and of those that wait for an answer how many are late.

        Closed ones count only where they are asked for.
        """
        parameters = {
            "units": units,
            "state": state,
            "today": today,
            "waits": sorted(state.value for state in WAITS),
        }
        query = _COUNT + (_OF_HOME if home else _OF_HOST) + _COUNTED
        row = only_row(self._connection, query, parameters)
        return QueueCounts(row["total"], row["overdue"], row["due_today"])

    def add(
        self,
        entity_no: int,
        filing_no: int,
        premises_no: int,
        from_unit: int,
        to_unit: int,
        now: datetime,
        due: Deadline,
    ) -> int:
        """Hand premises over; the number of the hand-over, `PENDING`."""
        row = {
            "entity_no": entity_no,
            "filing_no": filing_no,
            "premises_no": premises_no,
            "from_unit": from_unit,
            "to_unit": to_unit,
            "now": now,
            "due_date": due.date,
            "due_provisional": due.provisional,
        }
        stored = only_row(self._connection, _INSERT, row)
        return int(stored["handover_no"])

    def save(self, handover: Handover) -> Handover:
        """Write over the revision `handover` was read at.

        Raises:
            EtagMismatch: another writer was first.
        """
        row = {
            "entity_no": handover.entity_no,
            "handover_no": handover.number,
            "revision": handover.revision,
            "state": handover.state,
            "acknowledged_by": handover.acknowledged_by or None,
            "acknowledged_at": handover.acknowledged_at,
            "to_unit": handover.to_unit,
            "due_date": handover.due_date,
            "due_provisional": handover.due_provisional,
            "reason": handover.reason,
            "earlier_units": list(handover.earlier_units),
        }
        if self._connection.execute(_SAVE, row).rowcount != 1:
            raise EtagMismatch(
                "the hand-over changed since it was read; read it again",
                zh="该抄告已被他人处理，请重新读取",
                handover=handover.number,
            )
        return replace(handover, revision=handover.revision + 1)
