"""Reading a file's rows: a large file's on every core, in processes of their own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from typing import Any, Final

from registry_service.domain.import_row import read_row
from registry_service.domain.import_run import ImportRun, Remark
from registry_service.operations.import_rows import Fields
from registry_service.store.import_entities import staged_row

LARGE: Final = 20_000
"""Rows from which a file is worth the second that the processes take to start."""

Read = tuple[list[tuple[Any, ...]], list[Remark]]
"""Rows as they are staged, and what is to be said of rows."""


def read_entities(
    rows: Sequence[Fields], run_no: int, source: str, today: date, before: int
) -> Read:
    """Read rows of entities; `before` rows of the file came earlier than their part."""
    staged, remarks = list[tuple[Any, ...]](), list[Remark]()
    for row in rows:
        read = read_row(row.line, row.values, source, today, row.mends)
        remarks += read.rejects or read.warnings
        if not read.rejects:
            staged.append(staged_row(run_no, before + row.place, read))
    return staged, remarks


class RowReader:
    """Reads right here, or with a process for each core; those end with the file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def read(self, rows: Sequence[Fields], run: ImportRun, today: date, before: int) -> Read:
        """Read the next rows of a file, in order."""
        given = (run.number, run.source, today, before)
        if run.rows < LARGE:
            return read_entities(rows, *given)
        share = -(-len(rows) // _cores()) or 1
        slices = [rows[start : start + share] for start in range(0, len(rows), share)]
        try:
            pool = self._started()
            reading = [pool.submit(read_entities, part, *given) for part in slices]
            parts = [future.result() for future in reading]
        except (BrokenProcessPool, RuntimeError):  # a process was killed, or another file ended
            self.close()
            return read_entities(rows, *given)
        return [row for staged, _ in parts for row in staged], [
            r for _, told in parts for r in told
        ]

    def close(self) -> None:
        """End the processes, each after what it is at."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False)

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                # Not forked: gRPC's threads hold locks that nobody would ever release in a child.
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(_cores(), context, _begin)
            return self._pool


def _cores() -> int:
    return os.cpu_count() or 1


def _begin() -> None:
    """In each process: Ctrl-C is its parent's to hear, whose end, however it comes, is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
