"""What the load saw, as one process tells another."""

from dataclasses import dataclass
from typing import Final

FORGED: Final = -1
"""In place of a document's number: its last digits were changed."""
GARBLED: Final = -2
"""In place of a document's number: text that is no scan of ours."""
TYPED: Final = -3
"""In place of a document's number: a typed credit code, which proves nothing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One verdict. Moments are seconds since 1970, ages in seconds."""

    way: str
    """`unary`, `batch`, `stream`, `page`, `library`."""
    document: int
    purpose: str
    asked_at: float
    answered_at: float
    edition_from: float
    """Time of the manifest behind it; two bounds, as a page tells an age in whole units."""
    edition_until: float
    floor: float
    """Newest edition that the same connection had told before this was asked."""
    outcome: str
    status: str
    reason: str
    checked_at: float | None = None
    """By the verifier's clock; a page tells none so exactly."""
    maximum: float | None = None
    """Age that was allowed, as the verdict tells it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, with all that it answered."""

    way: str
    caller: str
    due_at: float
    """When the schedule wanted it sent: a queue on our side counts as waiting too."""
    ended_at: float
    answered: int
    """Verdicts in its answer."""
    refused: int = 0
    """Items of its answer that were refused."""
    error: str = ""
    """Code and reason where it failed."""
    verdicts: tuple[Seen, ...] = ()
