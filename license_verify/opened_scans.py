"""Scans opened before: checks 1 to 5 kept by the whole scan text, for one trust list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from license_verify.opened import Opened, open_scan
from license_verify.trust import Trust

ENTRIES: Final = 10_000
ENTRY_BYTES: Final = 12_000
"""More than an opened scan ever takes: its text twice, its token, its objects; a test measures."""


class OpenedScans:
    """A bounded cache of opened scans, for any number of threads.

    Only scans whose signature passed are kept, so that invented ones push nothing out. Status,
    time and policy are never in it: `judge` asks them afresh. A new trust list empties it.
    """

    def __init__(self, entries: int = ENTRIES, most_bytes: int = ENTRIES * ENTRY_BYTES) -> None:
        """Keep at most `entries` scans in at most `most_bytes`; the longest unused goes first."""
        self.entries: Final = min(entries, most_bytes // ENTRY_BYTES)
        self._bound = _bind(Trust.missing(), self.entries)

    def open(self, text: str, trust: Trust) -> Opened:
        """What `open_scan` gives for this text under this very trust list."""
        bound = self._bound
        if bound.under != _under(trust):
            # Two threads may both do this; one of two empty caches is lost then, and no answer.
            bound = self._bound = _bind(trust, self.entries)
        try:
            return bound.opened(text)
        except _NotKept as error:
            return error.opened


class _NotKept(Exception):
    """Carries what is not to be kept past `lru_cache`, which keeps what is returned."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.opened = opened


@dataclass(frozen=True, slots=True)
class _Bound:
    """The cache of one trust list."""

    under: tuple[int, str, str]
    opened: Callable[[str], Opened]


def _under(trust: Trust) -> tuple[int, str, str]:
    """Everything besides the text that an opened scan depends on: one version, one content."""
    return trust.version, trust.environment, trust.expected_environment


def _bind(trust: Trust, entries: int) -> _Bound:
    # Lists and statements are of no use to checks 1 to 5 and are replaced by the minute.
    trust = replace(trust, lists={}, statements={})

    @lru_cache(maxsize=entries)
    def opened(text: str) -> Opened:
        found = open_scan(text, trust)
        if not found.signed:
            raise _NotKept(found)
        return found

    return _Bound(_under(trust), opened)
