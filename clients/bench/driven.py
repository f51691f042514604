"""A server under load, and what it and the load have taken meanwhile."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from clients.bench import processor
from clients.bench.calls import Caller
from clients.bench.stage import Server


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that items took together."""

    items: int
    clock: float
    """By the clock on the wall."""
    server: float
    """Processor seconds of the server, all its processes."""
    load: float
    """Processor seconds of this process."""


@dataclass(frozen=True, slots=True)
class Driven:
    """One method of a server, and how it is kept busy."""

    server: Server
    caller: Caller
    under_way: int
    """Calls at a time."""
    items: int = 1
    """Of one call."""

    def keep_busy(self, requests: Iterator[bytes], seconds: float) -> Spent:
        """Call for so long.

        Raises:
            CallFailed: a call was refused or lost.
        """
        server, load = processor.spent_by(self.server.pid), time.process_time()
        clock = time.perf_counter()
        calls = self.caller.keep_busy(requests, seconds, self.under_way)
        return Spent(
            calls * self.items,
            time.perf_counter() - clock,
            processor.spent_by(self.server.pid) - server,
            time.process_time() - load,
        )
