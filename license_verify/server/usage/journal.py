"""The node's journal: what was answered is on this disk before the answer leaves.

Entries stay until the database has them.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from license_verify.refusal import Kind, Refusal
from license_verify.server.usage.entry import Entry, pack
from license_verify.server.usage.journal_file import JournalFile, Piece

DURABLE_SECONDS: Final = 10.0
"""A disk that takes longer counts as unwritable."""
SILENT: Final = "the disk does not answer"
_REMEMBERED: Final = 10_000
"""Entries that are kept in memory too until the database has them, about 1.5 KB each."""
_log = structlog.stdlib.get_logger()


class JournalUnwritable(Refusal):
    """The verdict could not be put down, so it is not given: another node may."""

    kind = Kind.UNAVAILABLE
    reason = "JOURNAL_UNWRITABLE"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a journal for the database."""

    entries: int
    bytes: int
    age_seconds: float
    """Of the oldest entry; 0: none waits."""


class Journal:
    """This process's journal, for any thread."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """Open a new file in the folder, at most so many bytes of entries in it.

        Raises:
            OSError, sqlite3.Error: the folder can't be written.
        """
        self._file = JournalFile.create(folder)
        self._most_bytes = most_bytes
        self._entries = 0
        self._bytes = 0
        self._full = False
        """Whether what came last found no room."""
        self._since: float | None = None
        """When the oldest piece was written, by `time.time()`."""
        self._recent: deque[Piece] = deque()
        """What was written last, in order: read back from here, it need not be taken apart."""
        self._remembered = 0
        """Entries in them."""
        self._closed = False
        self._writing = threading.Lock()
        """Over the file and what is known of it."""

    @property
    def path(self) -> Path:
        """Of the file."""
        return self._file.path

    @property
    def backlog(self) -> Backlog:
        """What waits now."""
        since = self._since
        age = 0.0 if since is None else max(0.0, time.time() - since)
        return Backlog(self._entries, self._bytes, age)

    @property
    def takes(self) -> bool:
        """Whether there is room for more, in the journal and on its disk."""
        try:
            return not (self._full or self._file.cramped)
        except OSError:
            return False

    def append(self, entries: Sequence[Entry]) -> None:
        """Put entries down in one commit; they are on the disk when this returns.

        Raises:
            JournalUnwritable: they are not: the disk is full or broken, or the database was away
                for so long that the journal is full.
        """
        body = pack(entries)
        self._full = self._bytes + len(body) > self._most_bytes
        if self._full:
            raise unwritable("it is full: the database has not answered for too long")
        if not self._writing.acquire(timeout=DURABLE_SECONDS):
            raise unwritable(SILENT)
        try:
            if self._closed:
                raise unwritable("this node is stopping")
            self._commit(body, tuple(entries))
        finally:
            self._writing.release()

    def read(self, after: int, limit: int) -> list[Piece]:
        """The oldest pieces behind a number: those remembered, or else from the file."""
        found: list[Piece] = []
        for piece in tuple(self._recent):
            if piece.seq == after + len(found) + 1 and len(found) < limit:
                found.append(piece)
        return found or self._file.read(after, limit)

    def forget(self, seq: int) -> None:
        """Drop pieces up to a number."""
        with self._writing:
            self._drop(seq)

    def refuse(self, why: str, body: bytes) -> None:
        """Put an entry aside that the database would not take."""
        with self._writing:
            self._file.refuse(why, body)

    def refused(self) -> int:
        """Entries put aside."""
        return self._file.refused()

    def close(self) -> None:
        """Let go of the file; what the database has not stays in it."""
        with self._writing:
            self._closed = True
            self._file.close()

    def _commit(self, body: bytes, entries: tuple[Entry, ...]) -> None:
        try:
            seq = self._file.add(len(entries), body)
        except (OSError, sqlite3.Error) as error:
            _log.error("journal.unwritable", why=str(error))
            why = error.strerror if isinstance(error, OSError) else error  # without the path
            raise unwritable(f"the disk refuses it: {why}") from None
        self._remember(Piece(seq, len(entries), body, entries))
        self._entries += len(entries)
        self._bytes += len(body)
        if self._since is None:
            self._since = time.time()

    def _remember(self, piece: Piece) -> None:
        # With the database away what comes later is left to the file: the oldest is sent first.
        if self._remembered + piece.entries <= _REMEMBERED:
            self._recent.append(piece)
            self._remembered += piece.entries

    def _drop(self, seq: int) -> None:
        while self._recent and self._recent[0].seq <= seq:
            self._remembered -= self._recent.popleft().entries
        try:
            entries, size = self._file.forget(seq)
            self._entries -= entries
            self._bytes -= size
            self._full = False
            oldest = self._file.oldest()
            self._since = None if oldest is None else oldest / 1000
        except sqlite3.Error as error:  # they come again, and the database knows them
            _log.warning("journal.not_forgotten", why=str(error))


def unwritable(why: str) -> JournalUnwritable:
    """Why nothing was put down."""
    return JournalUnwritable(
        f"the verdict could not be put down in this node's journal, so it is not given: {why};"
        " ask another node, or try again",
        zh="本核验节点暂时无法记录核验日志，未出具核验结果，请稍后重试",
        why=why,
    )
