"""Files that are written whole or not at all."""

import errno
import os
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Put a file in the place of another, whole; a device or a pipe is written to as it is, and a
    link stays: what it names is replaced.

    Raises:
        OSError: it can't be; what was there before stays.
    """
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    if file.exists() and not file.is_file():
        file.write_bytes(content)
        return
    place = Path(os.path.realpath(file))
    new = place.with_name(f".{place.name}.new")
    try:
        new.write_bytes(content)
        new.replace(place)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(file)) from error
