"""Table `import_entity`: rows of entities that were read and wait to be signed off."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.rows import DictRow

from registry_service.domain.errors import CodeTaken
from registry_service.domain.event import Event
from registry_service.domain.import_row import ImportedRow
from registry_service.domain.import_run import UNCLEAR
from registry_service.domain.search import search_row
from registry_service.store.import_staging import (
    IN_CHUNK,
    LINES,
    MENDED,
    Aside,
    Chunk,
    Staging,
    dropped,
    set_aside,
    shared,
    told,
    told_events,
)
from registry_service.store.numbers import FLOOR
from registry_service.store.rows import only_row

_COLUMNS: LiteralString = """
    run_no, unit_id, ordinal, line, uscc, former_code, state, state_told, registrar_told,
    business_name, type_code, person, address, address_normalised, county_unit_id,
    address_unit_id, capital, capital_fen, capital_currency, establish_date, scope,
    term_start_date, term_end_date, organization_form, effective_date, source_id, sort_key,
    name_key, person_key, terms, mends_run_no, mends_line, digest, gone
"""
COPY: LiteralString = "COPY import_entity (" + _COLUMNS + ") FROM STDIN"

# The row says nothing that the register does not. A row that is silent of state or registrar does
# not contradict.
SAME: LiteralString = """
    (s.business_name, s.type_code, s.person, s.address, s.county_unit_id, s.address_unit_id,
     s.capital, s.capital_fen, s.capital_currency, s.establish_date, s.scope, s.term_start_date,
     s.term_end_date, s.organization_form)
    IS NOT DISTINCT FROM
    (o.business_name, o.type_code, o.person, o.address, o.county_unit_id, o.address_unit_id,
     o.capital, o.capital_fen, o.capital_currency, o.establish_date, o.scope, o.term_start_date,
     o.term_end_date, o.organization_form)
"""
_AS_REGISTERED: LiteralString = (
    SAME
    + """
    AND (s.state = e.state OR NOT s.state_told)
    AND (NOT s.registrar_told OR s.unit_id = coalesce(e.registrar_unit_id, 0))
    AND (s.former_code = '' OR EXISTS (SELECT FROM entity_code c
                                        WHERE c.entity_no = e.entity_no
                                          AND c.code = s.former_code AND c.code <> e.uscc))
"""
)
_KNOWN: LiteralString = """
      FROM import_entity s
      JOIN code_directory d ON d.code = s.uscc
      JOIN entity e ON e.entity_no = d.entity_no
      JOIN entity_version o ON o.entity_no = e.entity_no AND o.version = e.version
     WHERE s.run_no = %(run_no)s
"""
# What quarantine keeps of a row: enough to find it in its file and to decide.
_KEPT: LiteralString = """
    jsonb_build_object('uniscid', s.uscc, 'regno', s.former_code, 'entname', s.business_name,
                       'lerep', s.person, 'dom', s.address, 'regcap', s.capital,
                       'estdate', s.establish_date::text, 'pripid', s.source_id)
"""
REMARK: LiteralString = (
    """
    INSERT INTO import_reject (run_no, line, field, reason, kind, text, unit_id, fields)
    SELECT s.run_no, s.line, %(field)s, %(reason)s, 'quarantine', s.told, s.unit_id, """
    + _KEPT
    + """ FROM bad s ON CONFLICT DO NOTHING
"""
)
_DIFFERENT: LiteralString = set_aside(
    "import_entity",
    "SELECT s.unit_id, s.ordinal" + _KNOWN + " AND NOT (" + _AS_REGISTERED + ")",
    _KEPT,
)
_DOUBLED: LiteralString = (
    """
    WITH doubled AS (
        SELECT uscc FROM import_entity WHERE run_no = %(run_no)s GROUP BY uscc HAVING count(*) > 1
    ), clashing AS (
        SELECT uscc, """
    + LINES
    + """ AS lines
          FROM import_entity s JOIN doubled USING (uscc)
         WHERE run_no = %(run_no)s
         GROUP BY uscc
        HAVING count(DISTINCT to_jsonb(s) - ARRAY['ordinal', 'line', 'source_id', 'effective_date',
                                                  'mends_run_no', 'mends_line']) > 1
    ), bad AS (
        DELETE FROM import_entity s USING clashing b
         WHERE s.run_no = %(run_no)s AND s.uscc = b.uscc
        RETURNING s.*, format(%(text)s::text, s.uscc, b.lines) AS told)
