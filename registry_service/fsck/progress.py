"""How far a recheck is, for whoever waits for it."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final, LiteralString, TypeVar

import psycopg
from psycopg.rows import DictRow

Item = TypeVar("Item")
Tell = Callable[[str, int, int], None]
"""Told what is looked at, how much of it is done, and how much there is."""

_EVERY: Final = 5_000


def silent(what: str, done: int, whole: int) -> None:
    """Tell nobody."""


def on_standard_error(what: str, done: int, whole: int) -> None:
    """One line that is written over; on its own line once it is whole."""
    end = "\n" if done >= whole else ""
    sys.stderr.write(f"\r{what} {done:,} / {whole:,}{end}")
    sys.stderr.flush()


def counted(items: Iterable[Item], what: str, whole: int, tell: Tell) -> Iterator[Item]:
    """The items, telling now and then how many went by."""
    done = 0
    for done, item in enumerate(items, 1):
        yield item
        if done % _EVERY == 0 and done < whole:
            tell(what, done, whole)
    tell(what, max(done, whole), max(done, whole))


def rows_of(connection: psycopg.Connection[DictRow], count: LiteralString) -> int:
    """How many rows there are, as a query counts them."""
    row = connection.execute(count).fetchone()
    return int(row["n"]) if row else 0
