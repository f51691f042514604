"""Table `import_copy`: rows of printed copies that were read and wait to be signed off."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.event import Event
from registry_service.domain.import_copy_row import ImportedCopy
from registry_service.domain.import_run import UNCLEAR
from registry_service.store.entities import Home
from registry_service.store.events import ROW_HASH
from registry_service.store.import_staging import (
    IN_CHUNK,
    IN_RUN,
    MENDED,
    Aside,
    Chunk,
    Staging,
    set_aside,
    shared,
    told,
)
from registry_service.store.numbers import highest
from registry_service.store.rows import only_row

_COPY: LiteralString = """
    COPY import_copy (run_no, unit_id, ordinal, line, entity_no, uscc, kind, duplicate_no,
                      license_number, document_id, printed_date, state, source_id, mends_run_no,
                      mends_line) FROM STDIN
"""
_KEPT: LiteralString = """
    jsonb_build_object('uniscid', s.uscc, 'copy', s.kind || '/' || s.duplicate_no,
                       'license_number', s.license_number, 'document_id', s.document_id)
"""
_NUMBER_TAKEN: LiteralString = """
    SELECT s.unit_id, s.ordinal FROM import_copy s
     WHERE s.license_number <> ''
       AND EXISTS (SELECT FROM printed_copy c
                    WHERE c.license_number = s.license_number AND c.entity_no <> s.entity_no)
"""
_NUMBER_DOUBLED: LiteralString = """
    SELECT s.unit_id, s.ordinal
      FROM import_copy s
      JOIN (SELECT license_number FROM import_copy
             WHERE run_no = %(run_no)s AND license_number <> '' GROUP BY license_number
            HAVING count(DISTINCT entity_no) > 1) d USING (license_number)
     WHERE true
"""
# A copy that the register has, or that the file tells twice.
_DROP_KNOWN: LiteralString = (
    """
    WITH same AS (
        SELECT s.unit_id, s.ordinal FROM import_copy s
          JOIN printed_copy c ON c.entity_no = s.entity_no
         WHERE (c.kind, c.duplicate_no, c.license_number, c.document_id, c.state)
             = (s.kind, s.duplicate_no, s.license_number, s.document_id, s.state)
"""
    + IN_RUN
    + """
        UNION
        SELECT unit_id, ordinal
          FROM (SELECT unit_id, ordinal,
                       row_number() OVER (PARTITION BY entity_no, kind, duplicate_no,
                                                       license_number, document_id, state
                                          ORDER BY ordinal) AS n
                  FROM import_copy WHERE run_no = %(run_no)s) rows
         WHERE n > 1
    ), s AS (
        DELETE FROM import_copy s USING same b
         WHERE s.run_no = %(run_no)s AND s.unit_id = b.unit_id AND s.ordinal = b.ordinal
        RETURNING s.run_no, s.unit_id, s.mends_run_no, s.mends_line
    ), mended AS ("""
    + MENDED
    + """ AND %(mend)s)
    SELECT unit_id, count(*) AS n FROM s GROUP BY unit_id
"""
)
_LOCK_ENTITIES: LiteralString = """
    SELECT FROM entity
     WHERE entity_no IN (SELECT s.entity_no FROM import_copy s
                          WHERE s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s
                            AND s.ordinal > %(after)s AND s.ordinal <= %(to)s)
     ORDER BY entity_no FOR NO KEY UPDATE
