"""Table `access`: who read what, and why."""

from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

_ADD: LiteralString = """
    INSERT INTO access (entity_no, workload, staff_no, method, basis, recorded_at)
    VALUES (%(entity_no)s, %(workload)s, %(staff_no)s, %(method)s, %(basis)s, %(now)s)
"""
_ADD_MANY: LiteralString = """
    INSERT INTO access (entity_no, workload, staff_no, method, basis, recorded_at)
    SELECT n, %(workload)s, %(staff_no)s, %(method)s, %(basis)s, %(now)s
      FROM unnest(%(numbers)s::bigint[]) AS n
"""


class Accesses:
    """Reads of named entities; only ever added."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def record(
        self, entity_no: int, workload: str, staff_no: str, method: str, basis: str, now: datetime
    ) -> None:
        """Keep that somebody read an entity."""
        row = {
            "entity_no": entity_no,
            "workload": workload,
            "staff_no": staff_no,
            "method": method,
            "basis": basis,
            "now": now,
        }
        self._connection.execute(_ADD, row)

    def record_many(
        self,
        numbers: list[int],
        workload: str,
        staff_no: str,
        method: str,
        basis: str,
        now: datetime,
    ) -> None:
        """Keep that somebody read these entities at once."""
        row = {
            "numbers": numbers,
            "workload": workload,
            "staff_no": staff_no,
            "method": method,
            "basis": basis,
            "now": now,
        }
        self._connection.execute(_ADD_MANY, row)
