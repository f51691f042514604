"""Rechecks what the verifying side stored: sums against rows, rows against signed receipts."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from license_verify.receipt import ReceiptRefused
from license_verify.receipt_document import open_receipt
from license_verify.refusal import Refusal
from license_verify.server.database.connections import Database
from license_verify.server.database.receipts import Receipts
from license_verify.server.database.taking import ReceiptRow
from license_verify.server.database.usage_days import UsageDays
from license_verify.server.usage.rows import row_of
from license_verify.trust import Trust

_ROWS: Final = 1000
_DIFFERENCES: Final = 1000
_FIRST: Final = (date.min, UUID(int=0))


def recheck(database: Database, trust: Trust) -> Iterator[str]:
    """What is wrong, one line each; nothing if all is well.

    Raises:
        VerifyDatabaseAway: the database does not answer.
    """
    for each in UsageDays(database).differing(_DIFFERENCES):
        yield (
            f"usage_day {each.day} {each.partner} {each.purpose} {each.item!r} {each.operator!r}"
            f" units/{each.unit} {each.outcome}: {each.counted} counted, {each.stored} stored"
        )
    receipts, (day, id_) = Receipts(database), _FIRST
    while rows := receipts.after(day, id_, _ROWS):
        for row in rows:
            if row.document is not None and (wrong := _wrong(row, row.document, trust)):
                yield f"receipts/{row.receipt_id}: {wrong}"
        day, id_ = rows[-1].day, rows[-1].receipt_id


def _wrong(row: ReceiptRow, document: bytes, trust: Trust) -> str:
    """What is wrong with a stored receipt; empty: nothing."""
    try:
        open_receipt(document, trust)
        said = row_of(document, row.unit)
    except ReceiptRefused as error:
        return str(error)
    except (Refusal, ValueError) as error:
        return f"it can't be read: {type(error).__name__}"
    if said != row:
        return "its row says something else than it"
    return ""
