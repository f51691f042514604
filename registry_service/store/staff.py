"""Tables `staff`, `staff_assignment` and `workload_disabled`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.store.rows import only_row

_STAFF: LiteralString = """
    SELECT s.staff_no, s.person_name, s.disabled,
           coalesce(jsonb_agg(jsonb_build_array(a.unit_id, a.role, a.from_date, a.until_date,
                                                a.ended_at)
                              ORDER BY a.unit_id, a.role, a.from_date, a.assignment_no)
                    FILTER (WHERE a.staff_no IS NOT NULL), '[]') AS assignments
      FROM staff s LEFT JOIN staff_assignment a ON a.staff_no = s.staff_no
"""
_FIND: LiteralString = _STAFF + " WHERE s.staff_no = %(staff_no)s GROUP BY s.staff_no"
_WHO: LiteralString = (
    """
           EXISTS (SELECT FROM workload_disabled WHERE spiffe_id = %(workload)s) AS barred,
           p.staff_no, p.person_name, p.disabled, p.assignments, r.number
      FROM standing_revision r LEFT JOIN ("""
    + _FIND
    + ") p ON true"
)
TO_READ: LiteralString = """
    set_config('statement_timeout', %(limit)s, false),
    set_config('synchronous_commit', 'off', false)
"""
"""Columns that set a connection up for the reads that follow."""

_STANDING: LiteralString = "SELECT" + _WHO
_STANDING_TO_READ: LiteralString = "SELECT" + TO_READ + "," + _WHO
_LIST: LiteralString = (
    _STAFF + " WHERE s.staff_no > %(after)s GROUP BY s.staff_no ORDER BY s.staff_no LIMIT %(limit)s"
)
_HOLDERS: LiteralString = (
    _STAFF
    + """
     WHERE NOT s.disabled
       AND EXISTS (SELECT FROM staff_assignment h
                    WHERE h.staff_no = s.staff_no AND h.unit_id = %(unit)s AND h.role = %(role)s
                      AND h.from_date <= %(day)s
                      AND (h.until_date IS NULL OR h.until_date > %(day)s
                           OR h.until_date = %(day)s AND h.ended_at IS NULL))
     GROUP BY s.staff_no ORDER BY s.staff_no
"""
)
_PUT: LiteralString = """
    INSERT INTO staff (staff_no, person_name, disabled)
    VALUES (%(staff_no)s, %(person_name)s, %(disabled)s)
    ON CONFLICT (staff_no) DO UPDATE
       SET person_name = excluded.person_name, disabled = excluded.disabled
"""
_ASSIGN: LiteralString = """
    INSERT INTO staff_assignment (staff_no, unit_id, role, from_date, until_date)
    VALUES (%(staff_no)s, %(unit)s, %(role)s, %(from_date)s, %(until_date)s)
    ON CONFLICT (staff_no, unit_id, role, from_date) WHERE ended_at IS NULL DO NOTHING
"""
_END: LiteralString = """
    UPDATE staff_assignment SET until_date = %(today)s, ended_at = %(now)s
     WHERE staff_no = %(staff_no)s AND unit_id = %(unit)s AND role = %(role)s
       AND from_date = %(from_date)s AND ended_at IS NULL
"""
# Nobody else adds or changes people meanwhile; reading goes on.
_LOCK: LiteralString = "LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the tables say of who calls."""

    revision: int
    """Of everything that these tables say of anybody: it holds while that is so."""
    barred: bool
    """The workload stands on the list of disabled ones."""
    staff: Staff | None
    """The person with that number; also one who is disabled."""


def _assignment(values: list[object]) -> Assignment:
    unit, role, start, end, ended = values
    return Assignment(
        int(str(unit)),
        Role(str(role)),
        date.fromisoformat(str(start)),
        date.fromisoformat(str(end)) if end else None,
        datetime.fromisoformat(str(ended)) if ended else None,
    )


def _staff(row: DictRow) -> Staff:
    assignments = tuple(_assignment(values) for values in row["assignments"])
    return Staff(row["staff_no"], row["person_name"], assignments, row["disabled"])


def _standing(row: DictRow) -> Standing:
    staff = _staff(row) if row["staff_no"] is not None else None
    return Standing(row["number"], row["barred"], staff)


def _row(number: str, assignment: Assignment) -> dict[str, object]:
    return {
        "staff_no": number,
        "unit": assignment.unit,
        "role": assignment.role,
        "from_date": assignment.from_date,
        "until_date": assignment.until_date,
    }


class StaffTable:
    """People who act on the register, and workloads that may not."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, number: str) -> Staff | None:
        """The person with this staff number, or None."""
        row = self._connection.execute(_FIND, {"staff_no": number}).fetchone()
        return _staff(row) if row else None

    def page(self, after: str, limit: int) -> list[Staff]:
        """People in the order of their numbers."""
        rows = self._connection.execute(_LIST, {"after": after, "limit": limit})
        return [_staff(row) for row in rows]

    def holders(self, role: Role, unit: int, day: date) -> list[Staff]:
        """Who holds a role in that very unit on that day and is not disabled."""
        rows = self._connection.execute(_HOLDERS, {"role": role, "unit": unit, "day": day})
        return [_staff(row) for row in rows]

    def put(self, staff: Staff) -> Staff:
        """Add a person, or change name and switch; roles that don't stand yet are added.

        None is ended: see `end`. The person with all roles, those that are over too.
        """
        row = {
            "staff_no": staff.number,
            "person_name": staff.person_name,
            "disabled": staff.disabled,
        }
        self._connection.execute(_PUT, row)
        for assignment in staff.assignments:
            self._connection.execute(_ASSIGN, _row(staff.number, assignment))
        return _staff(only_row(self._connection, _FIND, row))

    def end(self, number: str, assignment: Assignment, today: date, now: datetime) -> None:
        """End a role that stands: from now on it holds no more."""
        row = _row(number, assignment) | {"today": today, "now": now}
        self._connection.execute(_END, row)

    def lock(self) -> None:
        """Let nobody else put people until the transaction ends."""
        self._connection.execute(_LOCK)

    def standing(self, workload: str, staff_no: str) -> Standing:
        """What the tables say of who calls.

        Args:
            workload: SPIFFE id.
            staff_no: empty for a service, which is nobody.
        """
        key = {"workload": workload, "staff_no": staff_no}
        return _standing(only_row(self._connection, _STANDING, key))

    def standing_to_read(self, workload: str, staff_no: str, milliseconds: int) -> Standing:
        """As `standing`; the statements that follow end by then, and don't wait for the disk."""
        key = {"workload": workload, "staff_no": staff_no, "limit": str(milliseconds)}
        return _standing(only_row(self._connection, _STANDING_TO_READ, key))
