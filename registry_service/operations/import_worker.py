"""The thread that puts signed shares of import runs on the register."""

import threading
from typing import Final

import structlog

from license_verify.rpc.scrub import describe
from registry_service.domain.errors import DatabaseUnavailable
from registry_service.operations.apply_imports import Applying, apply_next

_LOOK_SECONDS: Final = 1.0
"""Another process may have taken a signature."""
_RETRY_SECONDS: Final = 5.0

_log = structlog.stdlib.get_logger()


class ImportWorker:
    """Goes on where the last process was killed. One for each process; they take turns."""

    def __init__(self, by: Applying) -> None:
        """Prepare; nothing is read before `start`."""
        self._by = by
        self._stopping = threading.Event()
        self._signed = threading.Event()
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

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                while not self._stopping.is_set() and apply_next(self._by):
                    pass
            except DatabaseUnavailable as error:
                _log.warning("imports.wait", reason=error.reason)
                self._stopping.wait(_RETRY_SECONDS)
            except Exception as error:
                # Whatever it was: a signed share would wait for ever.
                _log.error("imports.bug", **describe(error))
                self._stopping.wait(_RETRY_SECONDS)
            self._signed.wait(_LOOK_SECONDS)
            self._signed.clear()
