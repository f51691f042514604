"""Files that a command writes: whole or not at all, and named where they can't be written."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
        raise OSError(error.errno, error.strerror or str(error), str(file)) from error


def write_whole(file: Path, content: bytes) -> None:
    """Put a file in the place of another, whole, with its owner and permissions; a device or
    a pipe is written to as it is, and a link stays: what it names is replaced.

    Of several that write one file at once the last stays, whole.

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
        new = place.with_name(f".{secrets.token_hex(8)}.new")  # of its own: others may write too
        before = place.stat() if place.exists() else None
        try:
            _write_new(new, content, before)
            new.replace(place)
        except OSError:
            new.unlink(missing_ok=True)
            raise


def _write_new(file: Path, content: bytes, before: os.stat_result | None) -> None:
    """Write a file that was not there, for those who could read the one that it replaces."""
    mode = 0o666 if before is None else 0o600
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as written:
        if before is not None:
            with suppress(PermissionError):  # root alone gives files away
                os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
        written.write(content)
