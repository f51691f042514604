"""Table `dormancy`."""

from datetime import date
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.dormancy import Dormancy
from registry_service.store.numbers import after_highest

_OF: LiteralString = """
    SELECT dormancy_no, from_date, until_date, ended_date FROM dormancy
     WHERE entity_no = %(entity_no)s ORDER BY dormancy_no
"""
_ADD: LiteralString = (
    """
    INSERT INTO dormancy (entity_no, dormancy_no, from_date, until_date)
    SELECT %(entity_no)s, """
    + after_highest("dormancy_no")
    + """, %(from_date)s, %(until_date)s
      FROM dormancy WHERE entity_no = %(entity_no)s
"""
)
_SAVE: LiteralString = """
    UPDATE dormancy SET until_date = %(until_date)s, ended_date = %(ended_date)s
     WHERE entity_no = %(entity_no)s AND dormancy_no = %(dormancy_no)s
"""
# Only the last dormancy of an entity can be the one it is in.
_EXPIRED: LiteralString = """
    SELECT e.uscc
      FROM entity e
      JOIN LATERAL (SELECT d.until_date, d.ended_date FROM dormancy d
                     WHERE d.entity_no = e.entity_no
                     ORDER BY d.dormancy_no DESC LIMIT 1) d ON true
     WHERE e.state = 'dormant' AND d.ended_date IS NULL AND d.until_date < %(day)s
     ORDER BY e.entity_no
     LIMIT %(limit)s
"""


class Dormancies:
    """Dormancies; the caller of a write holds the entity's lock."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def of(self, entity_no: int) -> tuple[Dormancy, ...]:
        """All dormancies of an entity, in the order in which they were filed."""
        return tuple(
            Dormancy(row["dormancy_no"], row["from_date"], row["until_date"], row["ended_date"])
            for row in self._connection.execute(_OF, {"entity_no": entity_no})
        )

    def add(self, entity_no: int, from_date: date, until_date: date) -> None:
        """File a dormancy under the entity's next number."""
        row = {"entity_no": entity_no, "from_date": from_date, "until_date": until_date}
        self._connection.execute(_ADD, row)

    def save(self, entity_no: int, dormancy: Dormancy) -> None:
        """Write when it ends, and whether it ended before that."""
        row = {
            "entity_no": entity_no,
            "dormancy_no": dormancy.number,
            "until_date": dormancy.until_date,
            "ended_date": dormancy.ended_date,
        }
        self._connection.execute(_SAVE, row)

    def expired(self, day: date, limit: int) -> list[str]:
        """Codes of dormant entities whose last dormant day lies before `day`."""
        found = self._connection.execute(_EXPIRED, {"day": day, "limit": limit})
        return [row["uscc"] for row in found]
