"""A verdict as plain data for JSON: stable keys, ISO dates, ages in whole seconds."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from license_verify.verdict import Verdict


def as_dict(verdict: Verdict) -> dict[str, object]:
    """Every key is always there; `face` is null unless SIGNATURE passed."""
    face, token_id, words = verdict.face, verdict.token_id, verdict.words
    return {
        "outcome": verdict.outcome.value,
        "status": verdict.status.value,
        "listed_status": verdict.listed.name if verdict.listed is not None else None,
        "proof": verdict.proof.value,
        "environment": verdict.environment,
        "reason": verdict.reason.value,
        "purpose": verdict.policy.purpose,
        "checked_at": _plain(verdict.checked_at),
        "as_of": _plain(verdict.as_of),
        "listed_today": None if verdict.listed_today is None else verdict.listed_today.name,
        "uscc": verdict.uscc,
        "token_id": token_id.hex() if token_id else None,
        "checks": [
            {
                "number": check.name.value,
                "name": check.name.name,
                "result": check.result.value,
                "reason": check.reason.value,
            }
            for check in verdict.checks
        ],
        "freshness": {key: _plain(value) for key, value in verdict.freshness._asdict().items()},
        "answers": {key: answer.value for key, answer in asdict(verdict.answers).items()},
        "change": None
        if verdict.change is None
        else {"since": _plain(verdict.change.since), "items": list(verdict.change.items)},
        "status_since": _plain(verdict.status_since),
        "live_record_used": verdict.live_record_used,
        "statement": None
        if verdict.statement is None
        else {
            "version": verdict.statement.version,
            "issued_at": _plain(verdict.statement.issued_at),
            "age": _plain(verdict.checked_at - verdict.statement.issued_at),
        },
        "foreign_system": verdict.foreign_system or None,
        "words": {
            "severity": words.severity.value,
            "zh": asdict(words.zh),
            "en": asdict(words.en),
        },
        "face": None
        if face is None
        else {key: _plain(value) for key, value in face._asdict().items()},
    }


def _plain(value: object) -> object:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    return value
