"""What a host unit leaves behind at a place: inspections 现场核查 and flags 异常."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class InspectionResult(StrEnum):
    """What an inspection found."""

    AS_FILED = "as_filed"
    DIFFERS = "differs"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection of a place by its host unit."""

    number: int
    """Of its hand-over, from 1."""
    result: InspectionResult
    inspection_date: date
    inspectors: tuple[str, str]
    """Numbers or names, two different ones."""
    report: str
    staff_no: str
    """Who reported it."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """Something found at a place, for the home unit to answer."""

    entity_no: int
    premises_no: int
    number: int
    """Of its place, from 1."""
    finding: str
    flagged_by: str
    created_at: datetime
    due_date: date
    due_provisional: bool
    """The calendar did not know a year on the way: the day may move."""
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    uscc: str = ""
    business_name: str = ""
    address: str = ""
    unit: int | None = None
    """The unit that supervises the place."""

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None
