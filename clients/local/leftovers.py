"""Processes that a killed `yizhao up` left behind."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from clients.local.services import MARK

_PROCESSES: Final = Path("/proc")
_PATIENCE_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.05


def clear(folder: Path) -> list[int]:
    """End the services of this instance folder that have lost their parent; returns their pids.

    The caller holds the instance's lock, so none of them can be wanted. Where the system has no
    /proc nothing is found, and a port that is still in use gets its own error.
    """
    found = marked(folder)
    _signal(found, signal.SIGTERM)
    end = time.monotonic() + _PATIENCE_SECONDS
    while marked(folder) and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
    _signal(marked(folder), signal.SIGKILL)
    return sorted(found)


def marked(folder: Path) -> set[int]:
    """Living processes, other than this one, that carry our mark for this folder."""
    mark = f"{MARK}={folder}".encode()
    found: set[int] = set()
    if not _PROCESSES.is_dir():
        return found
    for entry in _PROCESSES.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):  # gone meanwhile, or somebody else's
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.add(int(entry.name))
    return found


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
