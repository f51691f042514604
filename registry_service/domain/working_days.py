"""Deadlines in Chinese working days 工作日: weekends, holidays and the working weekends 调休.

The State Council announces a year's holidays at the end of the year before. Until the calendar
knows a year, its days count by weekdays alone and the deadline is provisional.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

import chinese_calendar

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for something."""

    date: date
    provisional: bool
    """A year on the way was not known yet: the day may move."""


class WorkingCalendar(Protocol):
    """Which days are worked."""

    def is_working(self, day: date) -> bool | None:
        """Whether that day is worked; None where the calendar does not know its year."""


class ChineseCalendar:
    """The announced holidays, as the library chinesecalendar has them."""

    def is_working(self, day: date) -> bool | None:
        """See `WorkingCalendar`."""
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:  # how the library says that it lacks the year
            return None


CHINESE: Final = ChineseCalendar()


def due(start: date, days: int, calendar: WorkingCalendar = CHINESE) -> Deadline:
    """The last of `days` working days after `start`, which itself does not count.

    Civil Code art. 201: the day of the beginning is not counted in. With 0 days it is `start`.

    >>> due(date(2026, 2, 12), 3)  # Spring Festival from the 15th to the 23rd, Saturday 14th worked
    Deadline(date=datetime.date(2026, 2, 24), provisional=False)

    Raises:
        ValueError: a negative number of days.
    """
    if days < 0:
        raise ValueError("a deadline lies not before its start")
    day, provisional = start, False
    while days:
        day += _ONE_DAY
        known = calendar.is_working(day)
        provisional = provisional or known is None
        days -= day.weekday() < _SATURDAY if known is None else known
    return Deadline(day, provisional)
