"""The thread that ends dormancies whose time is over."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from registry_service.operations.background import Background
from registry_service.operations.dormancy import end_expired_dormancies
from registry_service.store.transaction import Store

EVERY_SECONDS: Final = 60.0
"""A dormancy ends with a day in China; a minute later is soon enough."""

_log = structlog.stdlib.get_logger()


class DormancyClock(Background):
    """Looks once when started, then every minute. One for each process; several do no harm."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__("dormancies", self._look, EVERY_SECONDS)
        self._store = store
        self._now = now

    def start(self) -> None:
        """End what expired while nobody served, then go on in the background.

        Raises:
            DatabaseUnavailable: the database is away.
        """
        end_expired_dormancies(self._store, self._now)
        super().start()

    def _look(self, _: threading.Event) -> None:
        if ended := end_expired_dormancies(self._store, self._now):
            _log.info("dormancies.ended", count=ended)
