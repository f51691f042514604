"""Long-lived calls: threads of their own, and a bound on how many there are."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from registry_service.domain.errors import TooManyWatches

# Calls beyond the bound need a thread for as long as it takes to refuse them.
_REFUSING: Final = 2


class Watches:
    """The watches of one process."""

    def __init__(self, most: int, most_a_caller: int) -> None:
        """Threads start with the watches that need them."""
        self._most = most
        self._most_a_caller = most_a_caller
        self._turn = threading.Lock()
        self._running: Counter[str] = Counter()
        self.pool = ThreadPoolExecutor(most + _REFUSING, thread_name_prefix="watch")

    def open_now(self) -> int:
        """How many run, of all workloads."""
        with self._turn:
            return self._running.total()

    @contextmanager
    def place(self, workload: str) -> Iterator[None]:
        """Count a watch of that workload while it runs.

        Raises:
            TooManyWatches: this process, or the workload, has its most.
        """
        with self._turn:
            if self._running.total() >= self._most:
                raise _too_many(self._most)
            if self._running[workload] >= self._most_a_caller:
                raise _too_many(self._most_a_caller)
            self._running[workload] += 1
        try:
            yield
        finally:
            with self._turn:
                self._running[workload] -= 1
                self._running += Counter()  # keeps those above zero

    def close(self) -> None:
        """Give the threads back, once the server takes no more calls."""
        self.pool.shutdown(wait=False)


def _too_many(limit: int) -> TooManyWatches:
    return TooManyWatches(
        f"{limit} watches run already; try another server, or later",
        zh=f"订阅数已达上限（{limit}），请改用其他节点或稍后再试",
        limit=limit,
    )
