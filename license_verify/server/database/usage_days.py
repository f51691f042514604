"""Table `usage_day`: sums, and whether they are the sums of what was stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, LiteralString

from psycopg import sql

from license_verify.server.database.connections import Database
from license_verify.server.database.receipts import Days


class Dimension(StrEnum):
    """By what usage is told apart."""

    PARTNER = "partner"
    PURPOSE = "purpose"
    ITEM = "item"
    OPERATOR = "operator"
    UNIT = "unit"
    DAY = "day"
    MONTH = "month"
    OUTCOME = "outcome"


_SHOWN: Final[dict[Dimension, LiteralString]] = {
    Dimension.PARTNER: "partner",
    Dimension.PURPOSE: "purpose",
    Dimension.ITEM: "item",
    Dimension.OPERATOR: "operator",
    Dimension.UNIT: "unit",
    Dimension.DAY: "day",
    Dimension.MONTH: "date_trunc('month', day)::date",
    Dimension.OUTCOME: "outcome",
}
_SUM: LiteralString = """
    SELECT {shown} sum(count)::bigint AS count
      FROM usage_day
     WHERE day BETWEEN %(first)s AND %(last)s AND (%(partner)s = '' OR partner = %(partner)s)
"""
_GROUPS: LiteralString = " GROUP BY {places} ORDER BY {places} LIMIT %(limit)s OFFSET %(offset)s"
# Sums outlive their rows: only days are compared of which the rows are kept.
_DIFFERING: LiteralString = """
    WITH kept AS (
        SELECT least((SELECT min(day) FROM receipt), (SELECT min(day) FROM page_scan)) AS since
    ), stored AS (
        SELECT day, partner, purpose, item, operator, unit, outcome, count(*) AS count
          FROM receipt GROUP BY 1, 2, 3, 4, 5, 6, 7
         UNION ALL
        SELECT day, 'page', 'page', '', '', unit, '', sum(count) FROM page_scan GROUP BY day, unit
    )
    SELECT day, partner, purpose, item, operator, unit, outcome,
           coalesce(s.count, 0)::bigint AS stored, coalesce(u.count, 0)::bigint AS counted
      FROM stored s
      FULL JOIN (SELECT * FROM usage_day WHERE day >= (SELECT date_trunc('month', since) FROM kept))
                AS u (day, partner, purpose, item, operator, unit, outcome, count)
     USING (day, partner, purpose, item, operator, unit, outcome)
     WHERE s.count IS DISTINCT FROM u.count
     ORDER BY 1, 2, 3, 4, 5, 6, 7 LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many checks; by the dimensions that were asked for, the others None."""

    count: int
    partner: str | None = None
    purpose: str | None = None
    item: str | None = None
    operator: str | None = None
    unit: int | None = None
    day: date | None = None
    month: date | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that is not the sum of its rows."""

    day: date
    partner: str
    purpose: str
    item: str
    operator: str
    unit: int
    outcome: str
    stored: int
    counted: int


class UsageDays:
    """Usage of all partners; who may see which is the caller's to say."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sums(
        self, partner: str, days: Days, by: Sequence[Dimension], offset: int, limit: int
    ) -> list[Sum]:
        """Sums by group, in the order of the dimensions. Nothing to group by: one sum, maybe 0.

        Args:
            partner: whose, as `partner/icbank`; empty: everybody's and the page's.
            days: of which.
            by: dimensions, each once.
            offset: groups to leave out.
            limit: groups to tell at most.

        Raises:
            VerifyDatabaseAway: the database does not answer.
        """
        shown = sql.SQL("").join(
            sql.SQL(_SHOWN[each]) + sql.SQL(" AS ") + sql.Identifier(each) + sql.SQL(", ")
            for each in by
        )
        query = sql.SQL(_SUM).format(shown=shown)
        if by:
            places = sql.SQL(", ").join(sql.Literal(number + 1) for number in range(len(by)))
            query += sql.SQL(_GROUPS).format(places=places)
        told: dict[str, Any] = {
            "first": days.first,
            "last": days.last,
            "partner": partner,
            "offset": offset,
            "limit": limit,
        }
        with self._database.transaction() as connection:
            rows = connection.execute(query, told).fetchall()
        return [Sum(**row | {"count": row["count"] or 0}) for row in rows]

    def differing(self, limit: int) -> list[Difference]:
        """Counts that are not the sums of their rows, the first so many.

        Raises:
            VerifyDatabaseAway: the database does not answer.
        """
        with self._database.transaction(seconds=600) as connection:
            return [Difference(**row) for row in connection.execute(_DIFFERING, {"limit": limit})]
