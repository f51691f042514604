"""What is asked next: distinct licences, repeated ones, those that acts touch, and bad scans."""

import threading
from collections import deque
from collections.abc import Sequence
from random import Random
from typing import Final

from license_verify.token.claims import read
from license_verify.token.scan import ScanText
from tests.load.soak.seen import FORGED, GARBLED
from tests.rpc.registry.world import HOST

_HOT: Final = 20
"""Licences that are asked about over and over."""
_CHANGING: Final = 300
"""Documents that acts touched, the newest; older ones say the same for ever."""
_GARBAGE: Final = (
    f"https://{HOST}/",
    f"https://{HOST}/0",
    f"https://{HOST}/123abc",
    f"http://{HOST}/123",
    "https://example.com/123456",
    "WIFI:T:WPA;S:柜台;P:12345678;;",
)


class Picks:
    """Draws subjects; for any number of threads."""

    def __init__(self, steady: Sequence[str], first: int, random: Random) -> None:
        """`steady` are the scans of the documents from 0 on; what is distinct begins at `first`."""
        self._steady = steady
        self._next = first
        self._random = random
        self._changing: deque[tuple[int, str]] = deque(maxlen=_CHANGING)
        self._lock = threading.Lock()

    def add(self, number: int, scan: str) -> None:
        """A document that acts touch."""
        with self._lock:
            self._changing.append((number, scan))

    def one(self) -> tuple[int, str]:
        """Number and scan of any."""
        with self._lock:
            drawn = self._random.random()
            if drawn < 0.3 and self._changing:
                return self._random.choice(self._changing)
            if drawn < 0.5:
                number = self._random.randrange(min(_HOT, len(self._steady)))
            else:
                self._next = number = (self._next + 1) % len(self._steady)
            scan = self._steady[number]
            if drawn > 0.98:
                return GARBLED, self._random.choice(_GARBAGE)
            return (FORGED, _forged(scan, self._random)) if drawn > 0.92 else (number, scan)

    def number(self) -> tuple[int, str]:
        """Any that a browser would open here."""
        while (found := self.one())[0] == GARBLED:
            pass
        return found

    def genuine(self) -> tuple[int, str]:
        """Any that is a document."""
        while (found := self.one())[0] < 0:
            pass
        return found

    def code(self) -> str:
        """A credit code that a licence has."""
        _, scan = self.genuine()
        return read(ScanText.parse(scan).data).claims.subject[:18]

    def purpose(self) -> str:
        """Any that says yes or no by the published data alone."""
        return self._random.choice(("general", "general", "banking", "inspection"))


def _forged(scan: str, random: Random) -> str:
    """Another digit somewhere in the last twenty: of the signature."""
    at = -random.randint(1, 20)
    other = str((int(scan[at]) + random.randint(1, 9)) % 10)
    return f"{scan[:at]}{other}{scan[at:][1:]}"