"""
    + REMARK
)
_FORMER_DOUBLED: LiteralString = (
    """
    WITH clashing AS (
        SELECT former_code, """
    + LINES
    + """ AS lines
          FROM import_entity WHERE run_no = %(run_no)s AND former_code <> ''
         GROUP BY former_code HAVING count(DISTINCT uscc) > 1
    ), bad AS (
        DELETE FROM import_entity s USING clashing b
         WHERE s.run_no = %(run_no)s AND s.former_code = b.former_code
        RETURNING s.*, format(%(text)s::text, s.former_code, b.lines) AS told)
"""
    + REMARK
)
_FORMER_TAKEN: LiteralString = (
    """
    WITH taken AS (
        SELECT s.unit_id, s.ordinal
          FROM import_entity s JOIN code_directory d ON d.code = s.former_code
          LEFT JOIN code_directory own ON own.code = s.uscc
         WHERE s.run_no = %(run_no)s AND s.former_code <> ''
           AND own.entity_no IS DISTINCT FROM d.entity_no
    ), bad AS (
        DELETE FROM import_entity s USING taken b
         WHERE s.run_no = %(run_no)s AND s.unit_id = b.unit_id AND s.ordinal = b.ordinal
        RETURNING s.*, format(%(text)s::text, s.former_code) AS told)
"""
    + REMARK
)
DROPPED: LiteralString = dropped("import_entity")
_KNOWN_SAME: LiteralString = "WITH same AS (SELECT s.unit_id, s.ordinal " + _KNOWN + ")" + DROPPED
_TOLD_TWICE: LiteralString = (
    """
    WITH same AS (
        SELECT unit_id, ordinal
          FROM (SELECT unit_id, ordinal, row_number() OVER (PARTITION BY uscc ORDER BY ordinal) AS n
                  FROM import_entity WHERE run_no = %(run_no)s) rows
         WHERE n > 1)
"""
    + DROPPED
)
# Somebody registered one of the codes since the file was checked.
_TAKEN_SINCE: LiteralString = set_aside(
    "import_entity",
    """
    SELECT s.unit_id, s.ordinal FROM import_entity s
     WHERE EXISTS (SELECT FROM code_directory d
                    WHERE d.code IN (s.uscc, nullif(s.former_code, '')))
