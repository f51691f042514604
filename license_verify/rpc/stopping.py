"""How a process is told to end: once to drain, twice to end at once."""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

import structlog

_AT_ONCE: Final = 1
_log = structlog.stdlib.get_logger()


class Stopping:
    """Asked by SIGTERM, Ctrl-C, or a terminal that is gone; asked again, the process ends with
    code 1, whatever still runs."""

    def __init__(self, at_once: Callable[[], None] = lambda: None) -> None:
        """`at_once` is called before the process ends at once; it may be set later."""
        self.asked = threading.Event()
        """The process is to end."""
        self.at_once = at_once
        self._quietly = False

    def listen(self) -> None:
        """Take the signals; from the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._signalled)

    def ask_quietly(self) -> None:
        """Ask for the end of a process whose place others take at once, so that no load balancer
        has to notice."""
        self._quietly = True
        self.asked.set()

    def give_notice(self, seconds: float) -> None:
        """Wait for so long while health says that the process ends, unless it was asked quietly."""
        if not self._quietly:
            threading.Event().wait(seconds)

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked.is_set():
            _log.warning("ending_at_once")
            self.at_once()
            os._exit(_AT_ONCE)
        self.asked.set()
