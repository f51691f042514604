"""How long 歇业 may last, and when it may be extended."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_service.domain.dormancy import Dormancy, extension_opens, latest_end, runs_on

DAYS = st.dates(date(2022, 3, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("first", "latest"),
    [
        (date(2026, 3, 2), date(2029, 3, 1)),
        (date(2026, 1, 1), date(2028, 12, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_first_dormancy_may_last_three_years(first: date, latest: date) -> None:
    assert latest_end(first, ()) == latest


def test_days_that_were_used_are_taken_off() -> None:
    used = Dormancy(1, date(2026, 1, 1), date(2026, 12, 31), ended_date=date(2026, 1, 10))
    assert used.days == 10
    assert latest_end(date(2027, 1, 1), [used]) == date(2029, 12, 21)


def test_a_dormancy_resumed_on_its_first_day_used_nothing() -> None:
    assert Dormancy(1, date(2026, 1, 2), date(2026, 2, 1), date(2026, 1, 1)).days == 0


@given(DAYS, st.integers(1, 1095))
def test_what_was_used_whole_leaves_nothing_or_the_rest(first: date, used: int) -> None:
    last = first + timedelta(days=used - 1)
    again = last + timedelta(days=1)
    left = (latest_end(again, [Dormancy(1, first, last)]) - again).days + 1
    assert used + left in (1095, 1096)


@given(DAYS)
def test_the_last_thirty_days_are_thirty(last: date) -> None:
    opens = extension_opens(last)
    assert (last - opens).days + 1 == 30


def test_a_dormancy_runs_until_its_last_day_unless_it_was_ended() -> None:
    running = Dormancy(2, date(2026, 1, 1), date(2026, 1, 31))
    assert runs_on((running,), date(2026, 1, 31))
    assert not runs_on((running,), date(2026, 2, 1))
    assert not runs_on(
        (Dormancy(1, date(2026, 1, 1), date(2026, 3, 1), date(2026, 1, 5)),), date(2026, 1, 6)
    )
    assert not runs_on((), date(2026, 1, 1))
