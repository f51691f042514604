"""A file's header, understood: which field each column brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clients.importing.vocabulary import Vocabulary

REPORT: Final = ("run", "line", "field", "reason", "text")
"""Columns in front of a file of rejects; what is fed again mends the row that they name."""


class UnknownColumns(ValueError):
    """The file has no column from which its subject could be read."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The header of a file, understood."""

    header: tuple[str, ...]
    fields: tuple[str, ...]
    """Field name of each column; empty where the registry has no use for it."""
    reported: bool
    """The file is one of rejects, fed again."""

    @classmethod
    def read(cls, header: Sequence[str], words: Vocabulary) -> "Columns":
        """Understand a header line.

        Raises:
            UnknownColumns: it lacks a column that must be there, or names one field twice.
        """
        names = tuple(name.strip() for name in header)
        reported = names[: len(REPORT)] == REPORT
        own = names[len(REPORT) :] if reported else names
        fields = tuple(words.field(name) for name in own)
        known = [field for field in fields if field]
        missing = [words.spelled(some) for some in words.required if not set(some) & set(known)]
        if missing:
            raise UnknownColumns(f"line 1 has no column for {', nor '.join(missing)}")
        twice = sorted({field for field in known if known.count(field) > 1})
        if twice:
            raise UnknownColumns(f"line 1 has more than one column for {', '.join(twice)}")
        before = ("",) * len(REPORT) if reported else ()
        return cls(names, (*before, *fields), reported)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that are not imported."""
        pairs = zip(self.header, self.fields, strict=True)
        skip = len(REPORT) if self.reported else 0
        return tuple(name for name, field in list(pairs)[skip:] if not field)

    def mends(self, cells: Sequence[str]) -> tuple[str, int] | None:
        """Run and line of the row that a row is instead of; None where it is a new one."""
        if not self.reported or len(cells) < len(REPORT) or not cells[1].isdecimal():
            return None
        return cells[0], int(cells[1])
