"""Migrations as files of a folder: numbered, forward only."""

import re
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Final

OUTSIDE: Final = "-- outside a transaction"
"""First line of a file whose indexes are built beside running writers."""

_INDEX: Final = re.compile(
    r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?P<name>[a-z_][a-z0-9_]*)\s+ON\s",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class ConcurrentIndex:
    """One index that is built without stopping writers."""

    name: str
    statement: str


@dataclass(frozen=True, slots=True)
class Migration:
    """One file."""

    name: str
    """As `0003_counter_day`."""
    sql: str

    @property
    def number(self) -> int:
        """Its place in the order."""
        return int(self.name[:4])

    @property
    def outside_transaction(self) -> bool:
        """Whether it builds indexes, and nothing else, outside a transaction."""
        return self.sql.splitlines()[:1] == [OUTSIDE]

    def indexes(self) -> list[ConcurrentIndex]:
        """What a migration outside a transaction builds, in order.

        Raises:
            ValueError: it does something else. That would not be undone if it failed halfway.
        """
        statements = [part.strip() for part in _COMMENT.sub("", self.sql).split(";")]
        found: list[ConcurrentIndex] = []
        for statement in filter(None, statements):
            index = _INDEX.match(statement)
            if index is None:
                raise ValueError(
                    f"{self.name} runs outside a transaction, so each of its statements is "
                    f"CREATE INDEX CONCURRENTLY name ON …; this one is not: {statement[:60]}"
                )
            found.append(ConcurrentIndex(index["name"], statement))
        return found


def read_folder(folder: Traversable) -> list[Migration]:
    """All migrations of a folder, in order.

    Raises:
        ValueError: two files bear one number; one of them would never run.
    """
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    for one, next_one in pairwise(names):
        if one[:4] == next_one[:4]:
            raise ValueError(f"migrations {one} and {next_one} bear one number: renumber the newer")
    return [
        Migration(name.removesuffix(".sql"), (folder / name).read_text("utf-8")) for name in names
    ]
