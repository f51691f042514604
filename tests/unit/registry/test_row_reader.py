"""Reading on every core gives what reading right here gives, and leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

from clients.sample import city
from registry_service.domain.import_run import ImportKind, ImportRun, RunState
from registry_service.operations.import_rows import Fields
from registry_service.operations.row_reader import LARGE, RowReader

TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, tzinfo=UTC)
RUN = ImportRun(
    number=3,
    kind=ImportKind.ENTITIES,
    state=RunState.LOADING,
    source="provincial",
    file_name="file.csv",
    rows=500,
    loaded=0,
    dry_run=False,
    staff_no="0001",
    staff_name="钱守信",
    unit=1,
    workload="spiffe://t/staff/0001",
    started_at=NOW,
    updated_at=NOW,
)
ROWS = [
    Fields(place, place + 1, {name: text for name, text in row.items() if text}, None)
    for place, row in enumerate(islice(city(500, seed=4), 500), 1)
]
_HANGING = """
import os, sys, time
from tests.unit.registry.test_row_reader import ROWS, RUN, TODAY, LARGE, RowReader, replace
reader = RowReader()
list(reader.read(ROWS, replace(RUN, rows=LARGE), TODAY, 0).rows)
print(" ".join(str(process.pid) for process in reader._pool._processes.values()), flush=True)
time.sleep(600)
"""


def test_large_files_are_read_the_same_on_every_core() -> None:
    here, everywhere = RowReader(), RowReader()
    try:
        small = here.read(ROWS, RUN, TODAY, 1000)
        large = everywhere.read(ROWS, replace(RUN, rows=LARGE), TODAY, 1000)
        rows = list(small.rows)
        assert list(large.rows) == rows
    finally:
        everywhere.close()
    assert small.remarks == large.remarks != []
    ordinals = [row[2] for row in rows]
    assert ordinals == sorted(ordinals)
    assert ordinals[0] > 1000


def test_what_a_killed_process_read_is_read_again() -> None:
    reader = RowReader()
    try:
        reading = reader.read(ROWS, replace(RUN, rows=LARGE), TODAY, 1000)
        assert reader._pool is not None
        for process in list(reader._pool._processes.values()):
            process.kill()
        rows = list(reading.rows)
        again = list(reader.read(ROWS, replace(RUN, rows=LARGE), TODAY, 1000).rows)
    finally:
        reader.close()
    assert rows == again == list(RowReader().read(ROWS, RUN, TODAY, 1000).rows)


def test_its_processes_end_with_their_parent_even_if_it_is_killed() -> None:
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", _HANGING], env=environ, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        children = [int(word) for word in parent.stdout.readline().split()]
        assert children
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any(_lives(child) for child in children):
        assert time.monotonic() < deadline, children
        time.sleep(0.05)  # the kernel tells nobody but a parent when a process ends


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
