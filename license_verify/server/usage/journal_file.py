"""A journal's file: SQLite in WAL mode, each commit on the disk before it returns."""

import errno
import fcntl
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

import structlog

from license_verify.server.usage.entry import Entry

PATTERN: Final = "usage-*.journal"
"""Names of the files in their folder."""
_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS piece (
        seq integer PRIMARY KEY, -- given by the one process that writes, and never twice
        at integer NOT NULL, -- when, milliseconds since 1970
        entries integer NOT NULL,
        body blob NOT NULL
    );
    -- What the database would not take, for people to look at; counted nowhere.
    CREATE TABLE IF NOT EXISTS refused (
        at integer NOT NULL, why text NOT NULL, body blob NOT NULL
    );
    CREATE INDEX IF NOT EXISTS refused_body ON refused (body);
"""
_ADD: Final = "INSERT INTO piece (seq, at, entries, body) VALUES (?, ?, ?, ?)"
_READ: Final = "SELECT seq, entries, body FROM piece WHERE seq > ? ORDER BY seq LIMIT ?"
_SIZE: Final = "SELECT coalesce(sum(entries), 0), coalesce(sum(length(body)), 0) FROM piece"
_SIZE_UP_TO: Final = _SIZE + " WHERE seq <= ?"
_OLDEST: Final = "SELECT at FROM piece ORDER BY seq LIMIT 1"
_LAST: Final = "SELECT coalesce(max(seq), 0) FROM piece"
_FORGET: Final = "DELETE FROM piece WHERE seq <= ?"
# Killed before the piece was forgotten, a process sets the same aside again.
_REFUSE: Final = """
    INSERT INTO refused (at, why, body)
    SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM refused WHERE body = ?3)
"""
_REFUSED: Final = "SELECT count(*) FROM refused"
_BUSY_MS: Final = 5_000
_FREE_PAGES: Final = 4096
"""So many empty pages are kept for what comes next; more go back to the disk."""
_RESERVE: Final = 64 << 20
"""Bytes of the disk that no piece takes: to forget what was sent takes room in the log first."""
_SIDES: Final = ("", "-wal", "-shm")
_log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True)
class Piece:
    """What one commit wrote: the entries of all who waited for it."""

    seq: int
    entries: int
    body: bytes
    known: tuple[Entry, ...] = ()
    """The entries, while the process that wrote them remembers; empty: read the body."""


class JournalFile:
    """One file, held by one process at a time: a lock beside it tells whether its process lives."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock
        self._writer = self._connect()
        self._writer.executescript(_SCHEMA)
        self._reader = self._connect()
        (self._last,) = self._reader.execute(_LAST).fetchone()
        """Number of the last piece; SQLite's own counting takes a page more for each."""

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new file of this process.

        Raises:
            OSError, sqlite3.Error: the folder can't be written.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"usage-{uuid4().hex}.journal"
        lock = _take(path)
        assert lock is not None  # noqa: S101 - a name that nobody else has
        return cls._opened(path, lock)

    @classmethod
    def left_behind(cls, path: Path) -> Self | None:
        """A file whose process is gone, this process's from now on; None: it is somebody's.

        Raises:
            OSError, sqlite3.Error: it can't be read.
        """
        lock = _take(path)
        if lock is None:
            return None
        if not path.exists():  # its last holder removed it before our lock
            os.close(lock)
            _lock_path(path).unlink(missing_ok=True)
            return None
        return cls._opened(path, lock)

    @classmethod
    def _opened(cls, path: Path, lock: int) -> Self:
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            return cls(path, lock)
        except BaseException:
            os.close(lock)
            raise

    def add(self, entries: int, body: bytes) -> int:
        """Write a piece and give its number; it is on the disk when this returns.

        Raises:
            OSError, sqlite3.Error: it is not, and nothing of it will be.
        """
        if self.cramped:
            raise OSError(errno.ENOSPC, "less than 64 MiB are left on it")
        seq: int = self._last + 1
        self._writer.execute(_ADD, (seq, int(time.time() * 1000), entries, body))
        self._last = seq
        return seq

    def read(self, after: int, limit: int) -> list[Piece]:
        """The oldest pieces behind a number."""
        return [Piece(*row) for row in self._reader.execute(_READ, (after, limit))]

    def forget(self, seq: int) -> tuple[int, int]:
        """Drop pieces up to a number, as the database has them: how many entries, and their bytes.

        Raises:
            sqlite3.Error: none was dropped.
        """
        entries, size = self._writer.execute(_SIZE_UP_TO, (seq,)).fetchone()
        self._writer.execute(_FORGET, (seq,))
        try:
            self._shrink()
        except (OSError, sqlite3.Error) as error:  # they are dropped all the same
            _log.warning("journal.not_shrunk", why=str(error))
        return entries, size

    def _shrink(self) -> None:
        """Give back to the disk what is empty, if that is much or the disk needs it."""
        cramped = self.cramped
        (free,) = self._writer.execute("PRAGMA freelist_count").fetchone()
        if free > _FREE_PAGES or cramped:
            self._writer.execute("PRAGMA incremental_vacuum").fetchall()
        if cramped:  # the file gets shorter when the log is written back, not before
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def refuse(self, why: str, body: bytes) -> None:
        """Put an entry aside that the database would not take."""
        self._writer.execute(_REFUSE, (int(time.time() * 1000), why, body))

    def size(self) -> tuple[int, int]:
        """Entries that wait, and their bytes."""
        entries, size = self._reader.execute(_SIZE).fetchone()
        return entries, size

    def refused(self) -> int:
        """Entries put aside."""
        count: int = self._reader.execute(_REFUSED).fetchone()[0]
        return count

    def oldest(self) -> int | None:
        """When the oldest piece was written, milliseconds since 1970; None: nothing waits."""
        row = self._reader.execute(_OLDEST).fetchone()
        return row[0] if row else None

    @property
    def cramped(self) -> bool:
        """Whether the disk is so full that another piece could leave no room to forget.

        Raises:
            OSError: the file is gone, or its disk.
        """
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize < _RESERVE

    def close(self) -> None:
        """Let go of it; an empty file is removed."""
        empty = self.oldest() is None and not self.refused()
        self._reader.close()
        self._writer.close()
        if empty:
            for side in _SIDES:
                Path(f"{self.path}{side}").unlink(missing_ok=True)
            _lock_path(self.path).unlink(missing_ok=True)
        os.close(self._lock)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000
        )
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Else what is forgotten is written once more, as zeros: as much as when it came.
        connection.execute("PRAGMA secure_delete = FAST")
        return connection


def _lock_path(path: Path) -> Path:
    return path.with_suffix(".lock")


def _take(path: Path) -> int | None:
    """The lock of a journal, or None if a living process has it.

    It is a file of its own: SQLite loses its own locks when any descriptor of its file is closed.
    """
    lock = os.open(_lock_path(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
