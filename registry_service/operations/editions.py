"""What was published of late, and what changed from one edition to the newest."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from license_verify.lists.delta import Delta
from registry_service.domain.errors import SignerUnavailable
from registry_service.operations.newest import Newest
from registry_service.operations.publish import Edition

KEPT: Final = 64
"""Editions that deltas are made from: some seconds of a burst, five minutes of a quiet day. They
share the documents that did not change; a changed list of a million is 75 KB."""


class Editions:
    """One for a process: its publisher adds, everybody reads."""

    def __init__(self, kept: int = KEPT) -> None:
        """Nothing is published yet."""
        self._kept = kept
        self._turn = threading.Lock()
        self._recent: OrderedDict[str, Edition] = OrderedDict()
        self._newest: Edition | None = None
        self._deltas: dict[str, bytes | None] = {}
        """To the newest, by the ETag of the older one."""
        self.numbers = Newest()
        """The number of the newest."""

    def add(self, edition: Edition) -> None:
        """Take the newest edition; one that is known, or older, changes nothing."""
        with self._turn:
            if self._newest is not None and edition.seq <= self._newest.seq:
                return
            self._newest, self._deltas = edition, {}
            self._recent[edition.bundle.etag] = edition
            while len(self._recent) > self._kept:
                self._recent.popitem(last=False)
        self.numbers.tell(edition.seq)

    def newest(self) -> Edition:
        """The newest that this process knows.

        Raises:
            SignerUnavailable: there is none yet.
        """
        if self._newest is None:
            raise SignerUnavailable("nothing is published yet", zh="尚未发布任何数据")
        return self._newest

    def from_number(self, seq: int, seconds: float, wanted: Callable[[], bool]) -> Edition:
        """The newest, waited for so long if a caller has seen one that this process has not.

        Raises:
            SignerUnavailable: there is none yet.
            ServerDraining: this process stops.
        """
        if self.newest().seq < seq:
            self.numbers.wait_beyond(seq - 1, seconds, wanted)
        return self.newest()

    def since(self, etag: str) -> tuple[Edition, bytes | None]:
        """The newest, and what makes it of the one with that ETag.

        None if that one is not known any more, or the whole is no longer than the delta.

        Raises:
            SignerUnavailable: there is none yet.
        """
        with self._turn:
            edition, before = self.newest(), self._recent.get(etag)
            if before is None:
                return edition, None
            if etag not in self._deltas:
                self._deltas[etag] = _between(before, edition)
            return edition, self._deltas[etag]


def _between(before: Edition, after: Edition) -> bytes | None:
    delta = Delta.between(before.bundle, after.bundle).encode()
    return delta if len(delta) < len(after.content) else None
