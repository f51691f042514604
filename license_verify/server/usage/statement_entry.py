"""What a checked premises statement leaves in the journal: a count, and no receipt.

A receipt says what the ten checks of a licence came to, and a statement is none: signed, it could
be shown as the proof of a licence that nobody presented.
"""

from dataclasses import replace
from datetime import UTC
from typing import Final

from license_verify.checks import CheckName, unknown
from license_verify.reasons import Reason
from license_verify.receipt import Asked, Receipt
from license_verify.server.usage.entry import Entry, EntryKind
from license_verify.server.usage.ids import receipt_id
from license_verify.statement_check import StatementVerdict
from license_verify.verdict import DocumentStatus, Outcome, Proof

ITEM: Final = "statement"
"""Stands where a partner's item code stands, if none was sent."""
_NO_LICENCE: Final = tuple(unknown(name, Reason.NO_LICENSE_PRESENTED) for name in CheckName)


def entry_of(verdict: StatementVerdict, asked: Asked) -> Entry:
    """The entry about a genuine statement, counted like a verdict's."""
    fresh = verdict.freshness
    content = Receipt(
        id=receipt_id(verdict.checked_at),
        outcome=verdict.outcome,
        status=_status(verdict),
        proof=Proof.SIGNED,
        environment=verdict.environment,
        reason=verdict.reason,
        checks=_NO_LICENCE,
        source=fresh.source,
        max_age=fresh.maximum,
        manifest_issued_at=fresh.manifest_issued_at,
        token_id=None,
        uscc=verdict.statement.uscc,
        as_of=None,
        asked=replace(asked, item_code=asked.item_code or ITEM),
        issued_at=verdict.checked_at.astimezone(UTC).replace(microsecond=0),
    )
    return Entry(EntryKind.UNSIGNED, verdict.statement.registrar, content.written())


def _status(verdict: StatementVerdict) -> DocumentStatus:
    if verdict.listed is None or verdict.outcome is Outcome.INDETERMINATE:
        return DocumentStatus.UNKNOWN
    return DocumentStatus[verdict.listed.name]
