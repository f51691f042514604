"""A partner that calls as fast as it can for some seconds of each minute."""

from typing import Final

from tests.load.soak.traffic import TrafficProcess

_EVERY_SECONDS: Final = 60.0
_FROM_SECONDS: Final = 20.0
_UNTIL_SECONDS: Final = 30.0


class Flood:
    """Comes and goes."""

    def __init__(self, process: TrafficProcess) -> None:
        self._process = process
        self._running = False

    def turn(self, spent: float) -> None:
        """Begin or end, as it is due so many seconds after the start."""
        due = _FROM_SECONDS <= spent % _EVERY_SECONDS < _UNTIL_SECONDS
        if due != self._running:
            self._running = due
            self._process.pace(None if due else 0)
