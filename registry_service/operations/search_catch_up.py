"""Making findable what another release wrote: before the search was there, or in an upgrade.

Every act of this release keeps the row of its entity. The rest is made here, in the background,
a few at a time, so that nothing waits; what is made stays made when the process ends.
"""

import threading
from typing import Final

import structlog

from registry_service.operations.background import Background
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


class SearchCatchUp(Background):
    """Looks when started, then every hour. One for each process; several do no harm."""

    def __init__(self, store: Store) -> None:
        super().__init__("search", self._look, EVERY_SECONDS)
        self._store = store

    def _look(self, stopping: threading.Event) -> None:
        if made := catch_up(self._store, stopping):
            _log.info("search.caught_up", count=made)
