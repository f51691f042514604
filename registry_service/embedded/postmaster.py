"""What a running, or a dead, postmaster left in its data folder."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from registry_service.embedded.errors import EmbeddedPostgresError

_POLL_SECONDS: Final = 0.02
_PROCESSES: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The parts we use of `postmaster.pid`."""

    pid: int
    socket_folder: Path
    ready: bool

    @classmethod
    def read(cls, data: Path) -> Self | None:
        """Read the file; None while it is absent or only half written."""
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            # Line 1 pid, 5 socket folder, 8 status: utils/pidfile.h of PostgreSQL.
            return cls(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready")
        except (FileNotFoundError, IndexError, ValueError):
            return None


def clear_leftovers(data: Path, *, patience_seconds: float = 30) -> None:
    """Make way for a new postmaster after the last one died in any manner.

    The caller holds the instance's lock, so any server here has lost its guard. PostgreSQL alone
    would stop at a `postmaster.pid` whose number now belongs to a zombie or to someone else.

    Raises:
        EmbeddedPostgresError: processes of the old server can't be ended.
    """
    if not data.exists() or not _PROCESSES.joinpath("self").exists():
        return  # without /proc we can't prove the old server dead; PostgreSQL judges itself
    old = Postmaster.read(data)
    left = _processes(data)
    if old is not None and old.pid in left:
        _signal({old.pid}, signal.SIGINT)  # a fast, clean shutdown
    left = _wait_until_gone(data, patience_seconds)
    if left:
        _signal(left, signal.SIGKILL)
        left = _wait_until_gone(data, patience_seconds)
    if left:
        raise EmbeddedPostgresError(f"old postgres processes {sorted(left)} still use {data}")
    (data / "postmaster.pid").unlink(missing_ok=True)


def _processes(data: Path) -> set[int]:
    """Living postgres processes with this data folder: each has it as working directory."""
    here = data.stat()
    found = set()
    for entry in _PROCESSES.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):  # gone meanwhile, a zombie, or not ours to look at
            cwd = (entry / "cwd").stat()
            named = (entry / "comm").read_text(encoding="utf-8", errors="replace").strip()
            if (cwd.st_dev, cwd.st_ino) == (here.st_dev, here.st_ino) and named == "postgres":
                found.add(int(entry.name))
    return found


def _wait_until_gone(data: Path, patience_seconds: float) -> set[int]:
    end = time.monotonic() + patience_seconds
    while (left := _processes(data)) and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
    return left


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
