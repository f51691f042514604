"""The status lists as they must read now, kept in memory, two entries a byte."""

from collections.abc import Iterable
from typing import Final

from license_verify.limits import STATUS_LIST_BYTES
from license_verify.lists.status import Status
from registry_service.store.status_entries import Alike, Entry

_EMPTY: Final = bytes([Status.INVALID << 4 | Status.INVALID]) * STATUS_LIST_BYTES
"""A list of which no document was issued yet."""


class StatusBoard:
    """Every list, by number; entries come from the register and from nowhere else."""

    def __init__(
        self, entries: Iterable[Alike], watermark: int, published: Iterable[int] = ()
    ) -> None:
        """Take every entry of the register as of `watermark`.

        `published` are the lists that are out, even if a restore from a backup lost all of their
        documents: none of those may go on reading VALID.
        """
        self.watermark = watermark
        self._lists = {number: bytearray(_EMPTY) for number in {0, *published}}
        for alike in entries:
            self._fill(alike)

    def put(self, entries: Iterable[Entry]) -> set[int]:
        """Bring entries up to date.

        Returns:
            The numbers of the lists that read differently now.
        """
        changed = set()
        for entry in entries:
            if entry.list_no not in self._lists:
                self._lists[entry.list_no] = bytearray(_EMPTY)
                changed.add(entry.list_no)
            packed = self._lists[entry.list_no]
            at, shift = entry.index >> 1, 4 * (entry.index & 1)
            byte = packed[at] & (0xF0 >> shift) | entry.published << shift
            if byte != packed[at]:
                packed[at] = byte
                changed.add(entry.list_no)
        return changed

    def _fill(self, alike: Alike) -> None:
        packed = self._lists.setdefault(alike.list_no, bytearray(_EMPTY))
        for index in alike.indices:
            shift = 4 * (index & 1)
            packed[index >> 1] = packed[index >> 1] & (0xF0 >> shift) | alike.published << shift

    def numbers(self) -> list[int]:
        """The lists there are; list 0 always."""
        return sorted(self._lists)

    def packed(self, list_no: int) -> bytes:
        """A list's entries, as `StatusList.entries`."""
        return bytes(self._lists[list_no])
