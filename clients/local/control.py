"""Words to a running `yizhao up`: a FIFO in the instance folder."""

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Final

_POLL_SECONDS: Final = 0.05


class NobodyListens(Exception):
    """No `yizhao up` runs in the folder."""


def listen(fifo: Path, heard: "SimpleQueue[str]") -> None:
    """Make the FIFO; each line written to it goes into `heard` until the process ends."""
    fifo.unlink(missing_ok=True)
    os.mkfifo(fifo, 0o600)
    # Read and write: so it never comes to its end when a writer closes it.
    stream = os.fdopen(os.open(fifo, os.O_RDWR), "rb", buffering=0)

    def read() -> None:
        while line := stream.readline():
            heard.put(line.decode(errors="replace").strip())

    threading.Thread(target=read, daemon=True).start()


def tell(fifo: Path, words: str) -> None:
    """Write a line.

    Raises:
        NobodyListens: nobody reads there.
    """
    try:
        descriptor = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENXIO):
            raise NobodyListens(str(fifo)) from None
        raise
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(f"{words}\n".encode())


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask `condition` again and again, until it holds or the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(_POLL_SECONDS)
    return False
