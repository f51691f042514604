"""When a call that failed is made again; the same for the blocking and the asyncio client.

gRPC itself repeats what no node had begun to answer, by the service config. What is left is a
connection that broke in the middle of an answer, and a quota that says when to come back. A check
may be repeated: it changes nothing but the count of its use.
"""

import random
import time
import uuid
from collections.abc import Callable
from typing import Final

from clients.sdk.errors import ServiceError, Unreachable
from license_verify.rpc.call import REQUEST_ID

BROKEN_TRIES: Final = 6
"""So often a call is made again whose connection broke."""
_FIRST_PAUSE_SECONDS: Final = 0.05
_EXHAUSTED: Final = "RESOURCE_EXHAUSTED"
_CANCELLED: Final = "CANCELLED"
_LOST: Final = "Internal error from Core"
"""What grpc.aio says, as INTERNAL, of an answer that broke off; no service of ours says so."""


class Tries:
    """The tries of one call, which share its deadline and its request id."""

    def __init__(
        self,
        seconds: float,
        *,
        wait_for_quota: bool = False,
        stubborn: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin now.

        Args:
            seconds: for all tries together.
            wait_for_quota: wait once as long as a service says whose quota is used up.
            stubborn: repeat here, too, what no node had begun: gRPC repeats nothing of a stream,
                and gives up within a second where one of several nodes is just found again.
            monotonic: the clock.
        """
        self._monotonic = monotonic
        self._end = monotonic() + seconds
        self._wait_for_quota = wait_for_quota
        self._stubborn = stubborn
        self._broken = 0
        self.metadata = ((REQUEST_ID, str(uuid.uuid4())),)

    def left(self) -> float:
        """Seconds until the deadline, as gRPC's `timeout`; never negative."""
        return max(0.0, self._end - self._monotonic())

    def pause_after(self, failed: ServiceError | Unreachable) -> float | None:
        """Seconds to wait before the next try; None: that was the last."""
        pause = self._pause(failed)
        return pause if pause is not None and pause < self.left() else None

    def progressed(self) -> None:
        """A stream brought an answer: what broke before is forgotten."""
        self._broken = 0

    def _pause(self, failed: ServiceError | Unreachable) -> float | None:
        if self._broke(failed):
            if self._broken == BROKEN_TRIES:
                return None
            self._broken += 1
            doubled: float = _FIRST_PAUSE_SECONDS * 2**self._broken
            return doubled * random.uniform(0.5, 1)  # noqa: S311 - no secret
        if isinstance(failed, ServiceError) and self._wait_for_quota:
            exhausted = failed.code == _EXHAUSTED
            self._wait_for_quota = not exhausted
            return failed.retry_after_seconds if exhausted else None
        return None

    def _broke(self, failed: ServiceError | Unreachable) -> bool:
        if isinstance(failed, Unreachable):
            return failed.begun or self._stubborn
        # A node that ends cancels what outlives its time to drain, and says no more.
        cancelled = failed.code == _CANCELLED and not failed.reason
        return cancelled or str(failed).startswith(_LOST)
