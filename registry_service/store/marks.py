"""Table `mark`."""

from datetime import date
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import MarkUnknown
from registry_service.domain.mark import Mark, MarkKind
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_SELECT: LiteralString = """
    SELECT entity_no, mark_no, kind, basis, from_date, until_date FROM mark
     WHERE entity_no = %(entity_no)s
"""
_FIND: LiteralString = _SELECT + " AND mark_no = %(mark_no)s"
_EVERY: LiteralString = _SELECT + " ORDER BY mark_no"
STANDS: LiteralString = "from_date <= %(day)s AND (until_date IS NULL OR until_date >= %(day)s)"
_STANDING: LiteralString = _SELECT + " AND " + STANDS + " ORDER BY mark_no"
_INSERT: LiteralString = (
    """
    INSERT INTO mark (entity_no, mark_no, kind, basis, from_date)
    SELECT %(entity_no)s, """
    + after_highest("mark_no")
    + """, %(kind)s, %(basis)s, %(from_date)s
      FROM mark WHERE entity_no = %(entity_no)s
    RETURNING entity_no, mark_no, kind, basis, from_date, until_date
"""
)
_END: LiteralString = """
    UPDATE mark SET until_date = %(until_date)s
     WHERE entity_no = %(entity_no)s AND mark_no = %(mark_no)s
    RETURNING entity_no, mark_no, kind, basis, from_date, until_date
"""


def read_mark(row: DictRow) -> Mark:
    """The mark in a row."""
    return Mark(
        entity_no=row["entity_no"],
        number=row["mark_no"],
        kind=MarkKind(row["kind"]),
        basis=row["basis"],
        from_date=row["from_date"],
        until_date=row["until_date"],
    )


class Marks:
    """The regulator's listings; the caller of a write holds the entity's lock."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, mark_no: int) -> Mark:
        """The entity's mark with this number, ended or not.

        Raises:
            MarkUnknown: it has none.
        """
        key = {"entity_no": entity_no, "mark_no": mark_no}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise _unknown(mark_no)
        return read_mark(row)

    def standing(self, entity_no: int, day: date) -> tuple[Mark, ...]:
        """Marks that stand on that day, by number."""
        key = {"entity_no": entity_no, "day": day}
        return tuple(read_mark(row) for row in self._connection.execute(_STANDING, key))

    def every(self, entity_no: int) -> list[Mark]:
        """All marks of an entity, ended or not, by number."""
        key = {"entity_no": entity_no}
        return [read_mark(row) for row in self._connection.execute(_EVERY, key)]

    def add(self, entity_no: int, kind: MarkKind, basis: str, from_date: date) -> Mark:
        """Put an entity on a list under its next mark number."""
        row = {"entity_no": entity_no, "kind": kind, "basis": basis, "from_date": from_date}
        stored = only_row(self._connection, _INSERT, row)
        return read_mark(stored)

    def end(self, entity_no: int, mark_no: int, until_date: date) -> Mark:
        """Let a mark end with that day, its last.

        Raises:
            MarkUnknown: the entity has none with that number.
        """
        key = {"entity_no": entity_no, "mark_no": mark_no, "until_date": until_date}
        row = self._connection.execute(_END, key).fetchone()
        if row is None:
            raise _unknown(mark_no)
        return read_mark(row)


def _unknown(mark_no: int) -> MarkUnknown:
    return MarkUnknown(
        f"the entity has no mark {mark_no}", zh=f"该主体没有编号为 {mark_no} 的标注", mark=mark_no
    )
