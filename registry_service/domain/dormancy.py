"""歇业: how long it may last (Order 746 art. 30, Implementing Rules art. 42)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

YEARS: Final = 3
"""The most, over all dormancies of an entity."""
EXTENSION_DAYS: Final = 30
"""Dormancy is extended in so many last days."""
BACKDATING_DAYS: Final = 30
"""A dormancy that began may be filed so many days later."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dormancy:
    """One dormancy, both days included."""

    number: int
    from_date: date
    until_date: date
    ended_date: date | None = None
    """Last dormant day where business was resumed early, or the entity ended."""

    @property
    def last_date(self) -> date:
        """Its last day as it came about."""
        return self.ended_date or self.until_date

    @property
    def days(self) -> int:
        """How long it was, or will be."""
        return max(0, (self.last_date - self.from_date).days + 1)


def latest_end(from_date: date, earlier: Iterable[Dormancy]) -> date:
    """The last day that a dormancy from `from_date` may have, after the earlier ones.

    Lies before `from_date` if nothing is left.
    """
    used = sum(dormancy.days for dormancy in earlier)
    return _years_after(from_date, YEARS) - _DAY - used * _DAY


def runs_on(past: tuple[Dormancy, ...], day: date) -> bool:
    """Whether the last of an entity's dormancies still runs on that day."""
    return bool(past) and past[-1].ended_date is None and day <= past[-1].until_date


def extension_opens(until_date: date) -> date:
    """The first day on which it may be extended."""
    return until_date - (EXTENSION_DAYS - 1) * _DAY


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
