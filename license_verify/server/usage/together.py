"""Work that costs about as much for many as for one: the first of those who wait does it for all.

Nobody waits for others to come: those who come while one turn is worked on make up the next.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class TookTooLong(Exception):
    """Whoever works for all has not ended in time."""


class _Group(Generic[T, R]):
    """Those who are served by one turn."""

    __slots__ = ("done", "error", "items", "results")

    def __init__(self) -> None:
        self.items: list[T] = []
        self.results: list[R] = []
        self.error: BaseException | None = None
        self.done = threading.Lock()
        """Held until it is. Each who waited lets the next one go: woken all at once, they would
        only stand in line again, for the interpreter."""
        self.done.acquire()


class Together(Generic[T, R]):
    """One piece of work after the other, each for all who came meanwhile; any thread may come."""

    def __init__(self, work: Callable[[list[T]], list[R]], seconds: float) -> None:
        """Describe it.

        Args:
            work: gives a result for each item, or fails for all.
            seconds: longest that anyone waits for it.
        """
        self._work = work
        self._seconds = seconds
        self._group: _Group[T, R] = _Group()
        self._joining = threading.Lock()
        """Over the group that forms; held for no longer than that takes."""
        self._turn = threading.Lock()
        """Held by whoever works."""

    def join(self, item: T) -> R:
        """The result for an item.

        Raises:
            TookTooLong: and it may still be done.
            BaseException: whatever the work raises, for each of those whom it was done for.
        """
        with self._joining:
            group, place = self._group, len(self._group.items)
            group.items.append(item)
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
            with self._joining:
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
