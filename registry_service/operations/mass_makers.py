"""What does the chunks of a mass run: this thread, or a process for each core."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from registry_service.domain.mass_run import Done, MassRun
from registry_service.operations.mass_chunk import ChunkMaker, OpenRing
from registry_service.operations.own_process import end_with_parent
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.store.transaction import Store

CHUNK: Final = 1_000
"""Entities of a chunk. Publishing waits for the end of its second transaction alone."""
LARGE: Final = 5_000
"""Entities from which a run is worth the seconds that the processes take to start."""


@dataclass(frozen=True, slots=True)
class Making:
    """What working on runs needs."""

    store: Store
    database_url: str
    """For processes of their own."""
    open_ring: OpenRing
    now: Callable[[], datetime]
    guard: RestoreGuard | None = None
    processes: int | None = None
    """As many as there are cores where absent; 0 does every chunk right here."""
    chunk: int = CHUNK


class Here:
    """Does chunks in this thread."""

    count: Final = 0

    def __init__(self, by: Making, run: MassRun) -> None:
        self._maker = ChunkMaker(by.store, by.open_ring)
        self._by = by
        self._run = run

    def begin(self, number: int) -> Future[Done]:
        """Do a chunk."""
        future = Future[Done]()
        try:
            future.set_result(self._maker.do(self._run, number, self._by.now()))
        except Exception as error:
            future.set_exception(error)
        return future

    def restart(self) -> None:
        """Nothing of this can be killed alone."""

    def close(self) -> None:
        """Nothing is open."""


class Processes:
    """Does chunks in processes of their own, one for each core."""

    def __init__(self, by: Making, run: MassRun) -> None:
        self.count = by.processes or os.cpu_count() or 1
        self._by = by
        self._run = run
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        # Not forked: gRPC's threads hold locks that nobody would ever release in a child.
        return ProcessPoolExecutor(
            self.count,
            multiprocessing.get_context("spawn"),
            _prepare,
            (self._by.database_url, self._by.open_ring),
        )

    def begin(self, number: int) -> Future[Done]:
        """Have a chunk done."""
        now = self._by.now()
        try:
            return self._pool.submit(_do, self._run, number, now)
        except BrokenProcessPool as error:
            future = Future[Done]()
            future.set_exception(error)
            return future

    def restart(self) -> None:
        """Begin anew after one was killed."""
        with suppress(RuntimeError):
            self._pool.shutdown(wait=True)
        self._pool = self._started()

    def close(self) -> None:
        """End them, each after what it is at."""
        self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def making(by: Making, run: MassRun) -> Iterator[Here | Processes]:
    """What does the chunks of a run, for its time."""
    here = by.processes == 0 or run.wanted < LARGE
    makers = Here(by, run) if here else Processes(by, run)
    try:
        yield makers
    finally:
        makers.close()


_maker: ChunkMaker | None = None
"""Of this process, if it is one of `Processes`."""


def _prepare(database_url: str, open_ring: OpenRing) -> None:
    """In each process, before its first chunk."""
    global _maker
    end_with_parent()
    store = Store(database_url, 2)
    store.open()
    _maker = ChunkMaker(store, open_ring)


def _do(run: MassRun, number: int, now: datetime) -> Done:
    if _maker is None:
        raise AssertionError("the process was not prepared")
    return _maker.do(run, number, now)
