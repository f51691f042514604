"""Reading a file's rows: a large file's on every core, in processes of their own."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from registry_service.domain.import_row import read_row
from registry_service.domain.import_run import ImportRun, Remark
from registry_service.operations.import_rows import Fields
from registry_service.operations.own_process import end_with_parent
from registry_service.store.import_entities import staged_row

_SLICE: Final = 250
"""Rows that one process reads at a time: small, so that the first can be stored soon."""
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


@dataclass
class Reading:
    """Rows that are being read; what is to be said of them is whole once all were taken."""

    rows: Iterator[tuple[Any, ...]]
    remarks: list[Remark]


class RowReader:
    """Reads right here, or with a process for each core; those end with the file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def read(self, rows: Sequence[Fields], run: ImportRun, today: date, before: int) -> Reading:
        """Read the next rows of a file; they come in order, the first while others are read."""
        given = (run.number, run.source, today, before)
        if run.rows < LARGE:
            staged, remarks = read_entities(rows, *given)
            return Reading(iter(staged), remarks)
        slices = [rows[start : start + _SLICE] for start in range(0, len(rows), _SLICE)]
        reading = [(part, self._begin(part, *given)) for part in slices]
        told = list[Remark]()
        return Reading(_taken(reading, given, told), told)

    def _begin(
        self, part: Sequence[Fields], run_no: int, source: str, today: date, before: int
    ) -> "Future[Read] | None":
        try:
            return self._started().submit(read_entities, part, run_no, source, today, before)
        except RuntimeError:  # the processes broke, or end with another file
            self.close()
            return None

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
                self._pool = ProcessPoolExecutor(os.cpu_count(), context, end_with_parent)
            return self._pool


def _taken(
    reading: "list[tuple[Sequence[Fields], Future[Read] | None]]",
    given: tuple[int, str, date, int],
    told: list[Remark],
) -> Iterator[tuple[Any, ...]]:
    """Rows of each slice in order; a slice whose process was killed is read right here."""
    for part, future in reading:
        try:
            staged, remarks = future.result() if future else read_entities(part, *given)
        except BrokenProcessPool:
            staged, remarks = read_entities(part, *given)
        told += remarks
        yield from staged
