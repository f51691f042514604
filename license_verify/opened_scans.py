"""Scans opened before: checks 1 to 5 kept by the whole scan text, for one trust list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from license_verify.opened import Opened, open_scan, open_scans
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
        self._kept = _Kept.under(Trust.missing(), self.entries)

    def open(self, text: str, trust: Trust) -> Opened:
        """What `open_scan` gives for this text under this very trust list."""
        kept = self._kept_under(trust)
        found = kept.find(text)
        return kept.keep(text, open_scan(text, kept.trust)) if found is None else found

    def open_all(self, texts: Iterable[str], trust: Trust) -> dict[str, Opened]:
        """What `open_scans` gives for these texts, by text."""
        kept = self._kept_under(trust)
        found = {text: kept.find(text) for text in texts}
        new = [text for text, known in found.items() if known is None]
        opened = zip(new, open_scans(new, kept.trust), strict=True)
        made = {text: kept.keep(text, each) for text, each in opened}
        return {text: known or made[text] for text, known in found.items()}

    def _kept_under(self, trust: Trust) -> "_Kept":
        kept = self._kept
        if kept.rules != _what_rules(trust):
            # Two threads may both do this; one of two empty caches is lost then, and no answer.
            kept = self._kept = _Kept.under(trust, self.entries)
        return kept


class _NotKept(Exception):
    """Nothing is kept for the text: `lru_cache` keeps what is returned, not what is raised."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was opened under one trust list."""

    trust: Trust
    """Without lists and statements, which checks 1 to 5 don't need and the minute replaces."""
    rules: tuple[int, str, str]
    _found: Callable[[str], Opened]
    _handed: dict[str, Opened]
    """What `_found` is to return, and so to keep: `lru_cache` takes nothing in by other ways."""

    @classmethod
    def under(cls, trust: Trust, entries: int) -> "_Kept":
        """Nothing yet."""
        handed: dict[str, Opened] = {}

        @lru_cache(maxsize=entries)
        def found(text: str) -> Opened:
            opened = handed.pop(text, None)
            if opened is None:
                raise _NotKept
            return opened

        lean = replace(trust, lists={}, statements={})
        return cls(lean, _what_rules(trust), found, handed)

    def find(self, text: str) -> Opened | None:
        """What is kept for the text."""
        try:
            return self._found(text)
        except _NotKept:
            return None

    def keep(self, text: str, opened: Opened) -> Opened:
        """Keep it if its signature passed; gives what is kept, or what came."""
        if not opened.signed:
            return opened
        self._handed[text] = opened
        # Another thread may have taken it in, or opened the same scan just now.
        kept = self.find(text)
        self._handed.pop(text, None)
        return opened if kept is None else kept


def _what_rules(trust: Trust) -> tuple[int, str, str]:
    """Everything besides the text that an opened scan depends on: one version, one content."""
    return trust.version, trust.environment, trust.expected_environment
