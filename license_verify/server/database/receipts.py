"""Table `receipt`, read."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString
from uuid import UUID

from license_verify.server.database.connections import Connection, Database
from license_verify.server.database.taking import ReceiptRow
from license_verify.server.usage.ids import day_of

LAST: Final = UUID(int=(1 << 128) - 1)
"""Before which every receipt is: where the newest page begins."""
_COLUMNS: LiteralString = """
    day, receipt_id, checked_at, partner, purpose, item, operator, case_number, unit, uscc,
    token_id, outcome, status, reason, document
"""
_GET: LiteralString = (
    "SELECT " + _COLUMNS + " FROM receipt WHERE day = %(day)s AND receipt_id = %(receipt_id)s"
)
# Ids begin with the time: in their order receipts are in the order of the checks.
_LIST: LiteralString = (
    "SELECT "
    + _COLUMNS
    + """
      FROM receipt
     WHERE partner = %(partner)s AND day BETWEEN %(first)s AND %(last)s
       AND receipt_id < %(before)s
       AND (%(case_number)s = '' OR case_number = %(case_number)s)
       AND (%(uscc)s = '' OR uscc = %(uscc)s)
     ORDER BY receipt_id DESC LIMIT %(limit)s
"""
)
# The newest of each code first: so the index gives them in order, however many there are.
_OF_ENTITY: LiteralString = (
    "SELECT "
    + _COLUMNS
    + """
      FROM unnest(%(codes)s::text[]) AS code
     CROSS JOIN LATERAL (
        SELECT """
    + _COLUMNS
    + """
          FROM receipt
         WHERE uscc = code AND uscc <> '' AND day BETWEEN %(first)s AND %(last)s
           AND receipt_id < %(before)s
           AND purpose <> ALL(%(confidential)s::text[])
         ORDER BY receipt_id DESC LIMIT %(limit)s) AS newest
     ORDER BY receipt_id DESC LIMIT %(limit)s
"""
)
_EVERY: LiteralString = (
    "SELECT "
    + _COLUMNS
    + """
      FROM receipt
     WHERE (day, receipt_id) > (%(day)s, %(receipt_id)s) ORDER BY day, receipt_id LIMIT %(limit)s
"""
)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included."""

    first: date
    last: date


class Receipts:
    """Receipts of all partners; who may see which is the caller's to say."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, id_: UUID) -> ReceiptRow | None:
        """One receipt.

        Raises:
            ValueError: no id of ours.
            VerifyDatabaseAway: the database does not answer; so with the others.
        """
        with self._database.transaction() as connection:
            found = _rows(connection, _GET, {"day": day_of(id_), "receipt_id": id_})
        return found[0] if found else None

    def page(
        self, partner: str, days: Days, case_number: str, uscc: str, before: UUID, limit: int
    ) -> list[ReceiptRow]:
        """A partner's receipts before one, the newest first; empty texts filter nothing."""
        told = {
            "partner": partner,
            "first": days.first,
            "last": days.last,
            "case_number": case_number,
            "uscc": uscc,
            "before": before,
            "limit": limit,
        }
        with self._database.transaction() as connection:
            return _rows(connection, _LIST, told)

    def of_entity(
        self, codes: list[str], days: Days, confidential: list[str], before: UUID, limit: int
    ) -> list[ReceiptRow]:
        """Who checked a business by any of its codes, the newest first, without the confidential
        purposes."""
        told = {
            "codes": codes,
            "first": days.first,
            "last": days.last,
            "confidential": confidential,
            "before": before,
            "limit": limit,
        }
        with self._database.transaction() as connection:
            return _rows(connection, _OF_ENTITY, told)

    def after(self, day: date, id_: UUID, limit: int) -> list[ReceiptRow]:
        """Every receipt behind one, in the order of the table: to recheck all."""
        told = {"day": day, "receipt_id": id_, "limit": limit}
        with self._database.transaction() as connection:
            return _rows(connection, _EVERY, told)


def _rows(connection: Connection, query: LiteralString, told: dict[str, Any]) -> list[ReceiptRow]:
    return [_row(row) for row in connection.execute(query, told)]


def _row(row: dict[str, Any]) -> ReceiptRow:
    binary = {key: _bytes(row[key]) for key in ("token_id", "document")}
    return ReceiptRow(**row | binary)


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
