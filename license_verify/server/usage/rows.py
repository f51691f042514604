"""What the table of receipts gets of an entry: quickly from a journal, strictly for a recheck."""

import json
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring as _text
from typing import Any, Final

import cbor2

from license_verify.receipt import Asked, Receipt
from license_verify.receipt_document import signed_part
from license_verify.server.database.taking import ReceiptRow
from license_verify.server.usage.entry import Entry, EntryDamaged, EntryKind, Row
from license_verify.server.usage.ids import MILLISECOND_BIT, day_of
from license_verify.verdict import Verdict

_json: Final = json.JSONEncoder(ensure_ascii=False).encode
_PAYLOAD: Final = 2
_BEIJING_SECONDS: Final = 8 * 3600
_DAY_SECONDS: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()


def row_for(
    verdict: Verdict, asked: Asked, unit: int, id_and_seconds: tuple[int, int], document: bytes
) -> Row:
    """The row of a verdict that is being written down.

    Args:
        verdict: that was just made.
        asked: who asked, and for what.
        unit: that registered the business.
        id_and_seconds: of the receipt: its id as a number, and when it was checked, since 1970.
        document: the signed receipt; empty: there is none.
    """
    id_, seconds = id_and_seconds
    day, told_day = _day(id_)
    alike = _alike(
        told_day, asked.partner, asked.purpose, asked.item_code, asked.operator, unit,
        verdict.outcome, verdict.status, verdict.reason,
    )  # fmt: skip
    return Row(
        day, _told(alike, id_, seconds, asked.case_number, verdict.uscc, verdict.token_id), document
    )


def row_in(entry: Entry) -> Row:
    """The row of an entry that another process left, or that was forgotten since.

    Nothing is proven again: a thousand a second pass here beside the verdicts, so it is read by
    cbor2 and not by the strict reader of the signed formats, which takes ten times as long.

    Raises:
        EntryDamaged: it can't be read.
    """
    body, signed = entry.body, entry.kind is EntryKind.SIGNED
    try:
        said: dict[str, Any] = cbor2.loads(_content(cbor2.loads(body)) if signed else body)
        id_, seconds = int.from_bytes(said["id"], "big"), said["iat"]
        day, told_day = _day(id_)
        alike = _alike(
            told_day, said["partner"], said["purpose"], said.get("item_code", ""),
            said.get("operator", ""), entry.unit, said["outcome"], said["status"], said["reason"],
        )  # fmt: skip
        token_id = said.get("token_id")
        told = _told(alike, id_, seconds, said.get("case_number", ""), said.get("uscc"), token_id)
    except Exception as error:  # cbor2 makes dates, decimals and more of tags, and each has its own
        raise EntryDamaged(f"no receipt: {type(error).__name__}") from None
    return Row(day, told, body if signed else b"")


def _content(document: Any) -> bytes:
    """What a signed document says: of a pair its first, or the payload of a COSE_Sign1."""
    content: bytes = document[0] if isinstance(document, list) else document.value[_PAYLOAD]
    return content


def _told(
    alike: str, id_: int, seconds: int, case_number: str, uscc: str | None, token_id: bytes | None
) -> str:
    told_id = "null" if token_id is None else f'"{token_id.hex()}"'
    return (
        f'{alike}, "receipt_id": "{id_:032x}", "iat": {seconds},'
        f' "case_number": {_text(case_number)}, "uscc": {_text(uscc or "")}, "token_id": {told_id}'
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


def _day(id_: int) -> tuple[date, str]:
    """The Beijing day of an id's moment, as `ids.day_of` tells it."""
    seconds = (id_ >> MILLISECOND_BIT) // 1000
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
    receipt = Receipt.decode(signed_part(document)[0])
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
