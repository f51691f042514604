"""Entities with what is kept beside them: one statement, however much that is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.access import Look
from registry_service.domain.whole import Whole
from registry_service.store.accesses import KEEP, look_row
from registry_service.store.entities import (
    BY_CODE,
    ENTITY,
    IN_CODE_ORDER,
    OF_ENTITY,
    read_entity,
    unknown,
)
from registry_service.store.marks import STANDS as MARK_STANDS
from registry_service.store.marks import read_mark
from registry_service.store.pending_acts import read_pending_act
from registry_service.store.restrictions import STANDS as HOLD_STANDS
from registry_service.store.restrictions import read_restriction
from registry_service.store.rows import json_rows, only_row
from registry_service.store.staff import TO_READ

_WHOLE: LiteralString = (
    ENTITY
    + """,
           (SELECT jsonb_agg(to_jsonb(m) ORDER BY mark_no) FROM mark m
             WHERE m.entity_no = e.entity_no AND """
    + MARK_STANDS
    + """) AS marks,
           (SELECT jsonb_agg(to_jsonb(r) ORDER BY restriction_no) FROM restriction r
             WHERE r.entity_no = e.entity_no AND """
    + HOLD_STANDS
    + """) AS restrictions,
           (SELECT jsonb_agg(to_jsonb(p) ORDER BY act_no) FROM pending_act p
             WHERE p.entity_no = e.entity_no AND p.state = 'waiting'
               AND p.expires_at > %(now)s) AS pending_acts,
           (SELECT d.until_date FROM dormancy d
             WHERE d.entity_no = e.entity_no AND e.state = 'dormant' AND d.ended_date IS NULL
               AND d.until_date >= %(day)s
             ORDER BY d.dormancy_no DESC LIMIT 1) AS dormant_until
"""
)
_SELECT: LiteralString = "SELECT " + _WHOLE + " FROM " + OF_ENTITY
FIND: LiteralString = _SELECT + BY_CODE
_PAGE: LiteralString = _SELECT + IN_CODE_ORDER
_OF: LiteralString = _SELECT + " WHERE e.entity_no = ANY (%(numbers)s)"
# One row, whether the revision is still so or not, and whether there is such an entity or not.
_LOOK: LiteralString = (
    "WITH looked AS ("
    + KEEP
    + ") SELECT "
    + TO_READ
    + ", s.number AS standing_revision,"
    + _WHOLE
    + " FROM standing_revision s LEFT JOIN (looked JOIN "
    + OF_ENTITY
    + " ON looked.entity_no = e.entity_no) ON true"
)


def _whole(row: DictRow) -> Whole:
    marks = json_rows(row["marks"], dates=("from_date", "until_date"))
    holds = json_rows(row["restrictions"], dates=("from_date", "until_date"), times=("lifted_at",))
    waiting = json_rows(row["pending_acts"], times=("asked_at", "expires_at", "answered_at"))
    return Whole(
        entity=read_entity(row),
        marks=tuple(map(read_mark, marks)),
        restrictions=tuple(map(read_restriction, holds)),
        pending_acts=tuple(read_pending_act(act | {"uscc": row["uscc"]}) for act in waiting),
        dormant_until=row["dormant_until"],
    )


class Wholes:
    """Reads of several tables as they stand on a day; it writes nothing but who looked."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, code: str, day: date, now: datetime) -> Whole:
        """The entity that has or had this code.

        Raises:
            EntityUnknown: none has or had it.
        """
        row = self._connection.execute(FIND, {"code": code, "day": day, "now": now}).fetchone()
        if row is None:
            raise unknown(code)
        return _whole(row)

    def look(
        self, code: str, look: Look, revision: int, day: date, milliseconds: int
    ) -> tuple[Whole | None, bool]:
        """The entity that has or had this code, for one whose standing is known; that is kept.

        Args:
            code: as in `find`.
            look: who, how and why.
            revision: at which the standing of whoever looks was read.
            day: on which marks and holds stand.
            milliseconds: in which the statements that follow end.

        Returns:
            The entity, and whether the standing is still so. Where it is not, or nobody has or had
            the code, there is None, and nothing is kept.
        """
        key = look_row(look) | {
            "code": code,
            "revision": revision,
            "day": day,
            "now": look.at,
            "limit": str(milliseconds),
        }
        row = only_row(self._connection, _LOOK, key)
        whole = _whole(row) if row["entity_no"] is not None else None
        return whole, row["standing_revision"] == revision

    def of_numbers(self, numbers: Sequence[int], day: date, now: datetime) -> dict[int, Whole]:
        """Entities by their own numbers."""
        rows = self._connection.execute(_OF, {"numbers": numbers, "day": day, "now": now})
        return {row["entity_no"]: _whole(row) for row in rows}

    def page(
        self,
        units: list[int] | None,
        after: str,
        limit: int,
        day: date,
        now: datetime,
        *,
        unclear: bool = False,
    ) -> list[Whole]:
        """Entities in the order of their codes.

        Args:
            units: of these registrars; None for all.
            after: codes greater than this.
            limit: at most so many.
            day: on which marks and holds stand.
            now: when acts wait.
            unclear: only those whose unit is unclear.
        """
        key = {"units": units, "after": after, "limit": limit, "unclear": unclear}
        found = self._connection.execute(_PAGE, key | {"day": day, "now": now})
        return [_whole(row) for row in found]
