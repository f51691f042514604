"""Deadlines in working days, as the State Council announced them for 2026."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_service.domain.working_days import CHINESE, Deadline, due

DAY = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 30))


@dataclass(frozen=True)
class Only:
    """A calendar that knows no year after `last`, and otherwise nothing but weekends."""

    last: int

    def is_working(self, day: date) -> bool | None:
        return day.weekday() < 5 if day.year <= self.last else None


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 2, 12), date(2026, 2, 24)),  # 13th, the worked Saturday 14th, then the 24th
        (date(2026, 2, 13), date(2026, 2, 25)),
        (date(2026, 2, 26), date(2026, 3, 2)),  # 27th, the worked Saturday 28th, Monday
        (date(2026, 9, 29), date(2026, 10, 9)),
        (date(2026, 10, 8), date(2026, 10, 12)),  # Saturday the 10th is worked
        (date(2026, 11, 23), date(2026, 11, 26)),
        (date(2025, 12, 30), date(2026, 1, 5)),  # New Year's Day to the 3rd; Sunday 4th is worked
    ],
)
def test_three_working_days_go_round_holidays_and_through_worked_weekends(
    start: date, end: date
) -> None:
    assert due(start, 3) == Deadline(end, provisional=False)


def test_a_year_that_is_not_announced_counts_by_weekdays_and_says_so() -> None:
    after = due(date(2031, 2, 3), 3)
    assert after == Deadline(date(2031, 2, 6), provisional=True)


def test_spring_festival_of_a_year_not_known_yet_moves_once_it_is() -> None:
    before = due(date(2026, 2, 12), 3, Only(2025))
    assert before == Deadline(date(2026, 2, 17), provisional=True)
    assert due(date(2026, 2, 12), 3) == Deadline(date(2026, 2, 24), provisional=False)


def test_a_deadline_before_the_turn_of_the_year_is_certain_and_one_across_is_not() -> None:
    assert not due(date(2026, 12, 28), 3, Only(2026)).provisional
    assert due(date(2026, 12, 29), 3, Only(2026)).provisional


@given(DAYS, st.integers(0, 40))
def test_exactly_so_many_worked_days_lie_behind_the_start(start: date, days: int) -> None:
    deadline = due(start, days, Only(2026))
    span = [start + n * DAY for n in range(1, (deadline.date - start).days + 1)]
    assert sum(day.weekday() < 5 for day in span) == days
    assert not span or span[-1].weekday() < 5
    assert deadline.provisional == any(day.year > 2026 for day in span)


@given(st.dates(date(2004, 1, 1), date(2026, 11, 1)), st.integers(0, 40))
def test_a_deadline_is_a_worked_day_of_the_calendar(start: date, days: int) -> None:
    deadline = due(start, days)
    span = [start + n * DAY for n in range(1, (deadline.date - start).days + 1)]
    assert sum(bool(CHINESE.is_working(day)) for day in span) == days
    assert not deadline.provisional


def test_a_deadline_lies_not_before_its_start() -> None:
    with pytest.raises(ValueError, match="not before its start"):
        due(date(2026, 1, 1), -1)
