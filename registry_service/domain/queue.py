"""What waits for a unit, and in which order it is seen to."""

from dataclasses import dataclass
from datetime import date, datetime

NOBODY = "-"
"""As an assignee: only what nobody looks after."""


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What of a queue is asked for."""

    units: tuple[int, ...]
    today: date
    """Decides what is overdue; the same for all pages of one answer."""
    state: str | None = None
    assignee: str | None = None
    """Staff number, or `NOBODY`; None for anybody's."""
    due_by: date | None = None


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a thing stands in its queue: by urgency, then age."""

    urgency: int
    """0 overdue, 1 due today, 2 neither, 3 decided; what waits for the applicant is 2."""
    created_at: datetime
    entity_no: int
    number: int


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much there is in a whole query."""

    total: int
    overdue: int
    due_today: int
