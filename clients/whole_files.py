"""Files that a command writes: whole or not at all, and named where they can't be written."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def naming(file: Path | str) -> Iterator[None]:
    """Say of which file it is what the system refuses: at a write and a close it does not tell.

    Raises:
        OSError: as it came, with the name.
    """
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error


def write_whole(file: Path, content: bytes) -> None:
    """Put a file in the place of another, whole; a device or a pipe is written to as it is, and a
    link stays: what it names is replaced.

    Raises:
        OSError: it can't be, with the file's name; what was there before stays.
    """
    with naming(file):
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if file.exists() and not file.is_file():
            file.write_bytes(content)
            return
        place = Path(os.path.realpath(file))
        new = place.with_name(f".{place.name}.new")
        try:
            new.write_bytes(content)
            new.replace(place)
        except OSError:
            new.unlink(missing_ok=True)
            raise
