"""Business dates are Chinese dates; China keeps one time all year."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8))


def china_day(at: datetime) -> date:
    """The business date at that time."""
    return at.astimezone(CHINA).date()
