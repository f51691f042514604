"""Tables `premises` and `premises_version`."""

from dataclasses import replace
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.entity import Source
from registry_service.domain.errors import EtagMismatch, PremisesUnknown
from registry_service.domain.history import PlaceFiled, PlaceVersion
from registry_service.domain.premises import Premises, PremisesState
from registry_service.store.columns import read_site, site_columns
from registry_service.store.numbers import Numbers, after_highest
from registry_service.store.rows import only_row

_SELECT: LiteralString = """
    SELECT p.entity_no, p.premises_no, p.state, p.version, p.unit_id, p.filing_no, p.filing_date,
           p.revision, v.title, v.address, v.address_normalised, v.county_unit_id,
           v.address_unit_id, v.standard_code, v.latitude, v.longitude, v.scope, v.use,
           v.tenancy_end_date, v.building, v.recorded_at, v.source, v.source_id, v.run_no,
           p.ended_date, p.claimed_by, p.claimed_at
      FROM premises p
      JOIN premises_version v ON v.entity_no = p.entity_no AND v.premises_no = p.premises_no
                             AND v.version = p.version
     WHERE p.entity_no = %(entity_no)s
"""
_FIND: LiteralString = _SELECT + " AND p.premises_no = %(premises_no)s"
_LIST: LiteralString = (
    _SELECT + " AND p.premises_no > %(after)s ORDER BY p.premises_no LIMIT %(limit)s"
)
_FILED: LiteralString = """
    SELECT DISTINCT ON (premises_no) premises_no, effective_date, recorded_at FROM premises_version
     WHERE entity_no = %(entity_no)s ORDER BY premises_no, version
"""
_VERSIONS: LiteralString = """
    SELECT premises_no, version, title, address, address_normalised, county_unit_id,
           address_unit_id, standard_code, latitude, longitude, scope, use, tenancy_end_date,
           building, effective_date, recorded_at
      FROM premises_version WHERE entity_no = %(entity_no)s ORDER BY premises_no, version
"""
_INSERT: LiteralString = (
    """
    INSERT INTO premises (entity_no, premises_no, state, version, unit_id, filing_no, filing_date,
                          revision)
    SELECT %(entity_no)s, """
    + after_highest("premises_no")
    + """, 'live', 1, %(unit_id)s, %(filing_no)s,
           %(filing_date)s, 1
      FROM premises WHERE entity_no = %(entity_no)s
    RETURNING premises_no
"""
)
_INSERT_VERSION: LiteralString = """
    INSERT INTO premises_version (
        entity_no, premises_no, version, title, address, address_normalised, county_unit_id,
        address_unit_id, standard_code, latitude, longitude, scope, use, tenancy_end_date,
        building, effective_date, recorded_at, source, source_id, run_no)
    VALUES (%(entity_no)s, %(premises_no)s, %(version)s, %(title)s, %(address)s,
            %(address_normalised)s, %(county_unit_id)s, %(address_unit_id)s,
            %(standard_code)s, %(latitude)s, %(longitude)s, %(scope)s, %(use)s,
            %(tenancy_end_date)s, %(building)s,
            %(effective_date)s, %(now)s,
            %(source)s, %(source_id)s, %(run_no)s)
"""
_MOVE: LiteralString = """
    UPDATE premises
       SET state = %(state)s, version = %(version)s, unit_id = %(unit_id)s,
           ended_date = %(ended_date)s, claimed_by = %(claimed_by)s, claimed_at = %(claimed_at)s,
           revision = revision + 1
     WHERE entity_no = %(entity_no)s AND premises_no = %(premises_no)s AND revision = %(revision)s
"""


