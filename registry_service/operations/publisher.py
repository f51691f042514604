"""The publishing thread: wakes on every event, and every few seconds for freshness."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from license_verify.rpc.scrub import describe
from registry_service.domain.errors import DatabaseUnavailable, SignerUnavailable
from registry_service.issuing.signer import KeyRing
from registry_service.operations.newest import Newest
from registry_service.operations.publish import Edition, Press
from registry_service.store.publishing import Publishing, publishing
from registry_service.store.transaction import Store

RENEW_AFTER: Final = timedelta(seconds=5)
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
    ) -> None:
        """Prepare; nothing is read or signed before `start` or `publish`."""
        self._store = store
        self._now = now
        self._renew_after = renew_after
        self._press = Press(ring, renew_after)
        self._one_pass = threading.Lock()
        self._arrived = threading.Condition()
        self._edition: Edition | None = None
        self.newest = Newest()
        """The last number of the feed; every pass tells it."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def edition(self) -> Edition:
        """The newest edition that this process knows.

        Raises:
            SignerUnavailable: none was made yet.
        """
        if self._edition is None:
            raise SignerUnavailable("nothing is published yet", zh="尚未发布任何数据")
        return self._edition

    def wait_for(self, enough: Callable[[Edition], bool], seconds: float) -> Edition | None:
        """Wait for an edition that is enough; None if none came in time."""
        with self._arrived:
            self._arrived.wait_for(
                lambda: self._edition is not None and enough(self._edition), seconds
            )
            found = self._edition
        return found if found is not None and enough(found) else None

    def start(self) -> None:
        """Publish once, then go on in the background.

        Raises:
            SignerUnavailable, DatabaseUnavailable: the first edition could not be made.
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
        """
        with self._one_pass:
            try:
                with database.only_publisher() as tx:
                    edition = self._press.run(tx, self._now())
            except BaseException as error:
                self._press.forget()
                if isinstance(error, SignerUnavailable):
                    self._number_events(database)
                raise
            self._press.committed(edition)
        with self._arrived:
            self._edition = edition
            self._arrived.notify_all()
        self.newest.tell(edition.watermark)
        return edition

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
            except (DatabaseUnavailable, SignerUnavailable) as error:
                _log.warning("publisher.waits", reason=error.reason)
                self._stopping.wait(_RETRY_SECONDS)
            except Exception as error:
                # Whatever it was: a publisher that ends silently would let all data grow stale.
                _log.error("publisher.bug", **describe(error))
                self._stopping.wait(_RETRY_SECONDS)

    def _wait(self, database: Publishing) -> None:
        """Until an event is committed, the manifest has aged, or the thread is to stop."""
        waited = 0.0
        while waited < self._renew_after.total_seconds() and not self._stopping.is_set():
            if database.heard(_STOP_CHECK_SECONDS):
                return
            waited += _STOP_CHECK_SECONDS
