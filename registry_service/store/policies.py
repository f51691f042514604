"""Table `review_policy`."""

from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from registry_service.domain.errors import PolicyUnknown
from registry_service.domain.review.enacted import EnactedPolicy
from registry_service.domain.review.policy import ReviewPolicy
from registry_service.domain.review.policy_json import from_json, to_json
from registry_service.store.rows import only_row

_COLUMNS: LiteralString = """
    policy_no, unit_id, effective_date, content, entered_by, entered_at, confirmed_by,
    confirmed_at
"""
_SELECT: LiteralString = "SELECT " + _COLUMNS + " FROM review_policy"
_FIND: LiteralString = _SELECT + " WHERE policy_no = %(policy_no)s FOR UPDATE"
_IN_FORCE: LiteralString = (
    "SELECT DISTINCT ON (unit_id) "
    + _COLUMNS
    + """ FROM review_policy
     WHERE unit_id = ANY (%(units)s) AND effective_date <= %(day)s AND confirmed_by IS NOT NULL
     ORDER BY unit_id, effective_date DESC, policy_no DESC
"""
)
_PAGE: LiteralString = (
    _SELECT
    + """
     WHERE policy_no < %(before)s AND (%(unit)s::integer IS NULL OR unit_id = %(unit)s)
     ORDER BY policy_no DESC
     LIMIT %(limit)s
"""
)
_LAST: LiteralString = """
    SELECT max(effective_date) AS day FROM review_policy
     WHERE unit_id = %(unit)s AND confirmed_by IS NOT NULL
"""
_INSERT: LiteralString = (
    """
    INSERT INTO review_policy (unit_id, effective_date, content, entered_by, entered_at)
    VALUES (%(unit)s, %(effective_date)s, %(content)s, %(entered_by)s, %(now)s)
    RETURNING """
    + _COLUMNS
)
_CONFIRM: LiteralString = (
    """
    UPDATE review_policy SET confirmed_by = %(confirmed_by)s, confirmed_at = %(now)s
     WHERE policy_no = %(policy_no)s AND confirmed_by IS NULL
    RETURNING """
    + _COLUMNS
)


def _enacted(row: DictRow) -> EnactedPolicy:
    return EnactedPolicy(
        number=row["policy_no"],
        unit=row["unit_id"],
        effective_date=row["effective_date"],
        policy=from_json(str(row["policy_no"]), row["content"]),
        entered_by=row["entered_by"],
        entered_at=row["entered_at"],
        confirmed_by=row["confirmed_by"] or "",
        confirmed_at=row["confirmed_at"],
    )


class Policies:
    """Versions of the review policy; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, policy_no: int) -> EnactedPolicy:
        """The version with this number, locked.

        Raises:
            PolicyUnknown: there is none.
        """
        row = self._connection.execute(_FIND, {"policy_no": policy_no}).fetchone()
        if row is None:
            raise PolicyUnknown(
                f"there is no review policy {policy_no}",
                zh=f"没有编号为 {policy_no} 的审查政策",
                policy=policy_no,
            )
        return _enacted(row)

    def in_force(self, units: list[int], day: date) -> dict[int, ReviewPolicy]:
        """Of each of the units that has any: its newest confirmed version effective on that day."""
        rows = self._connection.execute(_IN_FORCE, {"units": units, "day": day})
        return {row["unit_id"]: _enacted(row).policy for row in rows}

    def page(self, unit: int | None, before: int, limit: int) -> list[EnactedPolicy]:
        """Versions of a unit, or of all, below number `before`, newest first."""
        parameters = {"unit": unit, "before": before, "limit": limit}
        return [_enacted(row) for row in self._connection.execute(_PAGE, parameters)]

    def last_day(self, unit: int) -> date | None:
        """The latest day on which a confirmed version of the unit takes effect."""
        row = self._connection.execute(_LAST, {"unit": unit}).fetchone()
        return row["day"] if row else None

    def add(
        self, unit: int, effective_date: date, policy: ReviewPolicy, staff_no: str, now: datetime
    ) -> EnactedPolicy:
        """Enter a version; `policy.version` is not read."""
        row = {
            "unit": unit,
            "effective_date": effective_date,
            "content": Jsonb(to_json(policy)),
            "entered_by": staff_no,
            "now": now,
        }
        stored = only_row(self._connection, _INSERT, row)
        return _enacted(stored)

    def confirm(self, policy_no: int, staff_no: str, now: datetime) -> EnactedPolicy:
        """Let a version hold; one that was confirmed before stays as it is.

        Raises:
            PolicyUnknown: there is none with that number.
        """
        row = {"policy_no": policy_no, "confirmed_by": staff_no, "now": now}
        stored = self._connection.execute(_CONFIRM, row).fetchone()
        return _enacted(stored) if stored else self.find(policy_no)
