"""The engine of mass runs: chunk after chunk, on every core, from where the last one stopped."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.mass_run import ChunkState, Done, MassRun, MassState
from registry_service.operations.background import Background
from registry_service.operations.mass_chunk import ChunkMaker, OpenRing
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.store.engine import only_engine
from registry_service.store.transaction import Store, Transaction

CHUNK: Final = 1_000
"""Entities of a chunk. Publishing waits for the end of its second transaction alone."""
LARGE: Final = 5_000
"""Entities from which a run is worth the seconds that the processes take to start."""
_LOOK_SECONDS: Final = 1.0
_RETRY_SECONDS: Final = 5.0
_PUBLISH_SECONDS: Final = 1.0
"""Licences of a run are published this often; an act of anybody else takes them along at once."""
_STOP_SECONDS: Final = 0.25
_SECONDS: Final = 120.0

_log = structlog.stdlib.get_logger()


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


class MassEngine(Background):
    """Works on runs that were confirmed. One for each process; one of them all works at a time."""

    def __init__(self, by: Making) -> None:
        super().__init__("mass", self._work, _LOOK_SECONDS, _RETRY_SECONDS)
        self._by = by

    def _work(self, stopping: threading.Event) -> None:
        if self._next() is None:
            return
        with only_engine(self._by.store) as mine:
            while mine and not stopping.is_set() and (run := self._next()) is not None:
                try:
                    work_on(self._by, run, stopping)
                except SignerUnavailable as error:
                    _log.warning("mass.waits", run=run.number, reason=error.reason)
                    stopping.wait(_RETRY_SECONDS)

    def _next(self) -> MassRun | None:
        with self._by.store.transaction() as tx:
            return tx.mass_runs.next()


def work_on(by: Making, run: MassRun, stopping: threading.Event) -> None:
    """Work on a run until it is done, is no more to go on, or the registry stops.

    Raises:
        SignerUnavailable, DatabaseUnavailable: what was not done waits.
        DatabaseRestored: the database went back; nothing is done before it is recovered.
    """
    with _makers(by, run) as makers:
        chunks = _Chunks(by, run)
        doing: dict[Future[Done], int] = {}
        while True:
            while len(doing) <= makers.count and not stopping.is_set():
                number = chunks.next()
                if number is None:
                    break
                doing[makers.begin(number)] = number
            if not doing:
                break
            done, _ = wait(doing, _STOP_SECONDS, FIRST_COMPLETED)
            broken = any(isinstance(future.exception(), BrokenProcessPool) for future in done)
            if broken:  # one was killed, and with it ends what the others of the pool were at
                done, _ = wait(doing)
            for future in done:
                number = doing.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    chunks.again(number)
                else:
                    future.result()
            if broken:
                _log.warning("mass.process_killed", run=run.number)
                makers.restart()
        if not stopping.is_set():
            chunks.finish()


class _Chunks:
    """Which chunk is next: those that were begun before, then new ones."""

    def __init__(self, by: Making, run: MassRun) -> None:
        self._by = by
        self._run = run
        with by.store.transaction(_SECONDS) as tx:
            waiting = tx.mass_runs.waiting(run.number)
        going = run.state is MassState.RUNNING
        self._begun = [n for n, state in waiting if going or state is ChunkState.INTENDED]
        self._published = time.monotonic()

    def next(self) -> int | None:
        """The number of a chunk to be done; None if there is none, or the run is not to go on."""
        if self._begun:
            return self._begun.pop(0)
        with self._by.store.transaction(_SECONDS) as tx:
            if self._by.guard is not None:
                self._by.guard.require_current(tx)
            run = tx.mass_runs.find(self._run.number, for_update=True)
            if run.state is not MassState.RUNNING:
                return None
            self._publish(tx)
            return self._begin(tx, run)

    def _begin(self, tx: Transaction, run: MassRun) -> int | None:
        tx.mass_licenses.prepare()
        to = tx.mass_licenses.end_of_chunk(run, run.cursor, self._by.chunk)
        return None if to is None else tx.mass_runs.add_chunk(run.number, run.cursor, to).number

    def again(self, number: int) -> None:
        """A chunk was broken off."""
        self._begun.append(number)

    def finish(self) -> None:
        """The run is done, unless somebody stopped it or entities are left behind the cursor."""
        with self._by.store.transaction(_SECONDS) as tx:
            run = tx.mass_runs.find(self._run.number, for_update=True)
            tx.events.wake()
            if run.state is not MassState.RUNNING:
                return
            tx.mass_licenses.prepare()
            if run.cursor and tx.mass_licenses.end_of_chunk(run, 0, 1) is not None:
                tx.mass_runs.go_to(run.number, 0)  # changed or registered meanwhile
                return
            tx.mass_runs.move(run.number, MassState.DONE, self._by.now())
        _log.info("mass.done", run=run.number, issued=run.issued, failed=run.failed)

    def _publish(self, tx: Transaction) -> None:
        if time.monotonic() - self._published >= _PUBLISH_SECONDS:
            self._published = time.monotonic()
            tx.events.wake()


class _Here:
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


class _Processes:
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
def _makers(by: Making, run: MassRun) -> Iterator[_Here | _Processes]:
    """What does the chunks of a run, for its time."""
    here = by.processes == 0 or run.wanted < LARGE
    makers = _Here(by, run) if here else _Processes(by, run)
    try:
        yield makers
    finally:
        makers.close()


_maker: ChunkMaker | None = None
"""Of this process, if it is one of `_Processes`."""


def _prepare(database_url: str, open_ring: OpenRing) -> None:
    """In each process: Ctrl-C is its parent's to hear, whose end, however it comes, is its own."""
    global _maker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    store = Store(database_url, 2)
    store.open()
    _maker = ChunkMaker(store, open_ring)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _do(run: MassRun, number: int, now: datetime) -> Done:
    if _maker is None:
        raise AssertionError("the process was not prepared")
    return _maker.do(run, number, now)
