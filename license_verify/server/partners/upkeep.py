"""The thread that keeps a node and the database told of each other: partners in, use out."""

import threading
from datetime import date
from typing import Final, Protocol

import structlog

from license_verify.refusal import Refusal
from license_verify.rpc.scrub import describe
from license_verify.server.partners.directory import Directory
from license_verify.server.partners.meter import Meters
from license_verify.server.partners.seen import Seen, Sighting

SECONDS: Final = 1.0
"""Between two rounds: so long an act on a partner may take to reach a node, and a check to count
at the others."""
_log = structlog.stdlib.get_logger()


class Tables(Protocol):
    """What is told to the database; `database.directory.DirectoryTables` has it."""

    def keep_seen(self, sightings: list[Sighting]) -> None:
        """Put down which certificates were used."""

    def count(self, partner_id: str, day: date, count: int) -> int:
        """Add checks to a partner's day; the sum of all nodes."""


class Upkeep:
    """A round every second. The database away is told once, and waited for."""

    def __init__(
        self,
        directory: Directory,
        tables: Tables,
        meters: Meters,
        seen: Seen,
        seconds: float = SECONDS,
    ) -> None:
        self._directory = directory
        self._tables = tables
        self._meters = meters
        self._seen = seen
        self._seconds = seconds
        self._stop = threading.Event()
        self._away = False
        self._thread = threading.Thread(target=self._run, name="partners", daemon=True)

    def start(self) -> None:
        """Do the first round now, so that a node that serves knows its partners; then go on."""
        self._directory.load()
        self._round()
        self._thread.start()

    def stop(self) -> None:
        """Do a last round, so that what was used here is told, and end."""
        self._stop.set()
        self._thread.join()
        self._round()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self._round()

    def _round(self) -> None:
        try:
            self._directory.refresh()
            self._tell_counts()
            self._tell_seen()
        except Refusal as error:
            if not self._away:
                _log.warning("partners.database_away", reason=error.reason)
            self._away = True
        except Exception as error:  # the thread must live: without it no act reaches this node
            _log.exception("partners.bug", **describe(error))
        else:
            if self._away:
                _log.info("partners.database_back")
            self._away = False

    def _tell_counts(self) -> None:
        for partner_id, meter in self._meters.each():
            unsent = meter.unsent()
            if unsent is not None:
                day, count = unsent
                meter.sent(day, count, self._tables.count(partner_id, day, count))

    def _tell_seen(self) -> None:
        noted = self._seen.take()
        if not noted:
            return
        try:
            self._tables.keep_seen(noted)
        except Refusal:
            self._seen.put_back(noted)
            raise
