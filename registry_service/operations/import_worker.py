"""The thread that puts signed shares of import runs on the register."""

import threading
import time
from collections.abc import Collection
from typing import Final

import structlog

from license_verify.rpc.scrub import describe
from registry_service.domain.errors import DatabaseUnavailable
from registry_service.operations.apply_imports import Applying, ShareKey, ShareStuck, apply_next

_LOOK_SECONDS: Final = 1.0
"""Another process may have taken a signature."""
_RETRY_SECONDS: Final = 5.0
_STUCK_SECONDS: Final = 300.0
"""Until a share that could not be applied is tried again; the others go on."""

_log = structlog.stdlib.get_logger()


class ImportWorker:
    """Goes on where the last process was killed. One for each process; they take turns."""

    def __init__(self, by: Applying) -> None:
        """Prepare; nothing is read before `start`."""
        self._by = by
        self._stopping = threading.Event()
        self._signed = threading.Event()
        self._stuck: dict[ShareKey, float] = {}  # until when, monotonic
        self._thread = threading.Thread(target=self._run, name="imports", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def tell(self) -> None:
        """A share was signed off here: look at once."""
        self._signed.set()

    def stop(self) -> None:
        """End the thread, after the chunk it is at."""
        self._stopping.set()
        self._signed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _apply_all(self) -> None:
        while not self._stopping.is_set() and apply_next(self._by, skip=self._passed_over()):
            pass

    def _passed_over(self) -> Collection[ShareKey]:
        now = time.monotonic()
        self._stuck = {share: until for share, until in self._stuck.items() if until > now}
        return self._stuck

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._apply_all()
            except ShareStuck as error:
                _log.error("imports.stuck", **describe(error.__cause__ or error), share=error.share)
                self._stuck[error.share] = time.monotonic() + _STUCK_SECONDS
                continue
            except DatabaseUnavailable as error:
                _log.warning("imports.wait", reason=error.reason)
                self._stopping.wait(_RETRY_SECONDS)
            except Exception as error:
                # Whatever it was: a signed share would wait for ever.
                _log.error("imports.bug", **describe(error))
                self._stopping.wait(_RETRY_SECONDS)
            self._signed.wait(_LOOK_SECONDS)
            self._signed.clear()
