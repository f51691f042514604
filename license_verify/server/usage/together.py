"""Work that costs about as much for many as for one: the first of those who come does it for all.

As in PostgreSQL's `commit_delay`: whoever does it waits a moment for others, but only while some
are known to be on their way.
"""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Generic, TypeVar

PATIENCE_SECONDS: Final = 0.001
"""Longest wait for others who are on their way."""
_WARY_TURNS: Final = 16
"""After a wait in which nobody came this many turns are taken without one: whoever is on the way
may be held up by something slow."""
T = TypeVar("T")
R = TypeVar("R")


class TookTooLong(Exception):
    """Whoever works for all has not ended in time."""


class _Group(Generic[T, R]):
    """Those who are served by one turn."""

    __slots__ = ("done", "error", "items", "results", "whole")

    def __init__(self) -> None:
        self.items: list[T] = []
        self.results: list[R] = []
        self.error: BaseException | None = None
        self.done = threading.Lock()
        """Held until it is; each who waits lets the next one go, so that all never run at once."""
        self.done.acquire()
        self.whole: threading.Lock | None = None
        """While the first waits for others: held until nobody else is on the way."""

    def waits_no_more(self) -> None:
        if self.whole is not None:
            self.whole.release()
            self.whole = None


class Arrival:
    """A caller on its way, from `with` until it joins, or leaves without."""

    __slots__ = ("_open", "_together")

    def __init__(self, together: "Together[T, R]") -> None:
        self._together = together
        self._open = False

    def __enter__(self) -> "Arrival":
        self._together.begin()
        self._open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.ends():
            self._together.leave()

    def ends(self) -> bool:
        """Whether it was on its way until now."""
        was, self._open = self._open, False
        return was


class Together(Generic[T, R]):
    """One piece of work after the other, each for all who came meanwhile; any thread may come."""

    def __init__(
        self,
        work: Callable[[list[T]], list[R]],
        seconds: float,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Describe it.

        Args:
            work: gives a result for each item, or fails for all.
            seconds: longest that anyone waits for it.
            patience: longest wait for others who are on their way, in seconds.
        """
        self._work = work
        self._seconds = seconds
        self._patience = patience
        self._group: _Group[T, R] = _Group()
        self._coming = 0
        self._wary = 0
        self._lock = threading.Lock()
        """Over the group that forms and the numbers; held for no longer than that takes."""
        self._turn = threading.Lock()
        """Held by whoever works, or waits for others to work for."""

    def arrival(self) -> Arrival:
        """For `with` around what will end in `join`."""
        return Arrival(self)

    def begin(self) -> None:
        """Somebody is on the way."""
        with self._lock:
            self._coming += 1

    def leave(self) -> None:
        """And does not come."""
        with self._lock:
            self._coming -= 1
            if not self._coming:
                self._group.waits_no_more()

    def join(self, item: T, arrival: Arrival | None = None) -> R:
        """The result for an item.

        Raises:
            TookTooLong: and it may still be done.
            BaseException: whatever the work raises, for each of those whom it was done for.
        """
        with self._lock:
            if arrival is not None and arrival.ends():
                self._coming -= 1
            group, place = self._group, len(self._group.items)
            group.items.append(item)
            if not self._coming:
                group.waits_no_more()
        if place == 0:
            self._lead(group)
        else:
            if not group.done.acquire(timeout=self._seconds):
                raise TookTooLong
            group.done.release()
        if group.error is not None:
            raise group.error
        return group.results[place]

    def _lead(self, group: _Group[T, R]) -> None:
        took = self._turn.acquire(timeout=self._seconds)
        try:
            if took:
                self._wait_for_others(group)
            with self._lock:
                self._group = _Group()  # whoever comes now is served by the next turn
            if took:
                group.results = self._work(group.items)
            else:
                group.error = TookTooLong()
        except BaseException as error:
            group.error = error
        finally:
            group.done.release()
            if took:
                self._turn.release()

    def _wait_for_others(self, group: _Group[T, R]) -> None:
        with self._lock:
            if not self._coming:
                return
            if self._wary:
                self._wary -= 1
                return
            before = len(group.items)
            group.whole = whole = threading.Lock()
            whole.acquire()
        whole.acquire(timeout=self._patience)
        with self._lock:
            group.whole = None
            if len(group.items) == before:
                self._wary = _WARY_TURNS
