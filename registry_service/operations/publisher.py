"""The publishing thread: wakes on every event, and every few seconds for freshness."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from license_verify.rpc.scrub import describe
from registry_service.domain.errors import DatabaseUnavailable, SignerUnavailable
from registry_service.domain.host_errors import (
    DatabaseRestored,
    HostRefusal,
    RegisterHeld,
)
from registry_service.issuing.signer import KeyRing
from registry_service.operations.editions import Editions
from registry_service.operations.newest import Newest
from registry_service.operations.publish import Edition, Press
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.store.publishing import Publishing, publishing
from registry_service.store.transaction import Store
from registry_service.waterline import Mark

RENEW_AFTER: Final = timedelta(seconds=5)
BETWEEN_SECONDS: Final = 0.1
"""From one pass to the next at least: what a burst of acts changes is published together. The
first act after a pause does not wait."""
_STOP_CHECK_SECONDS: Final = 0.25
_RETRY_SECONDS: Final = 1.0

_log = structlog.stdlib.get_logger()


class Publisher:
    """Keeps the newest edition at hand, and makes it. One for each process."""

    def __init__(
        self,
        store: Store,
        ring: KeyRing,
        now: Callable[[], datetime],
        renew_after: timedelta = RENEW_AFTER,
        guard: RestoreGuard | None = None,
        lost: Callable[[HostRefusal], None] = lambda _: None,
    ) -> None:
        """Prepare; nothing is read or signed before `start` or `publish`.

        Args:
            store: of the register.
            ring: signs what is published.
            now: the clock.
            renew_after: age at which a manifest is signed anew though nothing happened.
            guard: knows what was published from this host; without one nothing is kept of it.
            lost: told when the database went back under us; nothing is published from then on.
        """
        self._store = store
        self._now = now
        self._renew_after = renew_after
        self._press = Press(ring, renew_after)
        self._guard = guard
        self._lost = lost
        self._one_pass = threading.Lock()
        self.editions = Editions()
        """Those of late; every pass tells them."""
        self.newest = Newest()
        """The last number of the feed; every pass tells it."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def edition(self) -> Edition:
        """The newest edition that this process knows.

        Raises:
            SignerUnavailable: none was made yet.
        """
        return self.editions.newest()

    def wait_for(self, enough: Callable[[Edition], bool], seconds: float) -> Edition | None:
        """Wait for an edition that is enough; None if none came in time."""
        until = time.monotonic() + seconds
        while not enough(edition := self.editions.newest()):
            left = until - time.monotonic()
            if left <= 0:
                return None
            self.editions.numbers.wait_beyond(edition.seq, left, lambda: True)
        return edition

    def start(self) -> None:
        """Publish once, then go on in the background.

        Raises:
            SignerUnavailable, DatabaseUnavailable: the first edition could not be made.
            DatabaseRestored, RegisterHeld: none may be made.
        """
        with publishing(self._store) as database:
            self.publish(database)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after the pass it is in."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def publish(self, database: Publishing) -> Edition:
        """One pass.

        Raises:
            SignerUnavailable: a key is away; events got their numbers all the same.
            DatabaseUnavailable: nothing was published.
            DatabaseRestored: the database went back; nothing was published.
        """
        with self._one_pass:
            try:
                with database.only_publisher() as tx:
                    if self._guard is not None:
                        self._guard.require_current(tx)
                    edition = self._press.run(tx, self._now())
            except BaseException as error:
                self._press.forget()
                if isinstance(error, SignerUnavailable):
                    self._number_events(database)
                raise
            self._press.committed(edition)
            self._note(edition)
        self.editions.add(edition)
        self.newest.tell(edition.watermark)
        return edition

    def _note(self, edition: Edition) -> None:
        """Keep how far this host has published. A full disk does not stop what checkers need."""
        if self._guard is None:
            return
        try:
            self._guard.advance(Mark(edition.seq, edition.issued_at))
        except OSError as error:
            _log.error("publisher.waterline_not_written", **describe(error))

    def _number_events(self, database: Publishing) -> None:
        """Give events their numbers though nothing can be signed: readers of the feed go on."""
        with suppress(DatabaseUnavailable):
            with database.only_publisher() as tx:
                number = tx.feed.number_waiting()
            self.newest.tell(number)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with publishing(self._store) as database:
                    while not self._stopping.is_set():
                        self.publish(database)
                        self._wait(database)
            except (DatabaseRestored, RegisterHeld) as error:
                _log.error("publisher.lost", reason=error.reason)
                self._lost(error)
                return
            except (DatabaseUnavailable, SignerUnavailable) as error:
                _log.warning("publisher.waits", reason=error.reason)
                self._stopping.wait(_RETRY_SECONDS)
            except Exception as error:
                # Whatever it was: a publisher that ends silently would let all data grow stale.
                _log.error("publisher.bug", **describe(error))
                self._stopping.wait(_RETRY_SECONDS)

    def _wait(self, database: Publishing) -> None:
        """Until an event is committed, another process has published, the manifest has aged, or
        the thread is to stop."""
        passed = time.monotonic()
        until = passed + self._renew_after.total_seconds()
        while time.monotonic() < until and not self._stopping.is_set():
            if database.heard(_STOP_CHECK_SECONDS, self.edition().seq):
                self._stopping.wait(passed + BETWEEN_SECONDS - time.monotonic())
                return
