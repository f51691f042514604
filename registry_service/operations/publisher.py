"""The publishing thread: wakes on every event, and every few seconds for freshness."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
import structlog
from psycopg.rows import dict_row

from registry_service.domain.errors import DatabaseUnavailable, SignerUnavailable
from registry_service.issuing.signer import KeyRing
from registry_service.operations.publish import Edition, Press
from registry_service.store.publication import Publication
from registry_service.store.transaction import Connection, Store, Transaction

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
        with self._connected() as connection:
            self.publish(connection)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after the pass it is in."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def publish(self, connection: Connection) -> Edition:
        """One pass, on a connection of its own in autocommit mode.

        Raises:
            SignerUnavailable: a key is away; events got their numbers all the same.
        """
        with self._one_pass:
            try:
                edition = self._pass(connection)
            except SignerUnavailable:
                self._press.forget()
                _number_events(connection)
                raise
            except BaseException:
                self._press.forget()
                raise
            self._press.committed(edition)
        with self._arrived:
            self._edition = edition
            self._arrived.notify_all()
        return edition

    def _pass(self, connection: Connection) -> Edition:
        with _only_publisher(connection), connection.transaction():
            return self._press.run(Transaction(connection), self._now())

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._connected() as connection, self._listening() as listener:
                    while not self._stopping.is_set():
                        self.publish(connection)
                        self._wait(listener)
            except (DatabaseUnavailable, SignerUnavailable, psycopg.Error) as error:
                _log.warning("publisher.failed", error=type(error).__name__)
                self._stopping.wait(_RETRY_SECONDS)

    def _wait(self, listener: "psycopg.Connection[Any]") -> None:
        """Until an event is committed, the manifest has aged, or the thread is to stop."""
        waited = 0.0
        while waited < self._renew_after.total_seconds() and not self._stopping.is_set():
            if any(listener.notifies(timeout=_STOP_CHECK_SECONDS, stop_after=1)):
                for _ in listener.notifies(timeout=0):
                    pass  # one pass serves all that have come
                return
            waited += _STOP_CHECK_SECONDS

    @contextmanager
    def _listening(self) -> "Iterator[psycopg.Connection[Any]]":
        with self._store.connection_for_listening() as listener:
            listener.execute("LISTEN yizhao_event")
            yield listener

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self._store.connection_for_listening() as connection:
            connection.row_factory = dict_row
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield connection


@contextmanager
def _only_publisher(connection: Connection) -> Iterator[None]:
    """Hold the publishers' lock of the database; released by the server if we die."""
    publication = Publication(connection)
    publication.lock()
    try:
        yield
    finally:
        with suppress(psycopg.Error):
            publication.unlock()


def _number_events(connection: Connection) -> None:
    """Give events their numbers though nothing can be signed: readers of the feed go on."""
    with suppress(psycopg.Error), _only_publisher(connection), connection.transaction():
        Transaction(connection).feed.number_waiting()