def _premises(row: DictRow) -> Premises:
    return Premises(
        entity_no=row["entity_no"],
        number=row["premises_no"],
        state=PremisesState(row["state"]),
        version=row["version"],
        site=read_site(row),
        unit=row["unit_id"],
        filing_no=row["filing_no"],
        filing_date=row["filing_date"],
        revision=row["revision"],
        recorded_at=row["recorded_at"],
        source=Source(row["source"], row["source_id"], row["run_no"]),
        ended_date=row["ended_date"],
        claimed_by=row["claimed_by"] or "",
        claimed_at=row["claimed_at"],
    )


class PremisesTable:
    """Filed places; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, premises_no: int) -> Premises:
        """The entity's premises with this number.

        Raises:
            PremisesUnknown: it has none.
        """
        key = {"entity_no": entity_no, "premises_no": premises_no}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise PremisesUnknown(
                f"the entity has no premises {premises_no}",
                zh=f"该主体没有编号为 {premises_no} 的经营场所",
                premises=premises_no,
            )
        return _premises(row)

    def page(self, entity_no: int, after: int = 0, limit: int = 1000) -> list[Premises]:
        """The entity's premises above number `after`, in the order of their numbers."""
        key = {"entity_no": entity_no, "after": after, "limit": limit}
        return [_premises(row) for row in self._connection.execute(_LIST, key)]

    def filed(self, entity_no: int) -> list[PlaceFiled]:
        """When each place of an entity was first filed, by number."""
        return [
            PlaceFiled(row["premises_no"], row["effective_date"], row["recorded_at"])
            for row in self._connection.execute(_FILED, {"entity_no": entity_no})
        ]

    def versions(self, entity_no: int) -> list[PlaceVersion]:
        """All that was ever filed of an entity's places, by number and version."""
        return [
            PlaceVersion(
                row["premises_no"],
                row["version"],
                read_site(row),
                row["effective_date"],
                row["recorded_at"],
            )
            for row in self._connection.execute(_VERSIONS, {"entity_no": entity_no})
        ]

    def add(self, premises: Premises, now: datetime, filing_date: date) -> Premises:
        """File a place under the entity's next site number; `premises.number` is not read."""
        row = {
            "entity_no": premises.entity_no,
            "unit_id": premises.unit,
            "filing_no": premises.filing_no,
            "filing_date": filing_date,
        }
        stored = only_row(self._connection, _INSERT, row)
        added = replace(premises, number=stored["premises_no"], revision=1, version=1)
        self._add_version(added, now, filing_date)
        return added

    def add_version(self, premises: Premises, now: datetime, effective_date: date) -> Premises:
        """Put new data of a place in force; `premises` at the version and revision it was read at.

        Raises:
            EtagMismatch: another writer was first.
        """
        newer = replace(premises, version=Numbers(self._connection).after(premises.version))
        self._add_version(newer, now, effective_date)
        return self.move(newer)

    def _add_version(self, premises: Premises, now: datetime, effective_date: date) -> None:
        row = {
            "entity_no": premises.entity_no,
            "premises_no": premises.number,
            "version": premises.version,
            **site_columns(premises.site),
            "effective_date": effective_date,
            "now": now,
            "source": premises.source.system,
            "source_id": premises.source.record_id,
            "run_no": premises.source.run,
        }
        self._connection.execute(_INSERT_VERSION, row)

    def move(self, premises: Premises) -> Premises:
        """Write state, version in force, unit and end over the revision it was read at.

        Raises:
            EtagMismatch: another writer was first.
        """
        row = {
            "entity_no": premises.entity_no,
            "premises_no": premises.number,
            "state": premises.state,
            "version": premises.version,
            "unit_id": premises.unit,
            "ended_date": premises.ended_date,
            "claimed_by": premises.claimed_by or None,
            "claimed_at": premises.claimed_at,
            "revision": premises.revision,
        }
        if self._connection.execute(_MOVE, row).rowcount != 1:
            raise EtagMismatch(
                "the premises changed since they were read; read them again",
                zh="该经营场所已被他人更改，请重新读取后再办理",
                premises=premises.number,
            )
        return replace(premises, revision=premises.revision + 1)
