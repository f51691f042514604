"""Whether a verdict may be, by the truth and by the age that the verdict itself tells.

The rules of the decision table are written here a second time and naively: from a status, from
whether the data is fresh, and from what the purpose accepts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.load.soak.seen import FORGED, GARBLED, TYPED, Seen
from tests.load.soak.truth import NOT_ISSUED, TERMINAL, Truth

EARLIER_SECONDS: Final = 3.0
"""An edition has the time at which its snapshot was taken at the latest; so much before it may
the snapshot lie, on a machine that stalls between the two."""
LATER_SECONDS: Final = 3.0
"""A manifest tells whole seconds, so the snapshot may be later by one; and by a stall."""
_CLOCK_SECONDS: Final = 1.0
_NEVER_VALID: Final = {
    FORGED: ("INVALID",),
    GARBLED: ("INVALID", "INDETERMINATE"),
    TYPED: ("INVALID", "INDETERMINATE"),
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the soak knows of a purpose."""

    most_age: float
    accepted: frozenset[str] = frozenset()


class Judge:
    """Judges verdicts by the truth."""

    def __init__(self, truth: Truth, purposes: Mapping[str, Purpose]) -> None:
        self._truth = truth
        self._purposes = purposes

    def wrong(self, seen: Seen) -> str:
        """What is wrong with a verdict; empty if nothing is."""
        if seen.edition_until < seen.floor:
            return f"an edition {seen.floor - seen.edition_until:.0f} s older than one before"
        if seen.edition_from > seen.answered_at + _CLOCK_SECONDS:
            return "an edition of the future"
        if seen.checked_at is not None and not (
            seen.asked_at - _CLOCK_SECONDS < seen.checked_at < seen.answered_at + _CLOCK_SECONDS
        ):
            return "a time that lies outside the call"
        purpose = self._purposes[seen.purpose]
        if seen.maximum is not None and seen.maximum != purpose.most_age:
            return f"allows {seen.maximum:.0f} s of age, not {purpose.most_age:.0f}"
        answer, may = (seen.outcome, seen.status), self._answers(seen, purpose)
        return "" if answer in may else f"{' '.join(answer)} instead of {_told(may)}"

    def known(self, seen: Seen) -> str:
        """What the truth has of its document, for a report."""
        return f", while {self._truth.of(seen.document)}" if seen.document >= 0 else ""

    def _answers(self, seen: Seen, purpose: Purpose) -> set[tuple[str, str]]:
        if seen.document in _NEVER_VALID:
            return {(outcome, seen.status) for outcome in _NEVER_VALID[seen.document]}
        return {
            answer
            for status in self._statuses(seen)
            for fresh in _freshness(seen, purpose)
            for answer in _by_table(status, purpose, fresh=fresh)
        }

    def _statuses(self, seen: Seen) -> set[str]:
        """As of the edition; where the live register was asked besides, up to the answer."""
        document = self._truth.of(seen.document)
        first = seen.edition_from - EARLIER_SECONDS
        published = document.between(first, seen.edition_until + LATER_SECONDS)
        if seen.way == "page" or "SUPERSEDED" in published:
            return published | document.between(first, seen.answered_at)
        return published


def _freshness(seen: Seen, purpose: Purpose) -> set[bool]:
    """Whether the data is fresh when it is judged, at a time between question and answer."""
    earliest, latest = seen.asked_at, seen.answered_at
    if seen.checked_at is not None:
        earliest = latest = seen.checked_at
    youngest, oldest = earliest - seen.edition_until, latest - seen.edition_from
    return {youngest <= purpose.most_age, oldest <= purpose.most_age}


def _by_table(status: str, purpose: Purpose, *, fresh: bool) -> set[tuple[str, str]]:
    if status == NOT_ISSUED:
        # Of a document younger than the list by a minute the list can't say that it is none.
        return {("INVALID", status), ("INDETERMINATE", "UNKNOWN")}
    if status in TERMINAL:
        return {("INVALID", status)}
    if not fresh:
        return {("INDETERMINATE", "UNKNOWN")}
    if status == "VALID" or status in purpose.accepted:
        return {("VALID", status)}
    return {("INVALID", status)}


def _told(answers: set[tuple[str, str]]) -> str:
    return " or ".join(sorted(" ".join(answer) for answer in answers))
