"""Table `import_premises`: rows of places that were read and wait to be signed off."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.event import Event
from registry_service.domain.import_premises_row import ImportedPremises
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
    COPY import_premises (run_no, unit_id, ordinal, line, entity_no, uscc, title, address,
                          address_normalised, county_unit_id, address_unit_id, standard_code,
                          scope, use, building, tenancy_end_date, filing_date, source_id,
                          mends_run_no, mends_line) FROM STDIN
"""
_KEPT: LiteralString = """
    jsonb_build_object('uniscid', s.uscc, 'title', s.title, 'address', s.address,
                       'filed_date', s.filing_date::text, 'record_id', s.source_id)
"""
_ENDED: LiteralString = """
    SELECT s.unit_id, s.ordinal FROM import_premises s JOIN entity e USING (entity_no)
     WHERE e.state IN ('revoked', 'deregistered', 'annulled')
"""
_DOMICILE: LiteralString = """
    SELECT s.unit_id, s.ordinal
      FROM import_premises s JOIN entity e USING (entity_no)
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
     WHERE v.address_normalised = s.address_normalised
"""
_LIVE: LiteralString = """
      FROM import_premises s
      JOIN premises p ON p.entity_no = s.entity_no AND p.state IN ('live', 'suspended')
      JOIN premises_version v ON v.entity_no = p.entity_no AND v.premises_no = p.premises_no
                             AND v.version = p.version
     WHERE v.address_normalised = s.address_normalised
"""
_TAKEN: LiteralString = "SELECT s.unit_id, s.ordinal" + _LIVE
_SAYS_THE_SAME: LiteralString = (
    " AND (s.title, s.scope, p.unit_id) = (v.title, v.scope, s.address_unit_id)"
)
_DOUBLED: LiteralString = """
    SELECT s.unit_id, s.ordinal
      FROM import_premises s
      JOIN (SELECT entity_no, address_normalised FROM import_premises
             WHERE run_no = %(run_no)s GROUP BY entity_no, address_normalised
            HAVING count(*) > 1) d USING (entity_no, address_normalised)
     WHERE true
"""
_DROP_KNOWN: LiteralString = (
    "WITH same AS (SELECT s.unit_id, s.ordinal"
    + _LIVE
    + IN_RUN
    + _SAYS_THE_SAME
    + ")"
    + dropped("import_premises")
)
_LOCK_ENTITIES: LiteralString = lock_entities("import_premises")
_PUT: LiteralString = (
    below_entities("import_premises", "premises", "premises_no")
    + """, places AS (
        INSERT INTO premises (entity_no, premises_no, state, version, unit_id, filing_date,
                              revision)
        SELECT entity_no, premises_no, 'live', version, address_unit_id, filing_date, 1 FROM s
    ), versions AS (
        INSERT INTO premises_version (
            entity_no, premises_no, version, title, address, address_normalised, county_unit_id,
            address_unit_id, standard_code, scope, use, tenancy_end_date, building,
            effective_date, recorded_at, source, source_id, run_no)
        SELECT entity_no, premises_no, version, title, address, address_normalised, county_unit_id,
               address_unit_id, standard_code, scope, use, tenancy_end_date, building,
               filing_date, %(now)s, %(source)s, source_id, run_no
          FROM s
    ), events AS ("""
    + told_events(
        """
        SELECT entity_no, revision, 'premises/' || premises_no AS subject,
               entity_state AS state_after, filing_date AS effective_date, ordinal
          FROM s"""
    )
    + "), mended AS ("
    + MENDED
    + ") SELECT count(*) AS n FROM s"
)


class StagedPremises(Staging):
    """Rows of places; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        super().__init__(connection, "import_premises")

    def stage(
        self, run_no: int, rows: Iterable[tuple[int, ImportedPremises]], homes: dict[str, Home]
    ) -> None:
        """Keep rows that were read, each with its place among the file's rows."""
        with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for ordinal, row in rows:
                copy.write_row(_staged(run_no, ordinal, row, homes[row.uscc]))

    def quarantine(self, run_no: int, why: "Reasons") -> None:
        """Set rows aside that the register can't take as they are."""
        for clash, aside in why.items():
            statement = set_aside("import_premises", _CLASHES[clash] + IN_RUN, _KEPT)
            self._connection.execute(statement, {"run_no": run_no} | asdict(aside))

    def drop_known(self, run_no: int, *, mend: bool) -> dict[int, int]:
        """Drop rows of places that are filed already, as the row says; `unit_id` → count."""
        rows = self._connection.execute(_DROP_KNOWN, {"run_no": run_no, "mend": mend})
        return {row["unit_id"]: row["n"] for row in rows}

    def set_taken_aside(self, chunk: Chunk, why: "Reasons") -> int:
        """Lock the chunk's entities, and set rows aside that they can't take any more; how many."""
        self._connection.execute(_LOCK_ENTITIES, asdict(chunk))
        lost = 0
        for clash, aside in why.items():
            statement = set_aside("import_premises", _CLASHES[clash] + IN_CHUNK, _KEPT)
            lost += self._connection.execute(statement, told(chunk, aside)).rowcount
        return lost

    def put_on_register(self, chunk: Chunk, event: Event, feed_no: int) -> int:
        """Make places of a chunk's rows, with the feed numbers behind `feed_no`; how many."""
        values = {**shared(chunk, event), "feed_no": feed_no}
        return int(only_row(self._connection, _PUT, values)["n"])


ENDED, DOMICILE, TAKEN, DOUBLED = "ended", "domicile", "taken", "doubled"
_CLASHES: Final[dict[str, LiteralString]] = {
    ENDED: _ENDED,
    DOMICILE: _DOMICILE,
    TAKEN: _TAKEN,
    DOUBLED: _DOUBLED,
}
Reasons = dict[str, Aside]
"""Clash → why rows with it are set aside."""


def _staged(run_no: int, ordinal: int, row: ImportedPremises, home: Home) -> tuple[Any, ...]:
    address = row.site.address
    return (
        run_no,
        home.registrar or UNCLEAR,
        ordinal,
        row.line,
        home.entity_no,
        row.uscc,
        row.site.title,
        address.text,
        address.normalised,
        address.county,
        address.unit,
        address.standard_code,
        row.site.scope,
        row.site.use,
        row.site.building.value,
        row.site.tenancy_end_date,
        row.filing_date,
        row.record_id,
        *(row.mends or (None, None)),
    )
