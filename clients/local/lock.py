"""One `yizhao up` in a folder: a lock that the kernel drops with the process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
