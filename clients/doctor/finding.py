"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How it stands, the worst first."""

    FAIL = "fail"
    WARN = "warn"
    OK = "ok"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Its texts name no person, secret or content."""

    looked_at: str
    outcome: Outcome
    zh: str
    """The cause, or that all is well."""
    en: str
    next: str = ""
    """The command to run next; empty where nothing is to be done."""
    check: str = ""
    """Name of the check, entered by whoever ran it."""


def fail(looked_at: str, zh: str, en: str, next: str) -> Finding:  # noqa: A002 - as the field
    """Something does not work, or soon will not."""
    return Finding(looked_at, Outcome.FAIL, zh, en, next)


def warn(looked_at: str, zh: str, en: str, next: str) -> Finding:  # noqa: A002 - as the field
    """It works and needs somebody's attention."""
    return Finding(looked_at, Outcome.WARN, zh, en, next)


def ok(looked_at: str, zh: str, en: str) -> Finding:
    """As it should be."""
    return Finding(looked_at, Outcome.OK, zh, en)


def not_applicable(looked_at: str, zh: str, en: str) -> Finding:
    """There is nothing of the kind here, or it can't be told now."""
    return Finding(looked_at, Outcome.NOT_APPLICABLE, zh, en)
