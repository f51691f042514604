"""Making findable what another release wrote: before the search was there, or in an upgrade.

Every act of this release keeps the row of its entity. The rest is made here, in the background,
a few at a time, so that nothing waits; what is made stays made when the process ends.
"""

import threading
from typing import Final

import structlog

from license_verify.rpc.scrub import describe
from registry_service.domain.errors import DatabaseUnavailable
from registry_service.store.transaction import Store

EVERY_SECONDS: Final = 3600.0
"""The previous release may go on writing while it is replaced."""
_WINDOW: Final = 20_000
"""Entities looked at by one statement."""
_BATCH: Final = 200
"""Entities made, and so locked, in one transaction: acts on them wait for milliseconds."""

_log = structlog.stdlib.get_logger()


def catch_up(store: Store, stopping: threading.Event) -> int:
    """Make every row that is missing or behind; how many were made.

    Args:
        store: the register.
        stopping: ends it early, between two transactions.

    Raises:
        DatabaseUnavailable: the rest is left for the next run.
    """
    with store.transaction() as tx:
        last = tx.entity_search.last()
    made = after = 0
    while after < last and not stopping.is_set():
        until = after + _WINDOW
        with store.transaction() as tx:
            behind = tx.entity_search.behind(after, until, _BATCH)
            made += tx.entity_search.make(behind)
        after = behind[-1] if len(behind) == _BATCH else until
    return made


class SearchCatchUp:
    """Looks when started, then every hour. One for each process; several do no harm."""

    def __init__(self, store: Store, every_seconds: float = EVERY_SECONDS) -> None:
        """Prepare; nothing is read before `start`."""
        self._store = store
        self._every_seconds = every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after the entities it is at."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                made = catch_up(self._store, self._stopping)
            except DatabaseUnavailable as error:
                _log.warning("search.wait", reason=error.reason)
            except Exception as error:
                # Whatever it was: entities that no search finds would stay so for ever.
                _log.error("search.bug", **describe(error))
            else:
                if made:
                    _log.info("search.caught_up", count=made)
            self._stopping.wait(self._every_seconds)
