"""The meter of one partner in one process, by a clock of the test's own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.server.partners.errors import (
    BatchBeyondBurst,
    CallsTooMany,
    DailyQuotaExhausted,
    RateExhausted,
)
from license_verify.server.partners.meter import Meter
from license_verify.server.partners.partner import Quota

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
QUOTA = Quota(calls_per_second=10, burst=100, calls_at_once=2, checks_per_day=1000)


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_bucket_fills_with_time_and_never_over() -> None:
    clock = Clock()
    meter = Meter("icbank", 4, clock)
    meter.take(QUOTA, 100, NOON)
    with pytest.raises(RateExhausted) as told:
        meter.take(QUOTA, 5, NOON)
    assert told.value.retry_after == timedelta(seconds=0.5)
    clock.seconds = 0.5
    meter.take(QUOTA, 5, NOON)
    clock.seconds = 1000
    meter.take(QUOTA, 100, NOON)
    with pytest.raises(RateExhausted):
        meter.take(QUOTA, 1, NOON)


def test_what_is_refused_costs_nothing() -> None:
    meter = Meter("icbank", 4, Clock())
    with pytest.raises(BatchBeyondBurst):
        meter.take(QUOTA, 101, NOON)
    meter.take(QUOTA, 60, NOON)
    with pytest.raises(RateExhausted):
        meter.take(QUOTA, 41, NOON)
    meter.take(QUOTA, 40, NOON)


def test_checks_of_other_nodes_count_once_the_database_told() -> None:
    meter = Meter("icbank", 4, Clock())
    meter.take(QUOTA, 50, NOON)
    assert meter.unsent() == (NOON.date(), 50)
    meter.sent(NOON.date(), 50, 990)
    meter.take(QUOTA, 10, NOON)
    with pytest.raises(DailyQuotaExhausted) as told:
        meter.take(QUOTA, 1, NOON)
    assert told.value.retry_after == timedelta(hours=12)
    assert told.value.metadata["left"] == "0"


def test_the_next_day_begins_anew() -> None:
    clock = Clock()
    meter = Meter("icbank", 4, clock)
    meter.take(QUOTA, 100, NOON)
    meter.sent(NOON.date(), 100, 1000)
    clock.seconds = 100
    tomorrow = NOON + timedelta(days=1)
    meter.take(QUOTA, 1, tomorrow)
    meter.sent(NOON.date(), 0, 5000)  # told late, of the day before
    meter.take(QUOTA, 1, tomorrow)


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 120)), max_size=60))
def test_no_more_gets_through_than_burst_and_rate_allow(asked: list[tuple[float, int]]) -> None:
    clock = Clock()
    meter, let_in = Meter("icbank", 4, clock), 0
    for pause, count in asked:
        clock.seconds += pause
        try:
            meter.take(QUOTA, count, NOON)
        except (RateExhausted, BatchBeyondBurst, DailyQuotaExhausted):
            continue
        let_in += count
    assert let_in <= QUOTA.burst + QUOTA.calls_per_second * clock.seconds + 1e-6
    assert let_in <= QUOTA.checks_per_day


def test_calls_wait_for_their_turn_and_beyond_that_are_refused() -> None:
    meter, inside, leave = Meter("icbank", 3, Clock()), threading.Semaphore(0), threading.Event()

    def call() -> None:
        with meter.place(QUOTA):
            inside.release()
            assert leave.wait(60)

    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(call) for _ in range(2)]
        assert inside.acquire(timeout=60)
        assert inside.acquire(timeout=60)
        calls.append(pool.submit(call))  # waits: two are worked on
        while meter.held() < 3:
            pass
        with pytest.raises(CallsTooMany), meter.place(QUOTA):
            pass
        leave.set()
        for each in calls:
            each.result()
    assert meter.held() == 0
