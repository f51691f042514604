"""Monthly partitions of usage and receipts: made ahead, dropped when their time is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, LiteralString

from psycopg import sql

from license_verify.server.database.connections import Connection

TABLES: Final = ("receipt", "page_scan", "usage_day")
RETAINED: Final = ("receipt", "page_scan")
"""Whose rows go in time; the sums by day stay."""
AHEAD: Final = 2
"""Months beyond this one for which partitions stand ready."""
_ONE_AT_A_TIME: LiteralString = "SELECT pg_advisory_xact_lock(1499070466)"
_THERE: LiteralString = """
    SELECT c.relname AS name
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = to_regclass(%s)
     ORDER BY 1
"""
_MAKE: LiteralString = "CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})"
_DROP: LiteralString = "DROP TABLE {}"
_KEPT_FROM: LiteralString = "SELECT day FROM usage_kept_from"
# A retention that is made longer brings nothing back.
_KEEP_FROM: LiteralString = """
    INSERT INTO usage_kept_from (day) VALUES (%(day)s)
        ON CONFLICT (one) DO UPDATE SET day = GREATEST(usage_kept_from.day, excluded.day)
"""
_TODAY: LiteralString = "SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS today"


class MonthDropped(ValueError):
    """The time of a month is over: its receipts were dropped, and no others are taken."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a day."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        """So many months later; a negative number is earlier."""
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def partition(self, table: str) -> str:
        """Name of its partition, as `receipt_2026_11`."""
        return f"{table}_{self.year:04}_{self.month:02}"


def ahead(today: date) -> list[Month]:
    """This month and those that are made ahead."""
    return [Month.of(today).plus(months) for months in range(AHEAD + 1)]


def today_by_the_server(connection: Connection) -> date:
    """The day in Beijing by the clock of the database's machine."""
    row = connection.execute(_TODAY).fetchone()
    assert row is not None  # noqa: S101 - one row without a table
    today: date = row["today"]
    return today


def make(connection: Connection, months: Iterable[Month]) -> list[str]:
    """Make the partitions that are missing, in the caller's transaction; their names.

    Raises:
        MonthDropped: one of the months was dropped before.
    """
    made: list[str] = []
    connection.execute(_ONE_AT_A_TIME)
    kept = connection.execute(_KEPT_FROM).fetchone()
    for month in sorted(set(months)):
        if kept is not None and month.first < kept["day"]:
            raise MonthDropped(f"receipts are kept from {kept['day']} on")
        for table in TABLES:
            name = month.partition(table)
            if name in _partitions(connection, table):
                continue
            connection.execute(
                sql.SQL(_MAKE).format(
                    sql.Identifier(name),
                    sql.Identifier(table),
                    sql.Literal(month.first),
                    sql.Literal(month.plus(1).first),
                )
            )
            made.append(name)
    return made


def drop_before(connection: Connection, oldest: Month) -> list[str]:
    """Drop receipts and scans of every month before `oldest`, and take none of them any more; the
    partitions' names."""
    connection.execute(_ONE_AT_A_TIME)
    connection.execute(_KEEP_FROM, {"day": oldest.first})
    dropped = []
    for table in RETAINED:
        for name in _partitions(connection, table):
            if name < oldest.partition(table):
                connection.execute(sql.SQL(_DROP).format(sql.Identifier(name)))
                dropped.append(name)
    return dropped


def _partitions(connection: Connection, table: str) -> list[str]:
    return [row["name"] for row in connection.execute(_THERE, (table,))]
