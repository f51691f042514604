"""Tables `unit` and `unit_alias`."""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.unit import Alias, Unit, UnitTree

_ALIASES: LiteralString = """
    SELECT source, code, unit_id, from_date, until_date FROM unit_alias
     ORDER BY unit_id, source, code, from_date
"""
_PUT: LiteralString = """
    INSERT INTO unit (unit_id, parent_id, kind, title)
    VALUES (%(unit)s, %(parent)s, %(kind)s, %(title)s)
    ON CONFLICT (unit_id) DO NOTHING
"""
_PUT_ALIAS: LiteralString = """
    INSERT INTO unit_alias (source, code, from_date, until_date, unit_id)
    VALUES (%(source)s, %(code)s, %(from_date)s, %(until_date)s, %(unit)s)
    ON CONFLICT (source, code, from_date) DO NOTHING
"""


class Units:
    """The unit tree and what others call its units."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def tree(self) -> UnitTree:
        """Every unit."""
        rows = self._connection.execute(
            "SELECT unit_id, title, kind, parent_id FROM unit ORDER BY unit_id"
        )
        return UnitTree(Unit(r["unit_id"], r["title"], r["kind"], r["parent_id"]) for r in rows)

    def aliases(self) -> list[Alias]:
        """Every foreign code and former name."""
        return [
            Alias(r["source"], r["code"], r["unit_id"], r["from_date"], r["until_date"])
            for r in self._connection.execute(_ALIASES)
        ]

    def put(self, unit: Unit) -> None:
        """Add a unit unless its number is taken."""
        row = {
            "unit": unit.number,
            "parent": unit.parent,
            "kind": unit.kind,
            "title": unit.title,
        }
        self._connection.execute(_PUT, row)

    def put_alias(self, alias: Alias) -> None:
        """Add an alias unless it is there."""
        row = {
            "source": alias.source,
            "code": alias.code,
            "from_date": alias.from_date,
            "until_date": alias.until_date,
            "unit": alias.unit,
        }
        self._connection.execute(_PUT_ALIAS, row)
