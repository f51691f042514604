"""A thread of the registry that takes turns until it is stopped."""

import threading
from collections.abc import Callable

import structlog

from license_verify.rpc.scrub import describe
from registry_service.domain.errors import DatabaseUnavailable

_log = structlog.stdlib.get_logger()


class Background:
    """What goes wrong in a turn is logged and the thread goes on: its work would wait for ever."""

    def __init__(
        self,
        name: str,
        turn: Callable[[threading.Event], None],
        every_seconds: float,
        retry_seconds: float | None = None,
    ) -> None:
        """Prepare; no turn is taken before `start`.

        Args:
            name: of the thread, and in front of what it logs.
            turn: one turn; ends early, between two transactions, once what it is given is set.
            every_seconds: between turns.
            retry_seconds: after a turn that went wrong; as long as after any other where absent.
        """
        self._name = name
        self._turn = turn
        self._every_seconds = every_seconds
        self._retry_seconds = retry_seconds or every_seconds
        self._stopping = threading.Event()
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Take the first turn at once, in the background."""
        self._thread.start()

    def tell(self) -> None:
        """There is something to do: take the next turn at once."""
        self._told.set()

    def stop(self) -> None:
        """End the thread, after the transaction it is at."""
        self._stopping.set()
        self._told.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            pause = self._every_seconds
            try:
                self._turn(self._stopping)
            except DatabaseUnavailable as error:
                _log.warning(f"{self._name}.wait", reason=error.reason)
                pause = self._retry_seconds
            except Exception as error:
                _log.error(f"{self._name}.bug", **describe(error))
                pause = self._retry_seconds
            self._told.wait(pause)
            self._told.clear()
