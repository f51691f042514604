"""A visit 申请, its receipt, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from registry_service.domain.premises import FilingState

DECISION_DAYS: Final = 3
"""Working days to decide in (Order 746 art. 19)."""
EXTENSION_DAYS: Final = 3
"""Working days more, if the head approves."""
MOST_FILINGS: Final = 300
"""Of one visit."""


class ApplicationState(StrEnum):
    """Where a visit stands as a whole."""

    OPEN = "open"
    RETURNED = "returned"
    MANUAL = "manual"
    CLOSED = "closed"


_LEADING: Final = (
    ({FilingState.SUBMITTED, FilingState.MANUAL}, ApplicationState.MANUAL),
    ({FilingState.DRAFT}, ApplicationState.OPEN),
    ({FilingState.RETURNED}, ApplicationState.RETURNED),
)


def state_of(filings: Iterable[FilingState]) -> ApplicationState:
    """Where a visit with these filings stands: whoever has to act next, the office first.

    A visit of which nothing was drafted yet is open.
    """
    found = set(filings)
    if not found:
        return ApplicationState.OPEN
    return next((state for some, state in _LEADING if found & some), ApplicationState.CLOSED)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, for whom, and how they were identified."""

    applicant: str
    agent: str
    identity_check: str
    channel: str


@dataclass(frozen=True, slots=True)
class Application:
    """A visit: groups the filings and other acts asked for at once."""

    entity_no: int
    number: int
    receipt_number: str
    visit: Visit
    unit: int
    taken_by: str
    created_at: datetime
    state: ApplicationState = ApplicationState.CLOSED
    due_from: date | None = None
    """Working days count from here; None for a visit that was decided at once."""
    due_date: date | None = None
    due_provisional: bool = False
    assignee: str = ""
    extended_by: str = ""
    """The head who approved more time; empty while nobody has."""
    uscc: str = ""
    business_name: str = ""

    @property
    def days(self) -> int:
        """Working days to decide it in."""
        return DECISION_DAYS + (EXTENSION_DAYS if self.extended_by else 0)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked for in a visit, and what became of it."""

    subject: str
    """Resource name below the entity; empty for the entity itself."""
    act: str
    outcome: str
    text: str
    """The same in Chinese."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Something to be completed."""

    filing_no: int
    rule: int
    """0 where an official found it."""
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Notice:
    """All defects of a visit, told at once 一次性告知."""

    number: int
    defects: tuple[Defect, ...]
    told_by: str
    created_at: datetime


def receipt_number(unit: int, day: date, serial: int) -> str:
    """受理编号: unit, day, serial of the city. The serial alone makes it unique.

    >>> receipt_number(11, date(2026, 3, 2), 42)
    'YZ11-20260302-000042'
    """
    return f"YZ{unit:02d}-{day:%Y%m%d}-{serial:06d}"
