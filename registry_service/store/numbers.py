"""Numbers below an entity: after the highest given, and never one that a lost database gave.

Every number of which officials, licences or codes speak is taken by `after_highest` or `Numbers`.
A recovery (ADR 0009) sets the floor under all of them.
"""

from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.store.rows import only_row

FLOOR: LiteralString = "(SELECT coalesce(max(number_floor), 1) FROM recovery)"
"""The least number that may be given; 1 where nothing was ever restored."""


def highest(column: LiteralString) -> LiteralString:
    """What the next number follows, as an aggregate over the rows of one owner."""
    return "greatest(coalesce(max(" + column + "), 0), " + FLOOR + " - 1)"


def after_highest(column: LiteralString) -> LiteralString:
    """The next number, as an aggregate over the rows of one owner."""
    return highest(column) + " + 1"


def after_highest_of_few(column: LiteralString, lost: LiteralString) -> LiteralString:
    """As `after_highest`, for numbers below 10,000 that tokens have no more room for.

    A hundred in each epoch are enough where `lost` says that a restore may have taken some.
    """
    return (
        "greatest(coalesce(max("
        + column
        + "), 0) + 1, CASE WHEN "
        + lost
        + " THEN (SELECT 100 * max(epoch) + 1 FROM recovery) END)"
    )


_AFTER: LiteralString = "SELECT greatest(%(last)s::integer + 1, " + FLOOR + ") AS number"
NUMBERED: Final[tuple[tuple[LiteralString, LiteralString], ...]] = (
    ("application", "application_no"),
    ("dormancy", "dormancy_no"),
    ("entity_version", "version"),
    ("filing", "filing_no"),
    ("flag", "flag_no"),
    ("handover", "handover_no"),
    ("inspection", "inspection_no"),
    ("license_version", "version"),
    ("mark", "mark_no"),
    ("mass_chunk", "chunk_no"),
    ("notice", "notice_no"),
    ("pending_act", "act_no"),
    ("premises", "premises_no"),
    ("premises_statement", "version"),
    ("premises_version", "version"),
    ("printed_copy", "copy_no"),
    ("recovery_item", "item_no"),
    ("restriction", "restriction_no"),
    ("site_code", "version"),
    ("source_fact", "fact_no"),
    ("sync_item", "item_no"),
    ("unit", "unit_id"),
)
"""Where such numbers stand."""


class Numbers:
    """Numbers for rows that are written whole; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def after(self, last: int) -> int:
        """The number that follows `last`, or the floor if that is higher."""
        number: int = only_row(self._connection, _AFTER, {"last": last})["number"]
        return number

    def highest(self) -> int:
        """The highest of all that are stored."""
        parts: list[LiteralString] = [
            "(SELECT max(" + column + ") FROM " + table + ")" for table, column in NUMBERED
        ]
        query: LiteralString = "SELECT greatest(0, " + ", ".join(parts) + ") AS number"
        number: int = only_row(self._connection, query)["number"]
        return number
