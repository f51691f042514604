"""What a journal holds: an entry for each verdict answered, and for scans of the page a count."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple, Self
from uuid import UUID

_HEAD: Final = struct.Struct(">BII")  # kind, unit, bytes of the body
_PAGE: Final = struct.Struct(">16sII")  # id, day, scans


class EntryKind(IntEnum):
    """What the body is; numbers are in files and never reused."""

    SIGNED = 1
    """A receipt, signed."""
    UNSIGNED = 2
    """A receipt's content that no key could sign, or what is said of a statement. It counts, and
    is no receipt."""
    PAGE = 3
    """Scans of the public page."""


class EntryDamaged(ValueError):
    """The bytes are no entries."""


# Two of each are made for every verdict: tuples take a third of what dataclasses do.
class Row(NamedTuple):
    """What the table of receipts gets of an entry."""

    day: date
    """In Beijing."""
    told: str
    """A JSON object but for the last brace; its members are `taking`'s."""
    document: bytes
    """The signed receipt; empty: no key could sign it."""


class Entry(NamedTuple):
    """One entry, as it stands in the journal."""

    kind: EntryKind
    unit: int
    """Own id of the unit that registered the business; 0: not known."""
    body: bytes
    row: Row | None = None
    """What the body says, while the process that wrote it remembers; None: read the body."""

    def packed(self) -> bytes:
        """The entry as bytes; entries follow each other without more."""
        return _HEAD.pack(self.kind, self.unit, len(self.body)) + self.body


@dataclass(frozen=True, slots=True)
class PageScans:
    """How many people looked at codes of a county's businesses on a day; nothing of who."""

    id: UUID
    day: date
    unit: int
    count: int

    def entry(self) -> Entry:
        """As the journal keeps it."""
        body = _PAGE.pack(self.id.bytes, self.day.toordinal(), self.count)
        return Entry(EntryKind.PAGE, self.unit, body)

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Read it back.

        Raises:
            EntryDamaged: it is no count.
        """
        try:
            id_, day, count = _PAGE.unpack(entry.body)
            return cls(UUID(bytes=id_), date.fromordinal(day), entry.unit, count)
        except (struct.error, ValueError) as error:
            raise EntryDamaged(f"no count of the page: {error}") from None


def pack(entries: Iterable[Entry]) -> bytes:
    """Entries as one piece."""
    return b"".join(entry.packed() for entry in entries)


def unpack(piece: bytes) -> list[Entry]:
    """The entries of a piece.

    Raises:
        EntryDamaged: it was cut, or holds something else.
    """
    found, at = [], 0
    try:
        while at < len(piece):
            kind, unit, size = _HEAD.unpack_from(piece, at)
            at += _HEAD.size
            if at + size > len(piece):
                raise EntryDamaged("the last entry is cut")
            found.append(Entry(EntryKind(kind), unit, piece[at : at + size]))
            at += size
    except (struct.error, ValueError) as error:
        raise EntryDamaged(f"the piece is damaged: {error}") from None
    return found
