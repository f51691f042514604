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
from registry_service.store.import_staging import (
    IN_CHUNK,
    IN_RUN,
    MENDED,
    Aside,
    Chunk,
    Staging,
    below_entities,
    dropped,
    lock_entities,
    set_aside,
    shared,
    told,
    told_events,
)
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
                    WHERE c.license_number = s.license_number
                      AND c.license_number <> '' AND c.entity_no <> s.entity_no)
"""
_NUMBER_DOUBLED: LiteralString = """
    SELECT s.unit_id, s.ordinal
      FROM import_copy s
      JOIN (SELECT license_number FROM import_copy
             WHERE run_no = %(run_no)s AND license_number <> '' GROUP BY license_number
            HAVING count(DISTINCT entity_no) > 1) d USING (license_number)
     WHERE true
"""
# A copy that the register has, also if it was returned or declared void here since; or that the
# file tells twice.
_DROP_KNOWN: LiteralString = (
    """
    WITH same AS (
        SELECT s.unit_id, s.ordinal FROM import_copy s
          JOIN printed_copy c ON c.entity_no = s.entity_no
         WHERE (c.kind, c.duplicate_no, c.license_number, c.document_id)
             = (s.kind, s.duplicate_no, s.license_number, s.document_id)
           AND (c.state = s.state OR c.ended_at IS NOT NULL)
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
    )"""
    + dropped("import_copy")
)
_LOCK_ENTITIES: LiteralString = lock_entities("import_copy")
_PUT: LiteralString = (
    below_entities("import_copy", "printed_copy", "copy_no")
    + """, copies AS (
        INSERT INTO printed_copy (entity_no, copy_no, kind, duplicate_no, license_number,
                                  document_id, printed_date, state, recorded_at, source,
                                  source_id, run_no)
        SELECT entity_no, copy_no, kind, duplicate_no, license_number, document_id, printed_date,
               state, %(now)s, %(source)s, source_id, run_no
          FROM s
    ), events AS ("""
    + told_events(
        """
        SELECT entity_no, revision, 'copies/' || copy_no AS subject, entity_state AS state_after,
               %(today)s::date AS effective_date, ordinal
          FROM s"""
    )
    + "), mended AS ("
    + MENDED
    + ") SELECT count(*) AS n FROM s"
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
