"""How many streams a caller may hold open, all callers together, and for how long."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeVar

from license_verify.refusal import Kind, Refusal

A_CALLER: Final = 4
TOGETHER: Final = 64
"""Each holds a thread of its own while it is open."""
_LOOK_SECONDS: Final = 0.25
"""While nothing is asked, so often a stream looks whether it may go on."""
Item = TypeVar("Item")


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
        self._readers = ThreadPoolExecutor(together, thread_name_prefix="stream-reader")

    def end(self) -> None:
        """Let each stream end after the answer that it is at, or now."""
        self._ending.set()

    def taken(self, requests: Iterator[Item], still: Callable[[], None]) -> Iterator[Item]:
        """Requests as they come, the next one read while one is answered.

        gRPC lets nobody wait for a request for a while only, so another thread does: a caller that
        asks nothing is cut off too.

        Args:
            requests: of a call; they end with it.
            still: raises what the caller is told once it may not go on.

        Raises:
            NodeEnding: the node ends.
        """
        coming = self._readers.submit(next, requests, None)
        while (item := self._awaited(coming, still)) is not None:
            coming = self._readers.submit(next, requests, None)
            yield item

    def _awaited(self, coming: Future[Item | None], still: Callable[[], None]) -> Item | None:
        while True:
            still()
            self._require_going_on()
            try:
                return coming.result(_LOOK_SECONDS)
            except TimeoutError:
                continue

    def _require_going_on(self) -> None:
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
