"""Table `inspection`: what host units found at places that were handed over to them."""

from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.supervision import Inspection, InspectionResult
from registry_service.store.numbers import after_highest

_LIST: LiteralString = """
    SELECT inspection_no, result, inspection_date, inspectors, report, staff_no, created_at
      FROM inspection WHERE entity_no = %(entity_no)s AND handover_no = %(handover_no)s
     ORDER BY inspection_no DESC
"""
_INSERT: LiteralString = (
    """
    INSERT INTO inspection (entity_no, handover_no, inspection_no, result, inspection_date,
                            inspectors, report, staff_no, created_at)
    SELECT %(entity_no)s, %(handover_no)s, """
    + after_highest("inspection_no")
    + """, %(result)s,
           %(inspection_date)s, %(inspectors)s, %(report)s, %(staff_no)s, %(now)s
      FROM inspection WHERE entity_no = %(entity_no)s AND handover_no = %(handover_no)s
"""
)


def _inspection(row: DictRow) -> Inspection:
    first, second = row["inspectors"]
    return Inspection(
        number=row["inspection_no"],
        result=InspectionResult(row["result"]),
        inspection_date=row["inspection_date"],
        inspectors=(first, second),
        report=row["report"],
        staff_no=row["staff_no"],
        created_at=row["created_at"],
    )


class Inspections:
    """Inspections; only ever added, in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def of(self, entity_no: int, handover_no: int) -> tuple[Inspection, ...]:
        """Those of a hand-over, newest first."""
        key = {"entity_no": entity_no, "handover_no": handover_no}
        return tuple(_inspection(row) for row in self._connection.execute(_LIST, key))

    def add(
        self,
        entity_no: int,
        handover_no: int,
        result: InspectionResult,
        inspection_date: date,
        inspectors: tuple[str, str],
        report: str,
        staff_no: str,
        now: datetime,
    ) -> None:
        """Store an inspection under the hand-over's next number; the entity is locked."""
        row = {
            "entity_no": entity_no,
            "handover_no": handover_no,
            "result": result,
            "inspection_date": inspection_date,
            "inspectors": list(inspectors),
            "report": report,
            "staff_no": staff_no,
            "now": now,
        }
        self._connection.execute(_INSERT, row)
