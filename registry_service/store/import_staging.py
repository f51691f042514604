"""What the tables of rows that wait have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.event import Event
from registry_service.store.events import ROW_HASH
from registry_service.store.numbers import FLOOR, highest


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one unit that go on the register in one transaction."""

    run_no: int
    unit_id: int
    after: int
    """Ordinal of the last row before."""
    to: int
    """Ordinal of the last row in it."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Why rows are set aside."""

    field: str
    reason: str
    text: str
    """With a `%s` for the code, and a second one for the lines where they are told."""


IN_RUN: LiteralString = " AND s.run_no = %(run_no)s"
IN_CHUNK: LiteralString = """
    AND s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s
    AND s.ordinal > %(after)s AND s.ordinal <= %(to)s
"""


LINES: LiteralString = """
    '第 ' || array_to_string((array_agg(line ORDER BY line))[:10], '、') || ' 行'
          || CASE WHEN count(*) > 10 THEN '等 ' || count(*) || ' 处' ELSE '' END
"""
"""Aggregate: the lines of staged rows as they are told; not all, since each of them is told."""


def set_aside(table: LiteralString, clashing: LiteralString, kept: LiteralString) -> LiteralString:
    """A statement that moves staged rows to quarantine; its row count is theirs.

    Args:
        table: of the staged rows, called `s` below; each has its entity's `uscc`.
        clashing: selects unit_id and ordinal of those to be moved.
        kept: expression of what quarantine keeps of a row, jsonb.
    """
    return (
        "WITH clashing AS ("
        + clashing
        + "), bad AS (DELETE FROM "
        + table
        + """ s USING clashing b
         WHERE s.run_no = %(run_no)s AND s.unit_id = b.unit_id AND s.ordinal = b.ordinal
        RETURNING s.*)
    INSERT INTO import_reject (run_no, line, field, reason, kind, text, unit_id, fields)
    SELECT s.run_no, s.line, %(field)s, %(reason)s, 'quarantine',
           format(%(text)s::text, s.uscc), s.unit_id, """
        + kept
        + " FROM bad s ON CONFLICT DO NOTHING"
    )


MENDED: LiteralString = """
    UPDATE import_reject r
       SET state = 'mended', decision = 'importRuns/' || s.run_no, fields = '{}'
      FROM s
      JOIN import_run own ON own.run_no = s.run_no
      JOIN import_run other ON other.run_no = s.mends_run_no
                           AND other.kind = own.kind AND other.source = own.source
     WHERE r.run_no = s.mends_run_no AND r.line = s.mends_line AND r.state = 'open'
       AND r.kind <> 'warning'
"""
"""Closes what was said of the rows that those in `s` are instead of, and keeps their cells no more.

A row is only instead of one from the same source: the number of a run could be mistyped.
"""


def dropped(table: LiteralString) -> LiteralString:
    """What follows a table expression `same` of unit_id and ordinal: those rows are dropped, and
    with `%(mend)s` what they are instead of is closed. Tells how many, by `unit_id`."""
    return (
        ", s AS (DELETE FROM "
        + table
        + """ s USING same b
         WHERE s.run_no = %(run_no)s AND s.unit_id = b.unit_id AND s.ordinal = b.ordinal
        RETURNING s.run_no, s.unit_id, s.mends_run_no, s.mends_line
    ), mended AS ("""
        + MENDED
        + " AND %(mend)s) SELECT unit_id, count(*) AS n FROM s GROUP BY unit_id"
    )


def told_events(events: LiteralString) -> LiteralString:
    """An INSERT of numbered events.

    Args:
        events: selects entity_no, revision, subject, state_after, effective_date and ordinal, by
            which the feed numbers behind `%(feed_no)s` are given.
    """
    return (
        """
        INSERT INTO event (entity_no, revision, feed_no, kind, subject, state_after, actor,
                           actor_name, actor_unit_id, workload, basis, effective_date,
                           recorded_at, second_actor, second_actor_name, row_hash)
        SELECT entity_no, revision, %(feed_no)s + row_number() OVER (ORDER BY ordinal), kind,
               subject, state_after, %(actor)s, %(actor_name)s, %(actor_unit)s, %(workload)s,
               %(basis)s, effective_date, %(now)s, %(second_actor)s, %(second_actor_name)s,
"""
        + ROW_HASH
        + " FROM (SELECT %(kind)s AS kind, told.* FROM ("
        + events
        + ") told) named"
    )


