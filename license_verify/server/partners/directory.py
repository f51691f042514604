"""The partners that this node knows: read from the database, kept on disk, asked for in memory."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

import structlog

from license_verify.refusal import Refusal
from license_verify.rpc.scrub import describe
from license_verify.server.files import write_whole
from license_verify.server.partners.errors import unavailable
from license_verify.server.partners.snapshot import Edition, Snapshot

FILE: Final = "partners.json"
_log = structlog.stdlib.get_logger()


class Tables(Protocol):
    """What is asked of the database; `database.directory.DirectoryTables` has it."""

    def edition(self) -> Edition:
        """What every change changes."""

    def snapshot(self) -> Snapshot:
        """Everything, as of one moment."""


class Directory:
    """Asks the database for its edition every second or so, and for the rest when it is another.

    With the database away it answers by what it knew last, also after a restart; it never knows
    more than the database once said.
    """

    def __init__(self, tables: Tables, folder: Path, *, writes: bool) -> None:
        """`writes` is of one process of a folder alone; the others only read when they start."""
        self._tables = tables
        self._file = folder / FILE
        self._writes = writes
        self._turn = threading.Lock()
        self._known: Snapshot | None = None
        self._answered_at: datetime | None = None

    def current(self) -> Snapshot:
        """What is known now.

        Raises:
            PartnersUnavailable: the database never answered this node, and nothing good is kept.
        """
        known = self._known
        if known is None:
            raise unavailable()
        return known

    @property
    def answered_at(self) -> datetime | None:
        """When the database answered last; None: never since the start."""
        return self._answered_at

    def load(self) -> None:
        """Take what the file holds; the database goes before it.

        A damaged file is told of and not used.
        """
        try:
            kept = Snapshot.from_bytes(self._file.read_bytes())
        except FileNotFoundError:
            return
        except (Refusal, ValueError, KeyError) as error:
            _log.error("partners.file_damaged", file=self._file.name, **describe(error))
            return
        with self._turn:
            self._known = self._known or kept

    def refresh(self) -> None:
        """Ask the database, and take and keep what changed.

        Raises:
            VerifyDatabaseAway: it does not answer; what is known stays.
        """
        with self._turn:
            known = self._known
            fresh = self._answered_at is not None
            if not fresh or known is None or known.edition != self._tables.edition():
                known = self._known = self._tables.snapshot()
                self._keep(known)
            self._answered_at = datetime.now(UTC)

    def _keep(self, known: Snapshot) -> None:
        if not self._writes:
            return
        try:
            write_whole(self._file, known.to_bytes())
        except OSError as error:  # a full disk; the node goes on from memory
            _log.error("partners.not_kept", file=self._file.name, **describe(error))
