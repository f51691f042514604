"""Tables `unit` and `unit_alias`."""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.unit import Alias, Unit, UnitTree
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_ALIASES: LiteralString = """
    SELECT source, code, unit_id, from_date, until_date FROM unit_alias
     ORDER BY unit_id, source, code, from_date
"""
_PUT: LiteralString = """
    INSERT INTO unit (unit_id, parent_id, kind, title)
    VALUES (%(unit)s, %(parent)s, %(kind)s, %(title)s)
    ON CONFLICT (unit_id) DO NOTHING
"""
# One adds at a time: the number is the next after the highest, and units never go.
_LOCK: LiteralString = "LOCK TABLE unit IN SHARE ROW EXCLUSIVE MODE"
_ADD_STATION: LiteralString = (
    """
    INSERT INTO unit (unit_id, parent_id, kind, title)
    SELECT greatest(%(first)s, """
    + after_highest("unit_id")
    + """), %(parent)s, 'station', %(title)s FROM unit
    RETURNING unit_id
"""
)
_RENAME: LiteralString = "UPDATE unit SET title = %(title)s WHERE unit_id = %(unit)s"
_GIVE_CODE: LiteralString = """
    UPDATE unit SET uscc = %(uscc)s WHERE unit_id = %(unit)s AND coalesce(uscc, %(uscc)s) = %(uscc)s
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
        self._known: UnitTree | None = None

    @property
    def known(self) -> UnitTree:
        """The tree as this transaction read it first."""
        if self._known is None:
            self._known = self.tree()
        return self._known

    def tree(self) -> UnitTree:
        """Every unit."""
        rows = self._connection.execute(
            "SELECT unit_id, title, kind, parent_id, uscc FROM unit ORDER BY unit_id"
        )
        return UnitTree(
            Unit(r["unit_id"], r["title"], r["kind"], r["parent_id"], r["uscc"] or "") for r in rows
        )

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

    def lock(self) -> None:
        """Let nobody else add or rename units until the transaction ends."""
        self._connection.execute(_LOCK)

    def add_station(self, parent: int, title: str, first: int) -> int:
        """Add a station; its number, at least `first`. The table is locked."""
        row = {"parent": parent, "title": title, "first": first}
        stored = only_row(self._connection, _ADD_STATION, row)
        return int(stored["unit_id"])

    def rename(self, unit: int, title: str) -> None:
        """Give a unit another title. The table is locked."""
        self._connection.execute(_RENAME, {"unit": unit, "title": title})

    def give_code(self, unit: int, uscc: str) -> bool:
        """Let documents issued there name an authority; False if they name another already, or
        there is no such unit. What was issued under a code is called by it for ever."""
        return self._connection.execute(_GIVE_CODE, {"unit": unit, "uscc": uscc}).rowcount == 1

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
