"""Invariant 11: an entity is found by what it is."""

from collections.abc import Iterator
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.fsck.fault import Fault
from registry_service.store.entity_search import FACES, row_of

_COLUMNS: LiteralString = """
    SELECT s.version AS made_from, s.sort_key, s.name_key, s.person_key, s.address_key,
           s.former_name_keys, s.terms, f.*
"""
_ALL: LiteralString = (
    _COLUMNS + " FROM (" + FACES + ") f LEFT JOIN entity_search s ON s.entity_no = f.entity_no"
)
_BATCH: Final = 10_000


def check_search(connection: psycopg.Connection[DictRow]) -> Iterator[Fault]:
    """Entities whose row is missing, or is not the one that follows from their faces."""
    with connection.cursor("fsck_search") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_ALL)
        for row in cursor:
            key = f"entity_no={row['entity_no']}"
            if row["made_from"] is None:
                yield Fault(11, "entity_search", key, "no search finds it yet; a registry makes it")
            elif row["made_from"] != row["version"] or not _follows(row):
                yield Fault(11, "entity_search", key, "it is found by other facts than its own")


def _follows(row: DictRow) -> bool:
    made = row_of(row)
    return all(row[name] == getattr(made, name) for name in made._fields)
