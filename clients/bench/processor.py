"""The processor: which core runs what, and what a process has taken of it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Linux: the clock of another process, as `clock_getcpuclockid` gives it (CPUCLOCK_SCHED).
_SCHEDULED = 2


def cores() -> tuple[int, int]:
    """The core for the server and the core for the load; one and the same where there is one."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextmanager
def only_on(*allowed: int) -> Iterator[None]:
    """Run this thread on these cores; so do the threads and processes that it starts."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, allowed)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def spent_by(process: int) -> float:
    """Processor seconds that all threads of a process and its children have taken so far.

    Unlike the time of day it does not grow while others have the core.

    Raises:
        OSError: there is no such process.
    """
    own = time.clock_gettime((~process << 3) | _SCHEDULED)
    return own + sum(map(spent_by, _children(process)))


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return [int(number) for number in listed.split()]


def load_average() -> str:
    """As `4.6, 3.0, 2.5`: of the last 1, 5 and 15 minutes."""
    return ", ".join(f"{each:.1f}" for each in os.getloadavg())
