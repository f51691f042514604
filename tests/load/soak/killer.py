"""kill -9 of the registry, again and again; it stays away for a moment, or for long."""

import threading
import time
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from tests.load.registry_process import DidNotStart, RegistryProcess

AWAY_SECONDS: Final = (0.0, 20.0, 0.0, 5.0, 1.0)
"""How long it is left dead, in turn. The longest makes data too old for the strictest purpose."""


@dataclass(frozen=True, slots=True)
class Outage:
    """From the kill until the registry served again."""

    killed_at: float
    serving_at: float


class Killer(threading.Thread):
    """Kills so often within so many seconds, at even distances."""

    def __init__(self, process: RegistryProcess, kills: int, seconds: float) -> None:
        super().__init__(name="killer", daemon=True)
        self.outages: list[Outage] = []
        self.wrong: list[str] = []
        self._process = process
        self._kills = kills
        self._distance = seconds / (kills + 1)
        self._killed = 0
        self._end = threading.Event()

    def run(self) -> None:
        """Until all kills are done, or `end`."""
        begun = time.monotonic()
        for number, away in zip(range(1, self._kills + 1), cycle(AWAY_SECONDS), strict=False):
            if self._end.wait(begun + number * self._distance - time.monotonic()):
                return
            killed_at = time.time()
            self._process.kill()
            self._killed += 1
            self._end.wait(min(away, self._distance / 2))
            try:
                self._process.start()
            except DidNotStart as error:
                self.wrong.append(f"the registry did not start again: {error}")
                return
            self.outages.append(Outage(killed_at, time.time()))

    @property
    def kills(self) -> int:
        """So far."""
        return self._killed

    def end(self) -> None:
        """No more kills; a registry that is away is started first."""
        self._end.set()
        if self.ident is not None:
            self.join()
