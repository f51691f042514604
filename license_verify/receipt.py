"""Receipt: a verdict as a signed document of the verifying service, good years later.

It says what was checked and what came out, never what the face said: name, person and address
are not in it. Its key has the use `receipt` in the trust list and may be retired since; what it
signed while it might sign stays good.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Self
from uuid import UUID

from license_verify.checks import Check, CheckName, Result, check
from license_verify.lists.fields import Fields
from license_verify.reasons import Reason
from license_verify.refusal import Kind, Refusal
from license_verify.text import fault
from license_verify.token import cbor
from license_verify.trust import Source
from license_verify.verdict import DocumentStatus, Outcome, Proof, Verdict

TYP: Final = "application/vnd.yizhao.receipt+cose"
RECEIPT_BYTES: Final = 8 * 1024
REFERENCE_CHARACTERS: Final = 128
_FORMAT: Final = 1
_WORD: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._/-]{0,127}", re.ASCII)
_REQUIRED: Final = frozenset(
    {"format", "id", "outcome", "status", "proof", "environment", "reason", "checks",
     "source", "max_age", "partner", "purpose", "iat"}
)  # fmt: skip
_OPTIONAL: Final = frozenset(
    {"token_id", "uscc", "manifest_iat", "as_of", "item_code", "case_number", "operator"}
)


class ReceiptRefused(Refusal):
    """It is no receipt, or no trusted receipt key signed it in its time."""

    kind = Kind.INVALID
    reason = "RECEIPT_REFUSED"


class ReceiptKeyUnknown(ReceiptRefused):
    """No receipt key of the trust list has its kid; an old list may not know a newer key."""

    reason = "RECEIPT_KEY_UNKNOWN"


class ReceiptWithoutTrust(ReceiptRefused):
    """There is no trust list of the expected environment to check it with."""

    kind = Kind.UNAVAILABLE
    reason = "RECEIPT_WITHOUT_TRUST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked, and for what; the texts are the partner's own and opaque to us."""

    partner: str
    """As `partner/icbank`."""
    purpose: str
    item_code: str = ""
    case_number: str = ""
    operator: str = ""
    """The partner's reference to its operator, never a name."""

    def require_fit(self) -> None:
        """Stop if a receipt could not hold it.

        Raises:
            ReceiptRefused: a text is too long or has invisible characters.
        """
        for key in ("partner", "purpose"):
            if not _is_word(getattr(self, key)):
                raise refused(f"{key} is not a name of ASCII letters and digits")
        for key in ("item_code", "case_number", "operator"):
            text = getattr(self, key)
            if text and not _is_reference(text):
                raise refused(f"{key} is blank, too long or has invisible characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The content."""

    id: UUID
    outcome: Outcome
    status: DocumentStatus
    proof: Proof
    environment: str
    reason: Reason
    checks: tuple[Check, ...]
    source: Source
    max_age: timedelta
    """Oldest data that the purpose allowed."""
    manifest_issued_at: datetime | None
    """Date of the data; None: there was none."""
    token_id: bytes | None
    uscc: str | None
    as_of: date | None
    asked: Asked
    issued_at: datetime
    """When it was checked, whole seconds."""

    @classmethod
    def of(cls, verdict: Verdict, asked: Asked, receipt_id: UUID) -> Self:
        """The receipt of a verdict that was just made.

        Raises:
            ReceiptRefused: one of the partner's texts is too long or has invisible characters.
        """
        asked.require_fit()
        return cls(
            id=receipt_id,
            outcome=verdict.outcome,
            status=verdict.status,
            proof=verdict.proof,
            environment=verdict.environment,
            reason=verdict.reason,
            checks=verdict.checks,
            source=verdict.freshness.source,
            max_age=verdict.freshness.maximum,
            manifest_issued_at=verdict.freshness.manifest_issued_at,
            token_id=verdict.token_id,
            uscc=verdict.uscc,
            as_of=verdict.as_of,
            asked=asked,
            issued_at=verdict.checked_at.astimezone(UTC).replace(microsecond=0),
        )

    def payload(self) -> bytes:
        """The content as CBOR, ready to be signed with `TYP` in the header.

        Raises:
            ReceiptRefused: what it says breaks the format.
        """
        written = self.written()
        Receipt.decode(written)
        return written

    def written(self) -> bytes:
        """The payload, not proven: for what is known to fit the format, as what `of` made."""
        return _write(
            self, self.id.bytes, self.asked, self.source, self.max_age, self.manifest_issued_at,
            int(self.issued_at.timestamp()),
        )  # fmt: skip

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the content; nothing about its signature is known by that.

        Raises:
            ReceiptRefused: not a receipt's content.
        """
        try:
            return cls._read(Fields.read(payload, RECEIPT_BYTES, _REQUIRED, _OPTIONAL))
        except ReceiptRefused:
            raise
        except (Refusal, ValueError) as error:
            raise refused(f"the content is no receipt's: {type(error).__name__}") from None

    @classmethod
    def _read(cls, fields: Fields) -> Self:
        if fields.uint("format") != _FORMAT:
            raise refused("the receipt is of a format that this version cannot read")
        return cls(
            id=UUID(bytes=fields.bytes("id")),
            outcome=Outcome(fields.text("outcome")),
            status=DocumentStatus(fields.text("status")),
            proof=Proof(fields.text("proof")),
            environment=fields.environment() if fields.text("environment") else "",
            reason=Reason(fields.text("reason")),
            checks=_checks(fields),
            source=Source(fields.text("source")),
            max_age=timedelta(seconds=min(fields.uint("max_age"), 1 << 33)),
            manifest_issued_at=fields.optional_moment("manifest_iat"),
            token_id=fields.digest("token_id") if "token_id" in fields else None,
            uscc=_reference(fields, "uscc") or None,
            as_of=_day(fields.text("as_of")) if "as_of" in fields else None,
            asked=Asked(
                partner=_word(fields, "partner"),
                purpose=_word(fields, "purpose"),
                item_code=_reference(fields, "item_code"),
                case_number=_reference(fields, "case_number"),
                operator=_reference(fields, "operator"),
            ),
            issued_at=fields.moment("iat"),
        )


def refused(why: str, zh: str = "核验凭据无效：内容不符合格式") -> ReceiptRefused:
    """The refusal of what is no receipt, or none to be trusted, with why."""
    return ReceiptRefused(f"the receipt is refused: {why}", zh=zh)


# A receipt is written for every verdict: what repeats from one to the next is written once.
_UINT, _BYTES, _MAP = 0, 2, 5
_KEYS: Final = {name: cbor.leaf(name) for name in _REQUIRED | _OPTIONAL}
"""Every key with its encoding; a map holds them in the order of these."""
_ID: Final = _KEYS["id"] + cbor.head(_BYTES, 16)
_TOKEN_ID: Final = _KEYS["token_id"] + cbor.head(_BYTES, 32)


@lru_cache(maxsize=4096)
def _is_word(text: str) -> bool:
    return _WORD.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _is_reference(text: str) -> bool:
    return fault(text, REFERENCE_CHARACTERS) is None


def write(verdict: Verdict, asked: Asked, id_: int, seconds: int) -> bytes:
    """The content of a verdict's receipt, as `Receipt.of` and `written` give it, with fewer steps.

    Args:
        verdict: that was just made.
        asked: whose `require_fit` passed.
        id_: of the receipt, a UUID's number.
        seconds: when it was checked, since 1970.
    """
    data = verdict.freshness
    return _write(
        verdict,
        id_.to_bytes(16, "big"),
        asked,
        data.source,
        data.maximum,
        data.manifest_issued_at,
        seconds,
    )


def _write(
    said: Receipt | Verdict,
    id_: bytes,
    asked: Asked,
    source: Source,
    max_age: timedelta,
    manifest_issued_at: datetime | None,
    seconds: int,
) -> bytes:
    """The payload; what receipts and verdicts name differently comes by itself."""
    count, middle, item, environment = _alike(
        said.proof, said.checks, said.reason, source, said.status, max_age, said.outcome,
        asked.partner, asked.purpose, asked.operator, asked.item_code, said.environment,
    )  # fmt: skip
    uscc = _member("uscc", said.uscc)
    token_id = b"" if said.token_id is None else _TOKEN_ID + said.token_id
    as_of = _member("as_of", None if said.as_of is None else said.as_of.isoformat())
    case_number = _member("case_number", asked.case_number or None)
    manifest = _manifest_iat(manifest_issued_at)
    count += bool(uscc) + bool(token_id) + bool(as_of) + bool(case_number) + bool(manifest)
    # In the order of `_KEYS`, which is the only one.
    return b"".join(
        (cbor.head(_MAP, count), _ID, id_, _KEYS["iat"], cbor.head(_UINT, seconds), uscc, as_of,
         middle, token_id, item, case_number, environment, manifest)
    )  # fmt: skip


def _member(name: str, value: int | str | bytes | None) -> bytes:
    """Key and value; nothing where there is no value."""
    return b"" if value is None else _KEYS[name] + cbor.leaf(value)


@lru_cache(maxsize=256)
def _manifest_iat(moment: datetime | None) -> bytes:
    return _member("manifest_iat", None if moment is None else int(moment.timestamp()))


@lru_cache(maxsize=4096)
def _alike(
    proof: str,
    checks: tuple[Check, ...],
    reason: str,
    source: str,
    status: str,
    max_age: timedelta,
    outcome: str,
    partner: str,
    purpose: str,
    operator: str,
    item_code: str,
    environment: str,
) -> tuple[int, bytes, bytes, bytes]:
    """How many members these make with id and iat, from `proof` to `operator`, and the others."""
    results = [[each.result.value, each.reason.value] for each in checks]
    middle = (
        _member("proof", proof), _KEYS["checks"] + cbor.encode(results),
        _member("format", _FORMAT), _member("reason", reason), _member("source", source),
        _member("status", status), _member("max_age", int(max_age.total_seconds())),
        _member("outcome", outcome), _member("partner", partner), _member("purpose", purpose),
        _member("operator", operator or None),
    )  # fmt: skip
    item, where = _member("item_code", item_code or None), _member("environment", environment)
    return len(_REQUIRED) + bool(operator) + bool(item), b"".join(middle), item, where


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise refused("as_of is not written as 2026-01-31")
    return day


def _checks(fields: Fields) -> tuple[Check, ...]:
    items = fields.items("checks", len(CheckName))
    if len(items) != len(CheckName):
        raise refused("it has not one result for each check")
    return _checks_of(tuple(_said(item) for item in items))


def _said(item: cbor.Value) -> tuple[str, str]:
    if not isinstance(item, list) or len(item) != 2:
        raise refused("a check is not a result and a reason")
    result, reason = item
    if not isinstance(result, str) or not isinstance(reason, str):
        raise refused("a check is not a result and a reason")
    return result, reason


# Of all receipts together there are few.
@lru_cache(maxsize=1024)
def _checks_of(said: tuple[tuple[str, str], ...]) -> tuple[Check, ...]:
    named = zip(CheckName, said, strict=True)
    return tuple(check(name, Result(result), Reason(reason)) for name, (result, reason) in named)


def _word(fields: Fields, key: str) -> str:
    value = fields.text(key)
    if not _WORD.fullmatch(value):
        raise refused(f"{key} is not a name of ASCII letters and digits")
    return value


def _reference(fields: Fields, key: str) -> str:
    if key not in fields:
        return ""
    value = fields.text(key)
    if fault(value, REFERENCE_CHARACTERS):
        raise refused(f"{key} is blank, too long or has invisible characters")
    return value
