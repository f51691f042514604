"""How many streams a caller may hold open, and all callers together."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from license_verify.refusal import Kind, Refusal

A_CALLER: Final = 4
TOGETHER: Final = 64
"""Each holds a thread of its own while it is open."""


class StreamsTooMany(Refusal):
    """The caller, or all callers together, have as many streams open as there may be."""

    kind = Kind.EXHAUSTED
    reason = "STREAMS_TOO_MANY"


class NodeEnding(Refusal):
    """The node is about to end: what was answered stands, open the stream anew for the rest."""

    kind = Kind.UNAVAILABLE
    reason = "NODE_ENDING"


class Streams:
    """Counts open streams by caller, and ends them when the node ends."""

    def __init__(self, a_caller: int = A_CALLER, together: int = TOGETHER) -> None:
        self._a_caller = a_caller
        self._together = together
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._ending = threading.Event()

    def end(self) -> None:
        """Let each stream end after the answer that it is at."""
        self._ending.set()

    def require_going_on(self) -> None:
        """Between two answers.

        Raises:
            NodeEnding: there will be no more.
        """
        if self._ending.is_set():
            raise NodeEnding(
                "this node is about to end: open the stream anew, from the first request that"
                " has no answer",
                zh="本核验节点即将停止，请重新打开核验流，从未答复的请求继续",
            )

    def open_now(self) -> int:
        """How many are open, of all callers."""
        with self._lock:
            return self._open.total()

    @contextmanager
    def one_more(self, caller: str) -> Iterator[None]:
        """Hold a place for a stream of `caller`, as `partner/icbank`.

        Raises:
            StreamsTooMany: there is none.
        """
        with self._lock:
            if self._open[caller] >= self._a_caller or self._open.total() >= self._together:
                raise StreamsTooMany(
                    f"a caller has at most {self._a_caller} streams and a node "
                    f"{self._together}; close one, or use BatchVerify",
                    zh="同时打开的核验流过多",
                    limit=self._a_caller,
                )
            self._open[caller] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[caller] -= 1
                self._open += Counter()  # drops callers with none
