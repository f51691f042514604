"""Tables `notice` and `defect`."""

from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.application import Application, Defect, Notice
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_ADD: LiteralString = (
    """
    INSERT INTO notice (entity_no, application_no, notice_no, told_by, created_at)
    SELECT %(entity_no)s, %(application_no)s, """
    + after_highest("notice_no")
    + """, %(told_by)s, %(now)s
      FROM notice WHERE entity_no = %(entity_no)s AND application_no = %(application_no)s
    RETURNING notice_no
"""
)
_ADD_DEFECT: LiteralString = """
    INSERT INTO defect (entity_no, application_no, notice_no, defect_no, filing_no, rule, reason,
                        remedy)
    VALUES (%(entity_no)s, %(application_no)s, %(notice_no)s, %(defect_no)s, %(filing_no)s,
            %(rule)s, %(reason)s, %(remedy)s)
"""
_LIST: LiteralString = """
    SELECT notice_no, told_by, created_at FROM notice
     WHERE entity_no = %(entity_no)s AND application_no = %(application_no)s
       AND notice_no > %(after)s
     ORDER BY notice_no LIMIT %(limit)s
"""
_DEFECTS: LiteralString = """
    SELECT notice_no, filing_no, rule, reason, remedy FROM defect
     WHERE entity_no = %(entity_no)s AND application_no = %(application_no)s
       AND notice_no = ANY (%(notices)s)
     ORDER BY notice_no, defect_no
"""


class Notices:
    """Notices of an application; the caller holds the entity's lock when it adds one."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(
        self, application: Application, defects: tuple[Defect, ...], told_by: str, now: datetime
    ) -> Notice:
        """Tell these defects under the application's next number."""
        key = {"entity_no": application.entity_no, "application_no": application.number}
        stored = only_row(self._connection, _ADD, key | {"told_by": told_by, "now": now})
        number: int = stored["notice_no"]
        rows = [
            key
            | {
                "notice_no": number,
                "defect_no": place,
                "filing_no": defect.filing_no,
                "rule": defect.rule,
                "reason": defect.reason,
                "remedy": defect.remedy,
            }
            for place, defect in enumerate(defects, 1)
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_ADD_DEFECT, rows)
        return Notice(number, defects, told_by, now)

    def page(self, application: Application, after: int, limit: int) -> list[Notice]:
        """Notices above number `after`, oldest first."""
        key = {"entity_no": application.entity_no, "application_no": application.number}
        rows = self._connection.execute(_LIST, key | {"after": after, "limit": limit}).fetchall()
        notices = [row["notice_no"] for row in rows]
        found: dict[int, list[Defect]] = {number: [] for number in notices}
        for row in self._connection.execute(_DEFECTS, key | {"notices": notices}):
            defect = Defect(row["filing_no"], row["rule"], row["reason"], row["remedy"])
            found[row["notice_no"]].append(defect)
        return [
            Notice(
                row["notice_no"], tuple(found[row["notice_no"]]), row["told_by"], row["created_at"]
            )
            for row in rows
        ]
