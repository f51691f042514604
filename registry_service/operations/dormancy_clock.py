"""The thread that ends dormancies whose time is over."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from license_verify.rpc.scrub import describe
from registry_service.domain.errors import DatabaseUnavailable
from registry_service.operations.dormancy import end_expired_dormancies
from registry_service.store.transaction import Store

EVERY_SECONDS: Final = 60.0
"""A dormancy ends with a day in China; a minute later is soon enough."""

_log = structlog.stdlib.get_logger()


class DormancyClock:
    """Looks once when started, then every minute. One for each process; several do no harm."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], every_seconds: float = EVERY_SECONDS
    ) -> None:
        """Prepare; nothing is read before `start`."""
        self._store = store
        self._now = now
        self._every_seconds = every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dormancies", daemon=True)

    def start(self) -> None:
        """End what expired while nobody served, then go on in the background.

        Raises:
            DatabaseUnavailable: the database is away.
        """
        end_expired_dormancies(self._store, self._now)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after the entity it is at."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_seconds):
            try:
                ended = end_expired_dormancies(self._store, self._now)
            except DatabaseUnavailable as error:
                _log.warning("dormancies.wait", reason=error.reason)
            except Exception as error:
                # Whatever it was: a clock that stops would leave firms asleep for ever.
                _log.error("dormancies.bug", **describe(error))
            else:
                if ended:
                    _log.info("dormancies.ended", count=ended)
