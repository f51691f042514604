"""Signals and deaths in the middle of a restart of the workers, while one of them takes long."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.operations.running import Running
from tests.e2e.page.node import until


def worker(workers: Running, number: int) -> int:
    """Id of the process that has that place."""

    def has(process: int) -> bool:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        return words[-3:-1] == [b"worker", str(number).encode()]

    (found,) = [each for each in workers.workers() if has(each)]
    return found


@contextmanager
def the_first_restarts(workers: Running) -> Iterator[int]:
    """The first worker is to end, and can't until this block does."""
    first = worker(workers, 0)
    os.kill(first, signal.SIGSTOP)
    try:
        workers.process.send_signal(signal.SIGHUP)
        until(lambda: bool(workers.lines("verify.restarting")))
        yield first
    finally:
        os.kill(first, signal.SIGCONT)


def test_a_worker_that_dies_while_another_restarts_is_replaced_meanwhile(workers: Running) -> None:
    with the_first_restarts(workers) as first:
        second = worker(workers, 1)
        os.kill(second, signal.SIGKILL)
        until(lambda: bool(workers.workers() - {first, second}))
        assert first in workers.workers(), "it has not ended yet"
    until(lambda: bool(workers.lines("verify.restarted")), seconds=120)
    workers.process.send_signal(signal.SIGTERM)
    assert workers.ended() == 0


def test_the_end_is_heard_while_a_worker_restarts_and_lets_it_finish(workers: Running) -> None:
    with the_first_restarts(workers):
        workers.process.send_signal(signal.SIGTERM)
        until(lambda: bool(workers.lines("verify.draining")))
    assert workers.ended() == 0
    assert not workers.lines("ending_at_once")
    assert not workers.lines("verify.worker_killed")