"""
_PUT: LiteralString = (
    """
    WITH taken AS (
        DELETE FROM import_copy s
         WHERE s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s
           AND s.ordinal > %(after)s AND s.ordinal <= %(to)s
        RETURNING s.*
    ), s AS (
        SELECT t.*, e.state AS entity_state, e.revision + n.place AS revision,
               (SELECT """
    + highest("copy_no")
    + """ FROM printed_copy c
                 WHERE c.entity_no = t.entity_no) + n.place AS copy_no
          FROM taken t
          JOIN (SELECT ordinal, row_number() OVER (PARTITION BY entity_no ORDER BY ordinal) AS place
                  FROM taken) n USING (ordinal)
          JOIN entity e ON e.entity_no = t.entity_no
    ), entities AS (
        UPDATE entity e SET revision = n.revision, updated_at = %(now)s
          FROM (SELECT entity_no, max(revision) AS revision FROM s GROUP BY entity_no) n
         WHERE e.entity_no = n.entity_no
    ), copies AS (
        INSERT INTO printed_copy (entity_no, copy_no, kind, duplicate_no, license_number,
                                  document_id, printed_date, state, recorded_at, source,
                                  source_id, run_no)
        SELECT entity_no, copy_no, kind, duplicate_no, license_number, document_id, printed_date,
               state, %(now)s, %(source)s, source_id, run_no
          FROM s
    ), events AS (
        INSERT INTO event (entity_no, revision, feed_no, kind, subject, state_after, actor,
                           actor_name, actor_unit_id, workload, basis, effective_date,
                           recorded_at, second_actor, second_actor_name, row_hash)
        SELECT entity_no, revision, feed_no, kind, subject, state_after, %(actor)s,
               %(actor_name)s, %(actor_unit)s, %(workload)s, %(basis)s, effective_date, %(now)s,
               %(second_actor)s, %(second_actor_name)s, """
    + ROW_HASH
    + """
          FROM (SELECT entity_no, revision, %(kind)s AS kind, 'copies/' || copy_no AS subject,
                       entity_state AS state_after, %(today)s::date AS effective_date,
                       %(feed_no)s + row_number() OVER (ORDER BY ordinal) AS feed_no
                  FROM s) told
    ), mended AS ("""
    + MENDED
    + """)
    SELECT count(*) AS n FROM s
"""
)


class StagedCopies(Staging):
    """Rows of copies; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        super().__init__(connection, "import_copy")

    def stage(
        self, run_no: int, rows: Iterable[tuple[int, ImportedCopy]], homes: dict[str, Home]
    ) -> None:
        """Keep rows that were read, each with its place among the file's rows."""
        with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for ordinal, row in rows:
                copy.write_row(_staged(run_no, ordinal, row, homes[row.uscc]))

    def quarantine_numbers(self, run_no: int, why: Aside) -> None:
        """Set rows aside whose licence number another entity's copy bears, here or in the file."""
        for clash in (_NUMBER_TAKEN, _NUMBER_DOUBLED):
            statement = set_aside("import_copy", clash + IN_RUN, _KEPT)
            self._connection.execute(statement, {"run_no": run_no} | asdict(why))

    def drop_known(self, run_no: int, *, mend: bool) -> dict[int, int]:
        """Drop rows of copies that the register has, or that came twice; `unit_id` → count."""
        rows = self._connection.execute(_DROP_KNOWN, {"run_no": run_no, "mend": mend})
        return {row["unit_id"]: row["n"] for row in rows}

    def set_taken_aside(self, chunk: Chunk, why: Aside) -> int:
        """Lock the chunk's entities, and set rows aside whose number was taken; how many."""
        self._connection.execute(_LOCK_ENTITIES, asdict(chunk))
        statement = set_aside("import_copy", _NUMBER_TAKEN + IN_CHUNK, _KEPT)
        return self._connection.execute(statement, told(chunk, why)).rowcount

    def put_on_register(self, chunk: Chunk, event: Event, feed_no: int) -> int:
        """Make copies of a chunk's rows, with the feed numbers behind `feed_no`; how many."""
        values = {**shared(chunk, event), "feed_no": feed_no, "today": event.effective_date}
        return int(only_row(self._connection, _PUT, values)["n"])


def _staged(run_no: int, ordinal: int, row: ImportedCopy, home: Home) -> tuple[Any, ...]:
    return (
        run_no,
        home.registrar or UNCLEAR,
        ordinal,
        row.line,
        home.entity_no,
        row.uscc,
        row.kind.value,
        row.duplicate,
        row.license_number,
        row.document_id,
        row.printed_date,
        row.state.value,
        row.record_id,
        *(row.mends or (None, None)),
    )
