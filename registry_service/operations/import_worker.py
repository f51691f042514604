"""The thread that puts signed shares of import runs on the register."""

import threading
import time
from collections.abc import Collection
from typing import Final

import structlog

from license_verify.rpc.scrub import describe
from registry_service.operations.apply_imports import Applying, ShareKey, ShareStuck, apply_next
from registry_service.operations.background import Background

_LOOK_SECONDS: Final = 1.0
"""Another process may have taken a signature."""
_RETRY_SECONDS: Final = 5.0
_STUCK_SECONDS: Final = 300.0
"""Until a share that could not be applied is tried again; the others go on."""

_log = structlog.stdlib.get_logger()


class ImportWorker(Background):
    """Goes on where the last process was killed. One for each process; they take turns.

    It is told when a share was signed off here.
    """

    def __init__(self, by: Applying) -> None:
        super().__init__("imports", self._apply, _LOOK_SECONDS, _RETRY_SECONDS)
        self._by = by
        self._stuck: dict[ShareKey, float] = {}  # until when, monotonic

    def _apply(self, stopping: threading.Event) -> None:
        more = True
        while more and not stopping.is_set():
            try:
                more = apply_next(self._by, skip=self._passed_over())
            except ShareStuck as error:
                _log.error("imports.stuck", **describe(error.__cause__ or error), share=error.share)
                self._stuck[error.share] = time.monotonic() + _STUCK_SECONDS

    def _passed_over(self) -> Collection[ShareKey]:
        now = time.monotonic()
        self._stuck = {share: until for share, until in self._stuck.items() if until > now}
        return self._stuck
