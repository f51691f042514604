"""Table `access`: who read what, and why."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.access import Access, Channel, Look, Purpose, Span

_INTO: LiteralString = """
    INSERT INTO access (entity_no, about_staff_no, workload, staff_no, method, fields, basis,
                        case_number, recorded_at)
"""
_LOOK: LiteralString = """
    %(workload)s, %(staff_no)s, %(method)s, %(fields)s, %(basis)s, %(case_number)s, %(at)s
"""
KEEP: LiteralString = (
    _INTO
    + " SELECT entity_no, '',"
    + _LOOK
    + """
      FROM code_directory
     WHERE code = %(code)s AND (SELECT number FROM standing_revision) = %(revision)s
    RETURNING entity_no
"""
)
"""Keeps the read of the entity with that code and gives its number, if the revision is still so."""

_ADD_MANY: LiteralString = (
    _INTO + " SELECT n, ''," + _LOOK + " FROM unnest(%(entities)s::bigint[]) n"
)
_ADD_ABOUT: LiteralString = _INTO + " VALUES (0, %(about)s," + _LOOK + ")"
_SELECT: LiteralString = """
    SELECT a.access_no, a.workload, a.staff_no, a.method, a.fields, a.basis, a.case_number,
           a.recorded_at, a.channel, a.about_staff_no, e.uscc, v.business_name, s.person_name
      FROM (SELECT entity_no, access_no, workload, staff_no, method, fields, basis, case_number,
                   recorded_at, channel, about_staff_no
              FROM access
"""
_NAMED: LiteralString = """
      LEFT JOIN entity e ON e.entity_no = a.entity_no
      LEFT JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
      LEFT JOIN staff s ON s.staff_no = a.staff_no
     ORDER BY a.recorded_at DESC, a.access_no DESC
"""
_WITHIN: LiteralString = """
               AND recorded_at >= %(since)s AND recorded_at < %(until)s
               AND (recorded_at, access_no) < (%(before_time)s, %(before_no)s)
             ORDER BY recorded_at DESC, access_no DESC
             LIMIT %(limit)s) a
"""
_OF_ENTITY: LiteralString = _SELECT + " WHERE entity_no = %(entity_no)s" + _WITHIN + _NAMED
# Saying that it is not empty lets the partial index serve.
_BY_PERSON: LiteralString = (
    _SELECT + " WHERE staff_no = %(staff_no)s AND staff_no <> ''" + _WITHIN + _NAMED
)


def look_row(look: Look) -> dict[str, Any]:
    """What the statements here need of a read."""
    return {
        "workload": look.workload,
        "staff_no": look.staff_no,
        "method": look.method,
        "fields": list(look.fields),
        "basis": look.purpose.basis,
        "case_number": look.purpose.case_number,
        "at": look.at,
    }


def _access(row: DictRow) -> Access:
    return Access(
        number=row["access_no"],
        look=Look(
            workload=row["workload"],
            staff_no=row["staff_no"],
            method=row["method"],
            fields=tuple(row["fields"]),
            purpose=Purpose(row["basis"], row["case_number"]),
            at=row["recorded_at"],
        ),
        channel=Channel(row["channel"]) if row["channel"] else None,
        uscc=row["uscc"] or "",
        business_name=row["business_name"] or "",
        about=row["about_staff_no"],
        person_name=row["person_name"] or "",
    )


class Accesses:
    """Reads; only ever added. `Wholes.look` keeps a read of one entity, found by its code."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def record_many(self, look: Look, entities: Collection[int]) -> None:
        """Keep that these entities were shown, each once."""
        if entities:
            row = look_row(look) | {"entities": sorted(set(entities))}
            self._connection.execute(_ADD_MANY, row)

    def record_about(self, look: Look, staff_no: str) -> None:
        """Keep that the reads of a person were read."""
        self._connection.execute(_ADD_ABOUT, look_row(look) | {"about": staff_no})

    def of_entity(
        self, entity_no: int, span: Span, before: tuple[datetime, int], limit: int
    ) -> list[Access]:
        """Reads of an entity, newest first; `before` is the last that was seen."""
        return self._page(_OF_ENTITY, {"entity_no": entity_no}, span, before, limit)

    def by_person(
        self, staff_no: str, span: Span, before: tuple[datetime, int], limit: int
    ) -> list[Access]:
        """Reads by a person, newest first; `before` is the last that was seen."""
        return self._page(_BY_PERSON, {"staff_no": staff_no}, span, before, limit)

    def _page(
        self,
        statement: LiteralString,
        key: dict[str, Any],
        span: Span,
        before: tuple[datetime, int],
        limit: int,
    ) -> list[Access]:
        row = key | {
            "since": span.since,
            "until": span.until,
            "before_time": before[0],
            "before_no": before[1],
            "limit": limit,
        }
        return [_access(found) for found in self._connection.execute(statement, row)]
