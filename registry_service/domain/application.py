"""A visit 申请 and its receipt."""

from dataclasses import dataclass
from datetime import date, datetime


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


def receipt_number(unit: int, day: date, serial: int) -> str:
    """受理编号: unit, day, serial of the city. The serial alone makes it unique.

    >>> receipt_number(11, date(2026, 3, 2), 42)
    'YZ11-20260302-000042'
    """
    return f"YZ{unit:02d}-{day:%Y%m%d}-{serial:06d}"
