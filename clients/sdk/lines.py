"""Open connections that calls take turns on, replaced as a whole when our certificate changes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from license_verify.rpc.tls import TlsFiles

Line = TypeVar("Line")


@dataclass(slots=True)
class _Generation(Generic[Line]):
    """The lines of one certificate."""

    identity: TlsFiles
    lines: tuple[Line, ...]
    turns: int = 0
    calls: int = 0
    """Calls that have not ended."""


@dataclass(frozen=True, slots=True)
class Taken(Generic[Line]):
    """A line for one call, to be given back when it ended."""

    line: Line
    generation: _Generation[Line]


class Lines(Generic[Line]):
    """Hands out lines for calls. New calls go over lines with the newest certificate; older lines
    are closed when the last call on them has ended, so no call is cut off.

    The caller closes what `give_back` and `shut` return, since how that is done differs between
    blocking and asyncio channels.
    """

    def __init__(
        self,
        open_line: Callable[[TlsFiles], Line],
        identity: Callable[[], TlsFiles],
        connections: int,
    ) -> None:
        """Open nothing yet.

        Args:
            open_line: makes a line; it connects at its first call.
            identity: the certificate to show now.
            connections: lines that calls take turns on.

        Raises:
            ValueError: no connection at all.
        """
        if connections < 1:
            raise ValueError("at least one connection is needed")
        self._open_line, self._identity, self._connections = open_line, identity, connections
        self._lock = threading.Lock()
        self._current: _Generation[Line] | None = None
        self._spent: list[Line] = []
        self._shut = False

    def take(self) -> Taken[Line]:
        """A line for one call.

        Raises:
            ValueError: the client was closed.
        """
        identity = self._identity()
        with self._lock:
            if self._shut:
                raise ValueError("this client was closed")
            found = self._current
            if found is None or found.identity != identity:
                opened = tuple(self._open_line(identity) for _ in range(self._connections))
                self._retire()
                found = self._current = _Generation(identity, opened)
            found.calls += 1
            found.turns += 1
            return Taken(found.lines[found.turns % len(found.lines)], found)

    def give_back(self, taken: Taken[Line]) -> list[Line]:
        """End a call; returns lines to be closed now."""
        with self._lock:
            generation = taken.generation
            generation.calls -= 1
            if generation is not self._current and generation.calls == 0:
                self._spent += generation.lines
            spent, self._spent = self._spent, []
            return spent

    def shut(self) -> list[Line]:
        """End; returns lines to be closed now. Lines of running calls follow from `give_back`."""
        with self._lock:
            self._shut = True
            self._retire()
            self._current = None
            spent, self._spent = self._spent, []
            return spent

    def _retire(self) -> None:
        if self._current is not None and self._current.calls == 0:
            self._spent += self._current.lines