def lock_entities(table: LiteralString) -> LiteralString:
    """Locks the entities that a chunk's rows belong to, in one order for everybody."""
    return (
        "SELECT FROM entity WHERE entity_no IN (SELECT s.entity_no FROM "
        + table
        + " s WHERE true"
        + IN_CHUNK
        + ") ORDER BY entity_no FOR NO KEY UPDATE"
    )


def below_entities(
    table: LiteralString, numbered: LiteralString, number: LiteralString
) -> LiteralString:
    """The beginning of a statement that makes something below entities of a chunk's rows.

    It takes the rows away, and gives them as `s` with entity_state, the revision that the event
    of each makes, its number, and the first version after a recovery; the entities are moved on.

    Args:
        table: of the staged rows; the caller has locked their entities.
        numbered: table of what is made.
        number: its column that counts within an entity.
    """
    return (
        "WITH taken AS (DELETE FROM "
        + table
        + " s WHERE true"
        + IN_CHUNK
        + """RETURNING s.*), s AS (
        SELECT t.*, e.state AS entity_state, e.revision + n.place AS revision,
               (SELECT """
        + highest("o." + number)
        + " FROM "
        + numbered
        + " o WHERE o.entity_no = t.entity_no) + n.place AS "
        + number
        + ", "
        + FLOOR
        + """ AS version
          FROM taken t
          JOIN (SELECT ordinal, row_number() OVER (PARTITION BY entity_no ORDER BY ordinal) AS place
                  FROM taken) n USING (ordinal)
          JOIN entity e ON e.entity_no = t.entity_no
    ), entities AS (
        UPDATE entity e SET revision = n.revision, updated_at = %(now)s
          FROM (SELECT entity_no, max(revision) AS revision FROM s GROUP BY entity_no) n
         WHERE e.entity_no = n.entity_no
    )"""
    )


class Staging:
    """A table of staged rows with run_no, unit_id and ordinal; in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow], table: LiteralString) -> None:
        self._connection = connection
        self._from: LiteralString = " FROM " + table + " WHERE run_no = %(run_no)s"
        self._table = table

    def count(self, run_no: int) -> dict[int, int]:
        """Staged rows by `unit_id`."""
        query = "SELECT unit_id, count(*) AS n" + self._from + " GROUP BY unit_id"
        rows = self._connection.execute(query, {"run_no": run_no})
        return {row["unit_id"]: row["n"] for row in rows}

    def known(self, run_no: int) -> dict[int, int]:
        """Those of the staged rows that are of entities on the register, by `unit_id`.

        None of a file that only brings what is new.
        """
        return {}

    def forget(self, run_no: int, units: Iterable[int] | None = None) -> None:
        """Drop the run's staged rows, all or those of these units."""
        only = "" if units is None else " AND unit_id = ANY (%(units)s)"
        key = {"run_no": run_no, "units": list(units or ())}
        self._connection.execute("DELETE" + self._from + only, key)

    def chunk(self, run_no: int, unit_id: int, after: int, limit: int) -> tuple[Chunk, int]:
        """The next rows of a unit behind an ordinal, and how many they are."""
        query = (
            "SELECT max(ordinal) AS last, count(*) AS n FROM (SELECT ordinal"
            + self._from
            + """ AND unit_id = %(unit_id)s AND ordinal > %(after)s
              ORDER BY ordinal LIMIT %(limit)s) rows"""
        )
        key = {"run_no": run_no, "unit_id": unit_id, "after": after, "limit": limit}
        row = self._connection.execute(query, key).fetchone()
        last, count = (row["last"], row["n"]) if row else (None, 0)
        return Chunk(run_no, unit_id, after, last if last is not None else after), count

    def prepare(self) -> None:
        """Let the planner know what was staged, and comparing a million rows have some memory."""
        self._connection.execute("SET LOCAL work_mem = '64MB'")
        self._connection.execute("ANALYZE " + self._table)


def told(chunk: Chunk, aside: Aside) -> dict[str, Any]:
    """Parameters of a statement that sets rows of a chunk aside."""
    return asdict(chunk) | asdict(aside)


def shared(chunk: Chunk, event: Event) -> Mapping[str, Any]:
    """Parameters of statements that put a chunk on the register: what its events have in common."""
    by, rest = event.hashed_parts()
    return asdict(chunk) | {
        "now": event.recorded_at,
        "source": event.basis,
        "kind": event.kind,
        "actor": event.actor,
        "actor_name": event.actor_name,
        "actor_unit": event.actor_unit,
        "workload": event.workload,
        "basis": event.basis,
        "second_actor": event.second_actor,
        "second_actor_name": event.second_actor_name,
        "by": by,
        "rest": rest,
    }
