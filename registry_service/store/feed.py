"""Feed numbers of events, given after commit, and the row that counts them."""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

# An entity's events keep the order of their revisions even if a clock went back between two.
_NUMBER: LiteralString = """
    WITH waiting AS (
        SELECT entity_no, revision,
               max(recorded_at) OVER (PARTITION BY entity_no ORDER BY revision) AS since
          FROM event
         WHERE feed_no IS NULL
    ), numbered AS (
        SELECT entity_no, revision,
               row_number() OVER (ORDER BY since, entity_no, revision) AS place
          FROM waiting
    )
    UPDATE event e
       SET feed_no = f.last_no + n.place
      FROM numbered n, feed f
     WHERE e.entity_no = n.entity_no AND e.revision = n.revision
"""
_COUNT: LiteralString = "UPDATE feed SET last_no = last_no + %(given)s RETURNING last_no"
_LAST: LiteralString = "SELECT last_no FROM feed"
_WAITING: LiteralString = "SELECT EXISTS (SELECT FROM event WHERE feed_no IS NULL) AS some"
_TOUCHED: LiteralString = """
    SELECT DISTINCT entity_no FROM event WHERE feed_no > %(after)s AND feed_no <= %(until)s
"""


class Feed:
    """The feed; only the sequencer, under its lock, gives numbers."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def number_waiting(self) -> int:
        """Give every committed event that has none the next number, without gaps.

        Returns:
            The last number given so far.
        """
        given = self._connection.execute(_NUMBER).rowcount
        if given == 0:
            return self.last_no()
        row = self._connection.execute(_COUNT, {"given": given}).fetchone()
        assert row is not None  # noqa: S101 - the table has its one row from the first migration
        last_no: int = row["last_no"]
        return last_no

    def last_no(self) -> int:
        """The last number given so far."""
        row = self._connection.execute(_LAST).fetchone()
        assert row is not None  # noqa: S101 - as above
        last_no: int = row["last_no"]
        return last_no

    def has_waiting(self) -> bool:
        """Whether a committed event has no number yet."""
        row = self._connection.execute(_WAITING).fetchone()
        return bool(row and row["some"])

    def touched(self, after: int, until: int) -> set[int]:
        """Entities with an event above `after`, up to `until`."""
        rows = self._connection.execute(_TOUCHED, {"after": after, "until": until})
        return {row["entity_no"] for row in rows}
