"""Who is and was at a place: over `entity_version` and `premises_version`, by the address's key.

Both questions stop at the first rows that answer them, so that a place with thousands of
entities costs no more than one with a few.
"""

from collections.abc import Collection
from datetime import date
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

# An entity has one version in force, and live premises of one entity have distinct addresses:
# neither branch tells an entity twice.
_ENTITIES: LiteralString = """
    SELECT count(*) AS n FROM (
        (SELECT v.entity_no
           FROM entity_version v
           JOIN entity e ON e.entity_no = v.entity_no AND e.version = v.version
          WHERE v.address_normalised = %(place)s AND v.entity_no <> %(entity_no)s
            AND e.state NOT IN ('revoked', 'deregistered', 'annulled')
          LIMIT %(most)s)
        UNION
        (SELECT v.entity_no
           FROM premises_version v
           JOIN premises p ON p.entity_no = v.entity_no AND p.premises_no = v.premises_no
                          AND p.version = v.version
          WHERE v.address_normalised = %(place)s AND v.entity_no <> %(entity_no)s
            AND p.state IN ('live', 'suspended')
          LIMIT %(most)s)
        LIMIT %(most)s) there
"""
_STRUCK: LiteralString = """
    SELECT p.ended_date
      FROM premises_version v
      JOIN premises p ON p.entity_no = v.entity_no AND p.premises_no = v.premises_no
                     AND p.version = v.version
     WHERE v.address_normalised = %(place)s AND p.state = 'struck' AND p.ended_date >= %(since)s
     ORDER BY p.ended_date DESC
     LIMIT 1
"""
_FOLLOWED: LiteralString = """
    SELECT entity_no FROM premises WHERE entity_no = ANY (%(entities)s)
     UNION
    SELECT entity_no FROM filing WHERE entity_no = ANY (%(entities)s)
     UNION
    SELECT entity_no FROM license_version
     WHERE entity_no = ANY (%(entities)s) AND state IN ('intent', 'issued')
     UNION
    SELECT entity_no FROM premises_statement
     WHERE entity_no = ANY (%(entities)s) AND state IN ('intent', 'issued')
"""


class Places:
    """What stands at an address; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def followed(self, entities: Collection[int]) -> frozenset[int]:
        """Those of these entities that have a place, a filing or a live document: what follows when
        a face changes."""
        rows = self._connection.execute(_FOLLOWED, {"entities": list(entities)})
        return frozenset(row["entity_no"] for row in rows)

    def others_at(self, place: str, entity_no: int, most: int) -> int:
        """How many other entities have their domicile or live premises there, up to `most`.

        Args:
            place: normalised address.
            entity_no: the entity that is not counted.
            most: where counting stops.
        """
        key = {"place": place, "entity_no": entity_no, "most": most}
        row = self._connection.execute(_ENTITIES, key).fetchone()
        return int(row["n"]) if row else 0

    def struck_since(self, place: str, since: date) -> date | None:
        """The last day since then on which premises there were struck, of any entity."""
        row = self._connection.execute(_STRUCK, {"place": place, "since": since}).fetchone()
        return row["ended_date"] if row else None
