"""What the table of receipts gets of an entry: quickly from a journal, strictly for a recheck."""

import json
from datetime import date
from functools import lru_cache
from typing import Any, Final

import cbor2

from license_verify.receipt import RECEIPT_BYTES, TYP, Receipt
from license_verify.server.database.taking import ReceiptRow, Told
from license_verify.server.usage.entry import Entry, EntryDamaged, EntryKind
from license_verify.server.usage.ids import day_of
from license_verify.token import cose

_json: Final = json.JSONEncoder(ensure_ascii=False).encode
_PAYLOAD: Final = 2
_BEIJING_SECONDS: Final = 8 * 3600
_DAY_SECONDS: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()


def told_of(entry: Entry) -> tuple[date, str]:
    """The day of an entry, and its row for `take_receipts`. Nothing is proven again.

    Raises:
        EntryDamaged: it can't be read.
    """
    if entry.receipt is not None:
        return _remembered(entry, entry.receipt)
    day, told = _read(entry)
    return day, _json(told)


def _remembered(entry: Entry, receipt: Receipt) -> tuple[date, str]:
    """As `_read` gives it, without reading: verdicts wait while a row is made."""
    asked, token_id = receipt.asked, receipt.token_id
    day, told_day = _day((receipt.id.int >> 80) // 1000)
    alike = _alike(
        told_day, asked.partner, asked.purpose, asked.item_code, asked.operator, entry.unit,
        receipt.outcome, receipt.status, receipt.reason,
    )  # fmt: skip
    told_id = "null" if token_id is None else f'"{token_id.hex()}"'
    document = f'"{entry.body.hex()}"' if entry.kind is EntryKind.SIGNED else "null"
    return day, (
        f'{alike}, "receipt_id": "{receipt.id.hex}", "iat": {int(receipt.issued_at.timestamp())},'
        f' "case_number": {_json(asked.case_number)}, "uscc": {_json(receipt.uscc or "")},'
        f' "token_id": {told_id}, "document": {document}}}'
    )


@lru_cache(maxsize=1024)
def _alike(
    day: str,
    partner: str,
    purpose: str,
    item: str,
    operator: str,
    unit: int,
    outcome: str,
    status: str,
    reason: str,
) -> str:
    """What rows have in common that are counted together: the beginning of an object."""
    return _json(
        {"day": day, "partner": partner, "purpose": purpose, "item": item, "operator": operator,
         "unit": unit, "outcome": outcome, "status": status, "reason": reason}
    ).removesuffix("}")  # fmt: skip


def _read(entry: Entry) -> tuple[date, Told]:
    """Of an entry that another process left, or that was forgotten since.

    A thousand a second pass here beside the verdicts, so it is read by cbor2 and not by the strict
    reader of the signed formats, which takes ten times as long.

    Raises:
        EntryDamaged: it can't be read.
    """
    body = entry.body
    signed = entry.kind is EntryKind.SIGNED
    try:
        said: dict[str, Any] = cbor2.loads(cbor2.loads(body).value[_PAYLOAD] if signed else body)
        id_, token_id = said["id"], said.get("token_id")
        day, told_day = _day(int.from_bytes(id_[:6], "big") // 1000)
        return day, Told(
            day=told_day,
            receipt_id=id_.hex(),
            iat=said["iat"],
            partner=said["partner"],
            purpose=said["purpose"],
            item=said.get("item_code", ""),
            operator=said.get("operator", ""),
            case_number=said.get("case_number", ""),
            unit=entry.unit,
            uscc=said.get("uscc", ""),
            token_id=None if token_id is None else token_id.hex(),
            outcome=said["outcome"],
            status=said["status"],
            reason=said["reason"],
            document=body.hex() if signed else None,
        )
    except (cbor2.CBORError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise EntryDamaged(f"no receipt: {type(error).__name__}") from None


def _day(seconds: int) -> tuple[date, str]:
    return _named((seconds + _BEIJING_SECONDS) // _DAY_SECONDS + _EPOCH)


@lru_cache(maxsize=64)
def _named(ordinal: int) -> tuple[date, str]:
    day = date.fromordinal(ordinal)
    return day, day.isoformat()


def row_of(document: bytes, unit: int) -> ReceiptRow:
    """The row that a signed receipt should have.

    Raises:
        Refusal, ValueError: it is none.
    """
    receipt = Receipt.decode(cose.decode(document, max_bytes=RECEIPT_BYTES, typ=TYP).payload)
    asked = receipt.asked
    return ReceiptRow(
        day=day_of(receipt.id),
        receipt_id=receipt.id,
        checked_at=receipt.issued_at,
        partner=asked.partner,
        purpose=asked.purpose,
        item=asked.item_code,
        operator=asked.operator,
        case_number=asked.case_number,
        unit=unit,
        uscc=receipt.uscc or "",
        token_id=receipt.token_id,
        outcome=receipt.outcome.value,
        status=receipt.status.value,
        reason=receipt.reason.value,
        document=document,
    )
