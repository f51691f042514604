"""One `yizhao up` in a folder: a lock that the kernel drops with the process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_LOCKS: Final = Path("/proc/locks")


class Held(Exception):
    """Another process runs in the folder."""


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the folder's lock.

    Raises:
        Held: another process holds it.
    """
    with (folder / "lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(str(folder)) from None
        yield


def is_held(folder: Path) -> bool:
    """Whether another process runs in the folder; true until its last child is stopped."""
    try:
        with hold(folder):
            return False
    except Held:
        return True


def holder(folder: Path) -> int | None:
    """Process number of who holds the folder's lock, without trying to take it.

    None where nobody does, and where the system has no /proc/locks to tell.
    """
    try:
        own = (folder / "lock").stat()
        lines = _LOCKS.read_text("ascii").splitlines()
    except OSError:
        return None
    wanted = f"{os.major(own.st_dev):02x}:{os.minor(own.st_dev):02x}:{own.st_ino}"
    for words in map(str.split, lines):  # "1: FLOCK ADVISORY WRITE 713 fe:00:1234 0 EOF"
        if words[1:2] == ["FLOCK"] and words[5:6] == [wanted]:
            return int(words[4])
    return None


def runs(folder: Path, pid: int) -> bool:
    """Whether that process is the one that works in the folder, without trying to take its lock."""
    if _LOCKS.exists():
        return holder(folder) == pid
    with suppress(PermissionError):  # somebody else's, so alive
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
