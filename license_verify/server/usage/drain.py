"""From the journal to the database: in the background, again and again, each entry once.

An entry is forgotten only after the transaction that took it has committed. Killed between the
two, the node or its successor sends the entry again, and the database knows its id.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import psycopg
import structlog

from license_verify.refusal import Refusal
from license_verify.server.database import partitions
from license_verify.server.database.connections import Connection, Database, VerifyDatabaseAway
from license_verify.server.database.taking import take_receipts, take_scans
from license_verify.server.usage.entry import Entry, EntryDamaged, EntryKind, PageScans, Row, unpack
from license_verify.server.usage.ids import business_day
from license_verify.server.usage.journal import Journal, JournalUnwritable
from license_verify.server.usage.journal_file import PATTERN, JournalFile, Piece
from license_verify.server.usage.rows import row_in

_PAUSE_SECONDS: Final = 0.2
_BUSY_PAUSE_SECONDS: Final = 0.5
"""While much comes: a transaction costs as much as some hundred rows in it."""
_MUCH: Final = 20
"""Entries of one round."""
_LONGEST_PAUSE_SECONDS: Final = 5.0
_ADOPT_SECONDS: Final = 30.0
_AHEAD_SECONDS: Final = 3600.0
_PIECES: Final = 256
_ENTRIES: Final = 2_000
"""Of one transaction, if a piece does not hold more."""
_UNFIT: Final = (psycopg.DataError, psycopg.IntegrityError, partitions.MonthDropped)
"""What the database says of a row that it will never take."""
_WAITS: Final = (
    VerifyDatabaseAway,
    psycopg.Error,
    sqlite3.Error,
    OSError,
    Refusal,
    partitions.MonthDropped,  # this machine's clock is years behind: nothing is ready for its day
)
"""For what a round is tried again."""
_log = structlog.stdlib.get_logger()
_Told: TypeAlias = tuple[Entry, Row | PageScans]
"""An entry, and what the tables get of it."""


class _Source(Protocol):
    """A journal, living or left behind."""

    def read(self, after: int, limit: int) -> list[Piece]:
        """The oldest pieces behind a number."""

    def forget(self, seq: int) -> object:
        """Drop pieces up to a number."""

    def refuse(self, why: str, body: bytes) -> None:
        """Put aside what the database will never take."""


class Drain:
    """Empties this process's journal, and those of processes that are gone."""

    def __init__(
        self, journal: Journal, folder: Path, database: Database, before: Callable[[], None]
    ) -> None:
        """`before` is called ahead of each round: it puts down what is only counted in memory."""
        self._journal = journal
        self._folder = folder
        self._database = database
        self._before = before
        self._sent = 0
        self._trouble = ""
        self._adopt_at = 0.0
        self._ahead_at = 0.0
        self._months: set[partitions.Month] = set()
        """That have their partitions, as far as this process saw to it."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drain", daemon=True)

    @property
    def trouble(self) -> str:
        """Why the last round failed, as the name of an error; empty: it did not."""
        return self._trouble

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Send what waits, if the database takes it now, and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._round()

    def _run(self) -> None:
        pause = _PAUSE_SECONDS
        while not self._stop.wait(pause):
            waiting = self._journal.backlog.entries
            if not self._round():
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                pause = _BUSY_PAUSE_SECONDS if waiting >= _MUCH else _PAUSE_SECONDS

    def _round(self) -> bool:
        """Send all there is; False if the database did not take it."""
        try:
            with suppress(JournalUnwritable):  # a full journal must be emptied all the more
                self._before()
            self._stand_ready()
            self._sent = self._empty(self._journal, self._sent, self._journal.backlog.entries)
            self._adopt()
        except _WAITS as error:
            name = _name(error)
            if name != self._trouble:
                _log.warning("drain.waits", why=name, waiting=self._journal.backlog.entries)
            self._trouble = name
            return False
        except Exception as error:  # a bug must not end the thread: what waits is on the disk
            if not self._trouble:
                _log.exception("drain.bug")
            self._trouble = type(error).__name__
            return False
        if self._trouble:
            _log.info("drain.goes_on")
        self._trouble = ""
        return True

    def _stand_ready(self) -> None:
        """Have partitions for the months to come."""
        if time.monotonic() < self._ahead_at:
            return
        ahead = partitions.ahead(business_day(datetime.now(UTC)))
        with self._database.transaction() as connection:
            made = partitions.make(connection, ahead)
        self._months.update(ahead)
        if made:
            _log.info("drain.partitions_made", names=made)
        self._ahead_at = time.monotonic() + _AHEAD_SECONDS

    def _adopt(self) -> None:
        """Empty what processes left that are gone."""
        if time.monotonic() < self._adopt_at:
            return
        for path in sorted(self._folder.glob(PATTERN)):
            try:
                left = JournalFile.left_behind(path)
            except (sqlite3.Error, OSError) as error:  # the others are not to wait for it
                _log.error("drain.journal_unreadable", file=path.name, why=str(error))
                continue
            if left is not None:
                self._take_over(left)
        self._adopt_at = time.monotonic() + _ADOPT_SECONDS

    def _take_over(self, left: JournalFile) -> None:
        try:
            entries, _ = left.size()
            self._empty(left, 0, entries)
            if entries:
                _log.info("drain.adopted", file=left.path.name, entries=entries)
        finally:
            left.close()

    def _empty(self, source: _Source, after: int, waiting: int) -> int:
        """Send so many entries, those that are there now; the number of the last piece sent.

        What comes meanwhile is left to the next round: under load there would be no end of small
        transactions.
        """
        while waiting > 0 and (pieces := _some(source.read(after, _PIECES))):
            self._send([row for piece in pieces for row in _rows_of(piece, source)], source)
            after = pieces[-1].seq
            source.forget(after)
            waiting -= sum(piece.entries for piece in pieces)
        return after

    def _send(self, rows: list[_Told], source: _Source) -> None:
        try:
            self._take(rows)
        except _UNFIT:  # one of them the database will never take: find it
            self._months.clear()  # or a partition is gone that was there
            for row in rows:
                try:
                    self._take([row])
                except _UNFIT as error:
                    _put_aside(source, type(error).__name__, row[0].packed())

    def _take(self, rows: list[_Told]) -> None:
        receipts = [told for _, told in rows if isinstance(told, Row)]
        scans = [told for _, told in rows if isinstance(told, PageScans)]
        months = {partitions.Month.of(day) for day in {told.day for _, told in rows}}
        with self._database.transaction() as connection:
            self._have(connection, months)
            take_receipts(connection, receipts)
            take_scans(connection, scans)
        self._months |= months

    def _have(self, connection: Connection, months: set[partitions.Month]) -> None:
        """Partitions for what comes late, or from a clock that jumped."""
        if late := months - self._months:
            made = partitions.make(connection, late)
            if made:
                _log.warning("drain.late_partitions_made", names=made)


def _rows_of(piece: Piece, source: _Source) -> Iterator[_Told]:
    """What a piece says; what can't be read is put aside."""
    try:
        entries = piece.known or unpack(piece.body)
    except EntryDamaged as error:
        _put_aside(source, str(error), piece.body)
        return
    for entry in entries:
        try:
            yield entry, _told_of(entry)
        except EntryDamaged as error:
            _put_aside(source, str(error), entry.packed())


def _told_of(entry: Entry) -> Row | PageScans:
    if entry.kind is EntryKind.PAGE:
        return PageScans.of(entry)
    return row_in(entry) if entry.row is None else entry.row


def _put_aside(source: _Source, why: str, body: bytes) -> None:
    _log.error("drain.refused", why=why, bytes=len(body))
    source.refuse(why, body)


def _name(error: Exception) -> str:
    if isinstance(error, VerifyDatabaseAway):
        return error.metadata["cause"]
    return error.reason if isinstance(error, Refusal) else type(error).__name__


def _some(pieces: list[Piece]) -> list[Piece]:
    """As many of them as make one transaction: one at least."""
    chosen: list[Piece] = []
    entries = 0
    for piece in pieces:
        if chosen and entries + piece.entries > _ENTRIES:
            break
        chosen.append(piece)
        entries += piece.entries
    return chosen
