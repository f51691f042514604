"""Table `import_entity` as deltas use it: compared with what their source said before."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString

from psycopg import errors

from registry_service.domain.errors import CodeTaken
from registry_service.domain.event import Event
from registry_service.domain.import_row import ImportedRow
from registry_service.domain.import_run import UNCLEAR
from registry_service.store.import_entities import (
    COPY,
    DROPPED,
    REMARK,
    SAME,
    StagedEntities,
    put,
    staged_row,
)
from registry_service.store.import_staging import LINES, MENDED, Aside, Chunk, shared, told
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row
from registry_service.store.source_facts import COLUMNS, FACE

_BLANK: Final = ("", 0, "", "", "", None, None, "", None, None, None, "", None, None, "")
"""The face of a row that says no more than that an entity is gone."""

_UNFOUND: Final = ("", "", "", "", "{}")
"""Its source id, and what would find it."""

_MARK_KNOWN: LiteralString = """
    UPDATE import_entity s SET known_entity_no = d.entity_no
      FROM code_directory d
     WHERE s.run_no = %(run_no)s AND d.code = s.uscc
       AND s.known_entity_no IS DISTINCT FROM d.entity_no
"""
_MARK_CHUNK: LiteralString = (
    _MARK_KNOWN + " AND s.unit_id = %(unit_id)s AND s.ordinal > %(after)s AND s.ordinal <= %(to)s"
)
# Two rows of a code may be two facts, but not of one day of approval; nor is what is told of gone.
_CLASHING: LiteralString = (
    """
    WITH clashing AS (
        SELECT uscc, effective_date, """
    + LINES
    + """ AS lines
          FROM import_entity
         WHERE run_no = %(run_no)s
         GROUP BY uscc, effective_date HAVING count(DISTINCT digest) > 1
         UNION ALL
        SELECT uscc, NULL, """
    + LINES
    + """
          FROM import_entity
         WHERE run_no = %(run_no)s
         GROUP BY uscc HAVING bool_or(gone) AND NOT bool_and(gone)
    ), bad AS (
        DELETE FROM import_entity s USING clashing b
         WHERE s.run_no = %(run_no)s AND s.uscc = b.uscc
           AND coalesce(b.effective_date, s.effective_date) = s.effective_date
        RETURNING s.*, format(%(text)s::text, s.uscc, b.lines) AS told)
"""
    + REMARK
)
_TWICE: LiteralString = (
    """
    WITH same AS (
        SELECT unit_id, ordinal
          FROM (SELECT unit_id, ordinal,
                       row_number() OVER (PARTITION BY uscc, digest ORDER BY ordinal) AS n
                  FROM import_entity WHERE run_no = %(run_no)s) rows
         WHERE n > 1)
