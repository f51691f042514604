"""Tables `source_fact` and `source_gone`: what sources said, and what they say no more."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.entity import EntityState
from registry_service.domain.sync import Fact
from registry_service.store.entities import read_face
from registry_service.store.numbers import highest

FACE: LiteralString = """
    business_name, type_code, person, address, address_normalised, county_unit_id,
    address_unit_id, capital, capital_fen, capital_currency, establish_date, scope,
    term_start_date, term_end_date, organization_form
"""
COLUMNS: LiteralString = (
    "entity_no, fact_no, source, source_id, approved_date, source_date, digest,"
    + FACE
    + """, state, state_told, registrar_unit_id, registrar_told, run_no, recorded_at,
       after_version, after_revision
"""
)
_OF: LiteralString = (
    "SELECT "
    + COLUMNS
    + """, '' AS standard_code, NULL::double precision AS latitude,
       NULL::double precision AS longitude
      FROM source_fact
     WHERE entity_no = ANY (%(entities)s) AND source = %(source)s ORDER BY entity_no, fact_no
"""
)
# The staged rows of a chunk whose entities are locked; `DISTINCT` where two lines say one thing.
_KEEP: LiteralString = (
    """
    WITH said AS (
        SELECT DISTINCT ON (s.known_entity_no, s.digest) s.*, s.known_entity_no AS entity_no
          FROM import_entity s
         WHERE s.run_no = %(run_no)s AND s.unit_id = %(unit_id)s AND s.ordinal = ANY (%(ordinals)s)
         ORDER BY s.known_entity_no, s.digest, s.ordinal
    )
    INSERT INTO source_fact ("""
    + COLUMNS
    + """)
    SELECT s.entity_no,
           (SELECT """
    + highest("f.fact_no")
    + """ FROM source_fact f WHERE f.entity_no = s.entity_no)
             + row_number() OVER (PARTITION BY s.entity_no ORDER BY s.ordinal),
           %(source)s, s.source_id, s.effective_date, %(source_date)s, s.digest, """
    + FACE
    + """, s.state, s.state_told, nullif(s.unit_id, 0), s.registrar_told, s.run_no, %(now)s,
           (SELECT max(v.version) FROM entity_version v WHERE v.entity_no = s.entity_no),
           e.revision
      FROM said s JOIN entity e ON e.entity_no = s.entity_no
        ON CONFLICT (entity_no, source, digest) DO UPDATE
       SET source_date = greatest(source_fact.source_date, EXCLUDED.source_date)
"""
)
_GONE: LiteralString = """
    INSERT INTO source_gone (uscc, source, source_date, run_no)
    SELECT code, %(source)s, %(day)s, %(run_no)s FROM unnest(%(codes)s::text[]) AS code
        ON CONFLICT (uscc, source) DO UPDATE
       SET source_date = EXCLUDED.source_date, run_no = EXCLUDED.run_no
     WHERE source_gone.source_date < EXCLUDED.source_date
"""
_LOCK: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('yizhao.sync', 0))"


def _fact(row: DictRow) -> Fact:
    return Fact(
        number=row["fact_no"],
        record_id=row["source_id"],
        approved_date=row["approved_date"],
        source_date=row["source_date"],
        digest=bytes(row["digest"]),
        face=read_face(row),
        registrar=row["registrar_unit_id"],
        registrar_told=row["registrar_told"],
        state=EntityState(row["state"]),
        state_told=row["state_told"],
        after_version=row["after_version"],
        after_revision=row["after_revision"],
    )


class SourceFacts:
    """What sources said; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Let no other delta be compared or applied until this transaction ends."""
        self._connection.execute(_LOCK)

    def of(self, entities: Collection[int], source: str) -> dict[int, list[Fact]]:
        """What a source said of these entities, by entity, in the order of recording."""
        key = {"entities": list(entities), "source": source}
        found: dict[int, list[Fact]] = {}
        for row in self._connection.execute(_OF, key):
            found.setdefault(row["entity_no"], []).append(_fact(row))
        return found

    def keep(
        self,
        run_no: int,
        unit_id: int,
        ordinals: Iterable[int],
        source: str,
        source_date: date,
        now: datetime,
    ) -> None:
        """Make facts of staged rows of known entities; one that is known was said again that day.

        Args:
            run_no: of the run.
            unit_id: of the share.
            ordinals: of the rows.
            source: who says so.
            source_date: on which day.
            now: when it is recorded.
        """
        key = {
            "run_no": run_no,
            "unit_id": unit_id,
            "ordinals": list(ordinals),
            "source": source,
            "source_date": source_date,
            "now": now,
        }
        self._connection.execute(_KEEP, key)

    def gone(self, codes: Iterable[str], source: str, day: date, run_no: int) -> None:
        """Note that on that day the source had no entities of these codes."""
        key = {"codes": list(codes), "source": source, "day": day, "run_no": run_no}
        self._connection.execute(_GONE, key)
