"""Table `restriction`."""

from collections.abc import Collection
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import RestrictionUnknown
from registry_service.domain.restriction import HeldAct, Restriction
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_COLUMNS: LiteralString = """
    entity_no, restriction_no, authority, basis, held_acts, from_date, until_date, lifted_at,
    lift_basis
"""
_SELECT: LiteralString = "SELECT " + _COLUMNS + " FROM restriction WHERE entity_no = %(entity_no)s"
_FIND: LiteralString = _SELECT + " AND restriction_no = %(restriction_no)s"
_EVERY: LiteralString = _SELECT + " ORDER BY restriction_no"
STANDS: LiteralString = """
    lifted_at IS NULL AND from_date <= %(day)s AND (until_date IS NULL OR until_date >= %(day)s)
"""
_STANDING: LiteralString = _SELECT + " AND " + STANDS + " ORDER BY restriction_no"
_STANDING_OF: LiteralString = (
    "SELECT "
    + _COLUMNS
    + " FROM restriction WHERE entity_no = ANY (%(entities)s) AND "
    + STANDS
    + " ORDER BY entity_no, restriction_no"
)
_INSERT: LiteralString = (
    """
    INSERT INTO restriction (entity_no, restriction_no, authority, basis, held_acts, from_date,
                             until_date)
    SELECT %(entity_no)s, """
    + after_highest("restriction_no")
    + """, %(authority)s, %(basis)s,
           %(held_acts)s, %(from_date)s, %(until_date)s
      FROM restriction WHERE entity_no = %(entity_no)s
    RETURNING """
    + _COLUMNS
)
_LIFT: LiteralString = (
    """
    UPDATE restriction SET lifted_at = %(now)s, lift_basis = %(basis)s
     WHERE entity_no = %(entity_no)s AND restriction_no = %(restriction_no)s
       AND lifted_at IS NULL
    RETURNING """
    + _COLUMNS
)


def read_restriction(row: DictRow) -> Restriction:
    """The hold in a row."""
    return Restriction(
        entity_no=row["entity_no"],
        number=row["restriction_no"],
        authority=row["authority"],
        basis=row["basis"],
        held_acts=tuple(HeldAct(held) for held in row["held_acts"]),
        from_date=row["from_date"],
        until_date=row["until_date"],
        lifted_at=row["lifted_at"],
        lift_basis=row["lift_basis"],
    )


class Restrictions:
    """Holds; the caller of a write holds the entity's lock."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, restriction_no: int) -> Restriction:
        """The entity's hold with this number, lifted or not.

        Raises:
            RestrictionUnknown: it has none.
        """
        key = {"entity_no": entity_no, "restriction_no": restriction_no}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise RestrictionUnknown(
                f"the entity has no hold {restriction_no}",
                zh=f"该主体没有编号为 {restriction_no} 的限制",
                restriction=restriction_no,
            )
        return read_restriction(row)

    def standing(self, entity_no: int, day: date) -> tuple[Restriction, ...]:
        """Holds in force on that day, by number."""
        key = {"entity_no": entity_no, "day": day}
        return tuple(read_restriction(row) for row in self._connection.execute(_STANDING, key))

    def every(self, entity_no: int) -> list[Restriction]:
        """All holds on an entity, over or not, by number."""
        key = {"entity_no": entity_no}
        return [read_restriction(row) for row in self._connection.execute(_EVERY, key)]

    def standing_of(self, entities: Collection[int], day: date) -> list[Restriction]:
        """Holds on these entities that are in force on that day, by entity and number."""
        key = {"entities": list(entities), "day": day}
        return [read_restriction(row) for row in self._connection.execute(_STANDING_OF, key)]

    def add(self, restriction: Restriction) -> Restriction:
        """Enter a hold under the entity's next number; `restriction.number` is not read."""
        row = {
            "entity_no": restriction.entity_no,
            "authority": restriction.authority,
            "basis": restriction.basis,
            "held_acts": [held.value for held in restriction.held_acts],
            "from_date": restriction.from_date,
            "until_date": restriction.until_date,
        }
        stored = only_row(self._connection, _INSERT, row)
        return read_restriction(stored)

    def lift(self, restriction: Restriction, basis: str, now: datetime) -> Restriction:
        """Lift a hold that was not lifted; the caller made sure under the entity's lock."""
        key = {
            "entity_no": restriction.entity_no,
            "restriction_no": restriction.number,
            "basis": basis,
            "now": now,
        }
        stored = only_row(self._connection, _LIFT, key)
        return read_restriction(stored)