"""
    + DROPPED
)
# Said before, and saying it again leaves its place among what was said of that day of approval.
_SAID_BEFORE: LiteralString = (
    """
    WITH same AS (
        SELECT s.unit_id, s.ordinal, f.entity_no, f.fact_no
          FROM import_entity s
          JOIN source_fact f ON f.entity_no = s.known_entity_no AND f.source = %(source)s
                            AND f.digest = s.digest
         WHERE s.run_no = %(run_no)s
           AND (f.source_date >= %(source_date)s
                OR NOT EXISTS (SELECT FROM source_fact o
                                WHERE o.entity_no = f.entity_no AND o.source = f.source
                                  AND o.approved_date = f.approved_date
                                  AND o.fact_no <> f.fact_no))
    ), again AS (
        UPDATE source_fact f SET source_date = %(source_date)s
          FROM same b
         WHERE %(mend)s AND f.entity_no = b.entity_no AND f.fact_no = b.fact_no
           AND f.source_date < %(source_date)s
    )"""
    + DROPPED
)
# As what is in force, newer than all that its source said, with nothing left to decide: there is
# nothing to do but to know it.
_IN_FORCE: LiteralString = (
    """
    WITH alone AS (
        SELECT uscc FROM import_entity WHERE run_no = %(run_no)s
         GROUP BY uscc HAVING count(*) = 1
    ), same AS (
        SELECT s.*, e.entity_no, e.revision,
               (SELECT max(v.version) FROM entity_version v WHERE v.entity_no = e.entity_no)
                   AS last_version,
               (SELECT """
    + after_highest("f.fact_no")
    + """ FROM source_fact f
                 WHERE f.entity_no = e.entity_no) AS fact_no
          FROM import_entity s
          JOIN alone ON alone.uscc = s.uscc
          JOIN entity e ON e.entity_no = s.known_entity_no
          JOIN entity_version o ON o.entity_no = e.entity_no AND o.version = e.version
         WHERE s.run_no = %(run_no)s AND NOT s.gone
           AND s.effective_date >= o.effective_date
           AND (s.state = e.state OR NOT s.state_told)
           AND (NOT s.registrar_told OR s.unit_id = coalesce(e.registrar_unit_id, 0))
           AND """
    + SAME
    + """
           AND NOT EXISTS (SELECT FROM source_fact f
                            WHERE f.entity_no = e.entity_no AND f.source = %(source)s
                              AND f.approved_date >= s.effective_date)
           AND NOT EXISTS (SELECT FROM sync_item i
                            WHERE i.entity_no = e.entity_no AND i.state = 'open')
    ), known AS (
        INSERT INTO source_fact ("""
    + COLUMNS
    + """)
        SELECT entity_no, fact_no, %(source)s, source_id, effective_date, %(source_date)s, digest,
"""
    + FACE
    + """, state, state_told, nullif(unit_id, 0), registrar_told, run_no, %(now)s, last_version,
               revision
          FROM same WHERE %(mend)s
            ON CONFLICT DO NOTHING
    )"""
    + DROPPED
)
_COUNT_KNOWN: LiteralString = """
    SELECT unit_id, count(*) AS n FROM import_entity
     WHERE run_no = %(run_no)s AND known_entity_no IS NOT NULL GROUP BY unit_id
"""
_CHUNK: LiteralString = """
    SELECT s.ordinal, s.uscc, s.former_code, s.state, s.gone, s.known_entity_no, s.effective_date
      FROM import_entity s
     WHERE s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s
       AND s.ordinal > %(after)s AND s.ordinal <= %(to)s
     ORDER BY s.ordinal
"""
_BORN: LiteralString = "CASE WHEN state = 'dormant' THEN 'active' ELSE state END"
_PUT: LiteralString = put(
    "s.ordinal = ANY (%(ordinals)s)",
    _BORN,
    """, facts AS (
        INSERT INTO source_fact ("""
    + COLUMNS
    + """)
        SELECT entity_no, 1, %(source)s, source_id, effective_date, %(source_date)s, digest, """
    + FACE
    + """, state, state_told, registrar_unit_id, registrar_told, run_no, %(now)s, version, 1
          FROM s
    )""",
)
_ASIDE: LiteralString = (
    """
    WITH bad AS (
        DELETE FROM import_entity s
         WHERE s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s AND s.ordinal = ANY (%(ordinals)s)
        RETURNING s.*, format(%(text)s::text, s.former_code) AS told)
"""
    + REMARK
)
_FORGET: LiteralString = (
    """
    WITH s AS (
        DELETE FROM import_entity s
         WHERE s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s
           AND s.ordinal > %(after)s AND s.ordinal <= %(to)s
        RETURNING s.run_no, s.mends_run_no, s.mends_line)
