"""The engine of mass runs: chunk after chunk, on every core, from where the last one stopped."""

import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Final

import structlog

from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.mass_run import ChunkState, Done, MassRun, MassState
from registry_service.operations.background import Background
from registry_service.operations.mass_acts import ACTS_OF_CHUNK
from registry_service.operations.mass_makers import Making, making
from registry_service.store.engine import only_engine
from registry_service.store.transaction import Transaction

_LOOK_SECONDS: Final = 1.0
_RETRY_SECONDS: Final = 5.0
_PUBLISH_SECONDS: Final = 1.0
"""Licences of a run are published this often; an act of anybody else takes them along at once."""
_STOP_SECONDS: Final = 0.25
_SECONDS: Final = 120.0

_log = structlog.stdlib.get_logger()


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
    with making(by, run) as makers:
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
        to = _end_of_chunk(tx, run, run.cursor, self._by.chunk)
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
            if run.cursor and _end_of_chunk(tx, run, 0, 1) is not None:
                tx.mass_runs.go_to(run.number, 0)  # changed or registered meanwhile
                return
            tx.mass_runs.move(run.number, MassState.DONE, self._by.now())
        _log.info("mass.done", run=run.number, issued=run.issued, failed=run.failed)

    def _publish(self, tx: Transaction) -> None:
        if time.monotonic() - self._published >= _PUBLISH_SECONDS:
            self._published = time.monotonic()
            tx.events.wake()


def _end_of_chunk(tx: Transaction, run: MassRun, after: int, size: int) -> int | None:
    """Where the next chunk of so many entities ends; None if nothing is left behind `after`."""
    if run.selection.kind.listed:
        return tx.mass_entities.end_of_chunk(run.number, after, min(size, ACTS_OF_CHUNK))
    tx.mass_licenses.prepare()
    return tx.mass_licenses.end_of_chunk(run, after, size)