"""
    + IN_CHUNK,
    _KEPT,
)
_IN_RANGE: LiteralString = "s.ordinal > %(after)s AND s.ordinal <= %(to)s"


def put(rows: LiteralString, state: LiteralString, more: LiteralString) -> LiteralString:
    """A statement that makes entities of staged rows; it tells how many.

    One statement: the rows are read once, and foreign keys are looked at when all of it is there.

    Args:
        rows: condition on `s`, which of the unit's staged rows.
        state: expression of the state in which an entity comes.
        more: further common table expressions over `s`, each behind a comma.
    """
    return (
        """
    WITH s AS (
        DELETE FROM import_entity s
         WHERE s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s
           AND """
        + rows
        + """
        RETURNING s.*, """
        + FLOOR
        + """ AS version, %(first_no)s + s.ordinal - 1 AS entity_no,
                  nullif(s.unit_id, 0) AS registrar_unit_id
    ), entities AS (
        INSERT INTO entity (entity_no, uscc, state, registrar_unit_id, version, revision,
                            created_at, updated_at)
        SELECT entity_no, uscc, """
        + state
        + """, registrar_unit_id, version, 1, %(now)s, %(now)s FROM s
    ), codes AS (
        SELECT entity_no, uscc AS code, 'uscc' AS kind, establish_date AS from_date FROM s
         UNION ALL
        SELECT entity_no, former_code, 'registration_number', NULL FROM s WHERE former_code <> ''
    ), directory AS (
        INSERT INTO code_directory (code, entity_no) SELECT code, entity_no FROM codes
    ), entity_codes AS (
        INSERT INTO entity_code (entity_no, code, kind, from_date)
        SELECT entity_no, code, kind, from_date FROM codes
    ), versions AS (
        INSERT INTO entity_version (
            entity_no, version, business_name, type_code, person, address, address_normalised,
            county_unit_id, address_unit_id, standard_code, capital, capital_fen,
            capital_currency, establish_date, scope, term_start_date, term_end_date,
            organization_form, registrar_unit_id, effective_date, recorded_at, source, source_id,
            run_no)
        SELECT entity_no, version, business_name, type_code, person, address, address_normalised,
               county_unit_id, address_unit_id, '', capital, capital_fen, capital_currency,
               establish_date, scope, term_start_date, term_end_date, organization_form,
               registrar_unit_id, effective_date, %(now)s, %(source)s, source_id, run_no
          FROM s
    ), searched AS (
        INSERT INTO entity_search (entity_no, version, sort_key, name_key, person_key,
                                   address_key, former_name_keys, terms)
        SELECT entity_no, version, sort_key, name_key, person_key, address_normalised, '{}',
               array_replace(terms, 's' || state, 's' || """
        + state
        + """)
          FROM s
    ), events AS ("""
        + told_events(
            "SELECT entity_no, 1 AS revision, '' AS subject, "
            + state
            + " AS state_after, effective_date, ordinal FROM s"
        )
        + """
    ), mended AS ("""
        + MENDED
        + ")"
        + more
        + " SELECT count(*) AS n FROM s"
    )


_PUT: LiteralString = put(_IN_RANGE, "state", "")


def staged_row(
    run_no: int, ordinal: int, row: ImportedRow, digest: bytes | None = None
) -> tuple[Any, ...]:
    """A row that was read, with its place among the file's rows, as it is staged.

    `digest` is of what a delta's row says.
    """
    face, capital = row.face, row.face.capital
    found = search_row(
        row.uscc, row.state, row.registrar, face.business_name, face.person, face.address.normalised
    )
    return (
        run_no,
        row.registrar or UNCLEAR,
        ordinal,
        row.line,
        row.uscc,
        row.former_codes[0] if row.former_codes else "",
        row.state.value,
        row.state_told,
        row.registrar_told,
        face.business_name,
        face.type_code,
        face.person,
        face.address.text,
        face.address.normalised,
        face.address.county,
        face.address.unit,
        capital.text if capital else "",
        capital.fen if capital else None,
        capital.currency if capital else None,
        face.establish_date,
        face.scope,
        face.term_start_date,
        face.term_end_date,
        face.organization_form,
        row.effective_date,
        row.record_id,
        found.sort_key,
        found.name_key,
        found.person_key,
        _array(found.terms),
        *(row.mends or (None, None)),
        digest,
        False,
    )


def _array(texts: list[str]) -> str:
    """A text[] as COPY reads it; written here, since whoever reads rows has more time for it."""
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(t.replace("\\", "\\\\").replace('"', '\\"') for t in texts)
    return '{"' + joined + '"}'


class StagedEntities(Staging):
    """Rows of entities; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        super().__init__(connection, "import_entity")

    def stage(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep rows that were read, as `staged_row` made them."""
        with self._connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row(row)

    def quarantine_doubled(self, run_no: int, why: Aside) -> None:
        """Set rows aside whose code other rows have too, and that say something else."""
        self._set_aside(_DOUBLED, run_no, why)

    def quarantine_former_doubled(self, run_no: int, why: Aside) -> None:
        """Set rows aside whose 注册号 a row of another code has too."""
        self._set_aside(_FORMER_DOUBLED, run_no, why)

    def quarantine_former_taken(self, run_no: int, why: Aside) -> None:
        """Set rows aside whose 注册号 is another entity's."""
        self._set_aside(_FORMER_TAKEN, run_no, why)

    def quarantine_different(self, run_no: int, why: Aside) -> None:
        """Set rows aside of which the register says something else."""
        self._set_aside(_DIFFERENT, run_no, why)

    def _set_aside(self, statement: LiteralString, run_no: int, why: Aside) -> None:
        self._connection.execute(statement, {"run_no": run_no} | asdict(why))

    def drop_known(self, run_no: int, *, mend: bool) -> dict[int, int]:
        """Drop rows that the register knows already, or that came twice; `unit_id` → count.

        Those of which it says something else are set aside before. With `mend`, what was said of
        rows that the known ones are instead of is closed.
        """
        counts: dict[int, int] = {}
        for statement in (_KNOWN_SAME, _TOLD_TWICE):
            key = {"run_no": run_no, "mend": mend}
            for row in self._connection.execute(statement, key):
                counts[row["unit_id"]] = counts.get(row["unit_id"], 0) + row["n"]
        return counts

    def set_taken_aside(self, chunk: Chunk, why: Aside) -> int:
        """Set rows of the chunk aside whose code was registered meanwhile; how many."""
        return self._connection.execute(_TAKEN_SINCE, told(chunk, why)).rowcount

    def put_on_register(self, chunk: Chunk, event: Event, first_no: int, feed_no: int) -> int:
        """Make entities of a chunk's rows, with the feed numbers behind `feed_no`; how many.

        Args:
            chunk: which rows.
            event: what their events have in common.
            first_no: number of the entity in the file's first row.
            feed_no: the last number given; the caller holds the sequencer's lock.

        Raises:
            CodeTaken: a code was registered this very moment; nothing was done.
        """
        values = {**shared(chunk, event), "first_no": first_no, "feed_no": feed_no}
        try:
            return int(only_row(self._connection, _PUT, values)["n"])
        except errors.UniqueViolation:
            raise CodeTaken("a code was registered this very moment", zh="代码刚刚被登记") from None