"""
    + MENDED
)


@dataclass(frozen=True, slots=True)
class StagedRow:
    """What must be known of a row to decide what becomes of it."""

    ordinal: int
    uscc: str
    former_code: str
    state: str
    gone: bool
    known_entity_no: int | None
    effective_date: date


class StagedSync(StagedEntities):
    """Rows of deltas; every call runs in the caller's transaction."""

    def stage_facts(self, run_no: int, rows: Iterable[tuple[int, ImportedRow, bytes]]) -> None:
        """Keep rows that were read, each with its place in the file and its digest."""
        with self._connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for ordinal, row, digest in rows:
                copy.write_row(staged_row(run_no, ordinal, row, digest))

    def stage_gone(
        self, run_no: int, rows: Iterable[tuple[int, int, str, int | None, date]], digest: bytes
    ) -> None:
        """Keep rows by which entities are gone: place, line, code, home unit, day."""
        with self._connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for ordinal, line, uscc, unit, day in rows:
                key = (run_no, unit or UNCLEAR, ordinal, line, uscc, "", "active", False, False)
                copy.write_row((*key, *_BLANK, day, *_UNFOUND, None, None, digest, True))

    def mark_known(self, run_no: int) -> None:
        """Note whose the rows' codes are."""
        self._connection.execute(_MARK_KNOWN, {"run_no": run_no})

    def quarantine_clashing(self, run_no: int, why: Aside) -> None:
        """Set rows aside of which another says something else of the same day."""
        self._connection.execute(_CLASHING, {"run_no": run_no} | asdict(why))

    def drop_unchanged(
        self, run_no: int, source: str, source_date: date, now: datetime, *, keep: bool
    ) -> dict[int, int]:
        """Drop rows that change nothing; with `keep`, they are known from now on.

        Returns:
            How many, by `unit_id`.
        """
        key = {
            "run_no": run_no,
            "source": source,
            "source_date": source_date,
            "now": now,
            "mend": keep,
        }
        counts: dict[int, int] = {}
        for statement in (_TWICE, _SAID_BEFORE, _IN_FORCE):
            for row in self._connection.execute(statement, key):
                counts[row["unit_id"]] = counts.get(row["unit_id"], 0) + row["n"]
        return counts

    def known(self, run_no: int) -> dict[int, int]:
        """Staged rows of entities that are on the register, by `unit_id`."""
        rows = self._connection.execute(_COUNT_KNOWN, {"run_no": run_no})
        return {row["unit_id"]: row["n"] for row in rows}

    def rows_of(self, chunk: Chunk) -> list[StagedRow]:
        """The chunk's rows, by place in the file."""
        return [StagedRow(**row) for row in self._connection.execute(_CHUNK, asdict(chunk))]

    def mark_chunk(self, chunk: Chunk) -> None:
        """Note whose the chunk's codes are by now."""
        self._connection.execute(_MARK_CHUNK, asdict(chunk))

    def set_rows_aside(self, chunk: Chunk, ordinals: Collection[int], why: Aside) -> None:
        """Set rows aside whose 注册号 was given to somebody else meanwhile."""
        self._connection.execute(_ASIDE, told(chunk, why) | {"ordinals": list(ordinals)})

    def put_rows(
        self,
        chunk: Chunk,
        ordinals: Collection[int],
        event: Event,
        source_date: date,
        numbers: tuple[int, int],
    ) -> int:
        """Make entities of these rows, each with its first fact; how many.

        Args:
            chunk: of which they are.
            ordinals: their places in the file.
            event: what their events have in common.
            source_date: the day that the delta tells of.
            numbers: of the entity in the file's first row, and the last number of the feed.

        Raises:
            CodeTaken: a code was registered this very moment; nothing was done.
        """
        values: dict[str, Any] = {
            **shared(chunk, event),
            "ordinals": list(ordinals),
            "source_date": source_date,
            "first_no": numbers[0],
            "feed_no": numbers[1],
        }
        try:
            return int(only_row(self._connection, _PUT, values)["n"])
        except errors.UniqueViolation:
            raise CodeTaken("a code was registered this very moment", zh="代码刚刚被登记") from None

    def forget_chunk(self, chunk: Chunk) -> None:
        """Drop what is left of the chunk; it was worked on."""
        self._connection.execute(_FORGET, asdict(chunk))
