"""Requests of a stream, kept until they are answered, so that a broken stream is taken up again."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

Request = TypeVar("Request")

AHEAD: Final = 256
"""Requests that may be on their way without an answer; a slow reader holds the source up there."""


class Feed(Generic[Request]):
    """Reads a source at most `ahead` requests beyond the last answer.

    gRPC reads each stream's requests in a thread of its own. One that broke may still sit in the
    source's `next`; what it brings is kept for the stream that comes after it.
    """

    def __init__(self, source: Iterable[Request], ahead: int = AHEAD) -> None:
        self._source = iter(source)
        self._ahead = ahead
        self._changed = threading.Condition()
        self._held: deque[Request] = deque()
        self._answered = 0
        self._reading = False
        self._ended = False
        self.error: Exception | None = None
        """What the source raised, which ended it."""

    def attempt(self) -> "Attempt[Request]":
        """Requests for one stream: those without an answer, then new ones."""
        return Attempt(self, self._answered)

    def answered(self) -> None:
        """The oldest request has its answer."""
        with self._changed:
            self._held.popleft()
            self._answered += 1
            self._changed.notify_all()

    @property
    def done(self) -> bool:
        """Whether the source ended and everything is answered."""
        with self._changed:
            return self._ended and not self._held

    def at(self, number: int, attempt: "Attempt[Request]") -> Request | None:
        """Request of this number, from 0; None where there is none or the attempt is over."""
        while True:
            with self._changed:
                while not self._settled(number, attempt):
                    if not self._reading and len(self._held) < self._ahead:
                        self._reading = True
                        break
                    self._changed.wait()
                else:
                    known = not attempt.over and number < self._answered + len(self._held)
                    return self._held[number - self._answered] if known else None
            self._read()

    def _settled(self, number: int, attempt: "Attempt[Request]") -> bool:
        return attempt.over or self._ended or number < self._answered + len(self._held)

    def _read(self) -> None:
        """Take one from the source; nobody else does meanwhile."""
        found: list[Request] = []
        error: Exception | None = None
        try:
            found.append(next(self._source))
        except StopIteration:
            pass
        except Exception as raised:
            error = raised
        with self._changed:
            self._reading = False
            self._held += found
            self._ended = not found
            self.error = error
            self._changed.notify_all()

    def end(self, attempt: "Attempt[Request]") -> None:
        """Let the attempt's thread go."""
        with self._changed:
            attempt.over = True
            self._changed.notify_all()


class Attempt(Iterator[Request]):
    """The requests of one stream, as gRPC's thread reads them."""

    def __init__(self, feed: Feed[Request], first: int) -> None:
        self._feed, self._next = feed, first
        self.over = False

    def __next__(self) -> Request:
        found = self._feed.at(self._next, self)
        if found is None:
            raise StopIteration
        self._next += 1
        return found
