"""Table `flag`: what host units found at places, and what home units answered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import FlagUnknown
from registry_service.domain.queue import QueueCounts
from registry_service.domain.supervision import Flag
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_SELECT: LiteralString = """
    SELECT f.entity_no, f.premises_no, f.flag_no, f.finding, f.flagged_by, f.created_at,
           f.due_date, f.due_provisional, f.answer, f.answered_by, f.answered_at, e.uscc,
           v.business_name, w.address, p.unit_id
      FROM flag f
      JOIN entity e ON e.entity_no = f.entity_no
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
      JOIN premises p ON p.entity_no = f.entity_no AND p.premises_no = f.premises_no
      JOIN premises_version w ON w.entity_no = p.entity_no AND w.premises_no = p.premises_no
                             AND w.version = p.version
"""
_FIND: LiteralString = (
    _SELECT + " WHERE f.entity_no = %(entity_no)s AND f.premises_no = %(premises_no)s"
    " AND f.flag_no = %(flag_no)s"
)
_OF_PLACE: LiteralString = (
    _SELECT + " WHERE f.entity_no = %(entity_no)s AND f.premises_no = ANY (%(places)s)"
    " ORDER BY f.flag_no DESC"
)
_OF_HOME: LiteralString = """
    e.registrar_unit_id = ANY (%(units)s) AND (NOT %(open_only)s OR f.answered_at IS NULL)
"""
_LIST: LiteralString = (
    _SELECT
    + " WHERE "
    + _OF_HOME
    + """
       AND (f.due_date, f.entity_no, f.premises_no, f.flag_no) >
           (%(after_date)s, %(after_entity)s, %(after_premises)s, %(after_flag)s)
     ORDER BY f.due_date, f.entity_no, f.premises_no, f.flag_no
     LIMIT %(limit)s
"""
)
_COUNT: LiteralString = (
    """
    SELECT count(*) AS total,
           count(*) FILTER (WHERE f.answered_at IS NULL AND f.due_date < %(today)s) AS overdue,
           count(*) FILTER (WHERE f.answered_at IS NULL AND f.due_date = %(today)s) AS due_today
      FROM flag f JOIN entity e ON e.entity_no = f.entity_no
     WHERE """
    + _OF_HOME
)
_INSERT: LiteralString = (
    """
    INSERT INTO flag (entity_no, premises_no, flag_no, finding, flagged_by, created_at, due_date,
                      due_provisional)
    SELECT %(entity_no)s, %(premises_no)s, """
    + after_highest("flag_no")
    + """, %(finding)s,
           %(flagged_by)s, %(now)s, %(due_date)s, %(due_provisional)s
      FROM flag WHERE entity_no = %(entity_no)s AND premises_no = %(premises_no)s
    RETURNING flag_no
"""
)
_ANSWER: LiteralString = """
    UPDATE flag SET answer = %(answer)s, answered_by = %(answered_by)s, answered_at = %(now)s
     WHERE entity_no = %(entity_no)s AND premises_no = %(premises_no)s AND flag_no = %(flag_no)s
       AND answered_at IS NULL
"""


def _flag(row: DictRow) -> Flag:
    return Flag(
        entity_no=row["entity_no"],
        premises_no=row["premises_no"],
        number=row["flag_no"],
        finding=row["finding"],
        flagged_by=row["flagged_by"],
        created_at=row["created_at"],
        due_date=row["due_date"],
        due_provisional=row["due_provisional"],
        answer=row["answer"],
        answered_by=row["answered_by"] or "",
        answered_at=row["answered_at"],
        uscc=row["uscc"],
        business_name=row["business_name"],
        address=row["address"],
        unit=row["unit_id"],
    )


class Flags:
    """Flags; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, premises_no: int, flag_no: int) -> Flag:
        """The place's flag with this number.

        Raises:
            FlagUnknown: it has none.
        """
        key = {"entity_no": entity_no, "premises_no": premises_no, "flag_no": flag_no}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise FlagUnknown(
                f"the premises have no flag {flag_no}",
                zh=f"该经营场所没有编号为 {flag_no} 的异常",
                flag=flag_no,
            )
        return _flag(row)

    def of(self, entity_no: int, places: Sequence[int]) -> list[Flag]:
        """Every flag of these places of an entity, newest first."""
        key = {"entity_no": entity_no, "places": list(places)}
        return [_flag(row) for row in self._connection.execute(_OF_PLACE, key)]

    def of_home(
        self,
        units: list[int],
        after: tuple[date, int, int, int],
        limit: int,
        *,
        open_only: bool,
    ) -> list[Flag]:
        """Those of entities that these units register, after (due, entity, place, flag)."""
        key = {
            "units": units,
            "open_only": open_only,
            "after_date": after[0],
            "after_entity": after[1],
            "after_premises": after[2],
            "after_flag": after[3],
            "limit": limit,
        }
        return [_flag(row) for row in self._connection.execute(_LIST, key)]

    def count(self, units: list[int], today: date, *, open_only: bool) -> QueueCounts:
        """How many there are in all, and of those not answered how many are late."""
        key = {"units": units, "open_only": open_only, "today": today}
        row = only_row(self._connection, _COUNT, key)
        return QueueCounts(row["total"], row["overdue"], row["due_today"])

    def add(
        self,
        entity_no: int,
        premises_no: int,
        finding: str,
        flagged_by: str,
        due_date: date,
        due_provisional: bool,
        now: datetime,
    ) -> int:
        """Flag a place; the number of the flag. The entity is locked."""
        row = {
            "entity_no": entity_no,
            "premises_no": premises_no,
            "finding": finding,
            "flagged_by": flagged_by,
            "due_date": due_date,
            "due_provisional": due_provisional,
            "now": now,
        }
        stored = only_row(self._connection, _INSERT, row)
        return int(stored["flag_no"])

    def answer(self, flag: Flag, answer: str, answered_by: str, now: datetime) -> None:
        """Write the answer of a flag that is open; the entity is locked."""
        row = {
            "entity_no": flag.entity_no,
            "premises_no": flag.premises_no,
            "flag_no": flag.number,
            "answer": answer,
            "answered_by": answered_by,
            "now": now,
        }
        self._connection.execute(_ANSWER, row)
