"""How much one partner asked of this process: a token bucket, calls at once, checks of the day."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

from license_verify.server.partners import errors
from license_verify.server.partners.partner import Partner, Quota

_LONGEST_WAIT_SECONDS: Final = 30.0


class Meter:
    """Of one partner; any thread may use it."""

    def __init__(self, name: str, threads: int, monotonic: Callable[[], float]) -> None:
        """Prepare.

        Args:
            name: the partner's id, for refusals.
            threads: of this process that its calls may hold, working or waiting for their turn.
            monotonic: the clock of the bucket.
        """
        self._name = name
        self._threads = threads
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._turn = threading.Condition(self._lock)
        self._held = self._working = 0
        self._full: int | None = None  # of the bucket; None before the first check
        self._tokens, self._told_at = 0.0, monotonic()
        self._day: date | None = None
        self._known = self._unsent = 0

    @contextmanager
    def place(self, quota: Quota, seconds: float | None = None) -> Iterator[None]:
        """Hold a place for a call, waiting while as many as agreed are being worked on.

        Args:
            quota: of the partner.
            seconds: that the caller waits for an answer; None: it did not say.

        Raises:
            CallsTooMany: as many wait as may, or it waited too long.
        """
        longest = min(_LONGEST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS if seconds is None else seconds)
        with self._lock:
            if self._held >= self._threads:
                raise errors.calls_too_many(self._name, self._threads)
            self._held += 1
            while self._working >= quota.calls_at_once:
                if not self._turn.wait(longest):
                    self._held -= 1
                    raise errors.calls_too_many(self._name, quota.calls_at_once)
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._held -= 1
                self._working -= 1
                self._turn.notify()

    def held(self) -> int:
        """How many calls hold a thread: worked on, or waiting for their turn."""
        with self._lock:
            return self._held

    def take(self, quota: Quota, count: int, now: datetime) -> None:
        """Let `count` checks in, or none of them; `now` is the time in Beijing.

        Raises:
            BatchBeyondBurst: it could never be.
            RateExhausted, DailyQuotaExhausted: not now; `retry_after` says when.
        """
        if count > quota.burst:
            raise errors.beyond_burst(self._name, count, quota.burst)
        with self._lock:
            self._refill(quota)
            self._begin_day(now.date())
            left = quota.checks_per_day - self._known - self._unsent
            if count > left:
                wait = errors.until_midnight(now)
                raise errors.day_exhausted(self._name, max(left, 0), quota.checks_per_day, wait)
            if count > self._tokens:
                wait_seconds = (count - self._tokens) / quota.calls_per_second
                raise errors.rate_exhausted(self._name, quota.calls_per_second, wait_seconds)
            self._tokens -= count
            self._unsent += count

    def unsent(self) -> tuple[date, int] | None:
        """Checks of the day that the database has not heard of; None where none ever came."""
        with self._lock:
            return None if self._day is None else (self._day, self._unsent)

    def sent(self, day: date, count: int, total: int) -> None:
        """The database took `count` and knows `total` of that day, of all nodes."""
        with self._lock:
            if day == self._day:
                self._unsent -= count
                self._known = total

    def _refill(self, quota: Quota) -> None:
        now = self._monotonic()
        if self._full is None:
            self._tokens = float(quota.burst)
        grown = self._tokens + (now - self._told_at) * quota.calls_per_second
        self._tokens, self._told_at = min(grown, float(quota.burst)), now
        self._full = quota.burst

    def _begin_day(self, today: date) -> None:
        # Checks of the last second of a day that were not sent are let go: they refuse nothing.
        if today != self._day:
            self._day, self._known, self._unsent = today, 0, 0


class Meters:
    """Every partner's meter in this process."""

    def __init__(self, threads: int, monotonic: Callable[[], float]) -> None:
        """`threads` of this process may be held by one partner's calls."""
        self._threads = threads
        self._monotonic = monotonic
        self._of: dict[str, Meter] = {}
        self._lock = threading.Lock()

    def of(self, partner: Partner) -> Meter:
        """The meter of an enrolled partner."""
        found = self._of.get(partner.id)
        if found is not None:
            return found
        with self._lock:
            made = Meter(partner.id, self._threads, self._monotonic)
            return self._of.setdefault(partner.id, made)

    def each(self) -> list[tuple[str, Meter]]:
        """Those that were ever used, by partner."""
        return list(self._of.items())
