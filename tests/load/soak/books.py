"""The verifying side's database: who may ask, and whether what is counted is what was answered."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, LiteralString

import psycopg

from license_verify.policy import ALL_ITEMS
from license_verify.server.usage.journal_file import PATTERN

PAGE: Final = "page"
"""As the database calls those who scan with a phone."""
_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.2
_PARTNER: LiteralString = """
    INSERT INTO partner (id, title, state, calls_per_second, burst, calls_at_once, checks_per_day,
                         revision, created_at, changed_at)
    VALUES (%(id)s, %(id)s, 'active', %(rate)s, %(rate)s, 64, 100000000, 1, now(), now())
"""
_GRANT: LiteralString = """
    INSERT INTO partner_grant (partner_id, purpose, items, claims, from_date, revision)
    VALUES (%s, %s, %s, '{name,person,address}', '2020-01-01', 1)
"""
_TELL: LiteralString = "UPDATE directory_revision SET number = number + 1"
_COUNTED: LiteralString = "SELECT partner, sum(count)::bigint FROM usage_day GROUP BY partner"
_RECEIPTS: LiteralString = """
    SELECT partner, count(*), count(DISTINCT receipt_id), count(document)
      FROM receipt GROUP BY partner
"""
_WAITING: Final = "SELECT coalesce(sum(entries), 0) FROM piece"


class Books:
    """The database of the nodes, and their journals."""

    def __init__(self, url: str, journals: Sequence[Path]) -> None:
        self.url = url
        self._journals = journals

    def enrol(self, rates: Mapping[str, int], purposes: Sequence[str]) -> None:
        """Partners by name, as `partner/icbank`, with so many checks a second of one process."""
        with psycopg.connect(self.url) as connection:
            for name, rate in rates.items():
                number = name.removeprefix("partner/")
                connection.execute(_PARTNER, {"id": number, "rate": rate})
                for purpose in purposes:
                    connection.execute(_GRANT, (number, purpose, list(ALL_ITEMS)))
            connection.execute(_TELL)

    def waiting(self) -> int:
        """Entries in the journals that the database does not have yet."""
        found = 0
        for folder in self._journals:
            for path in folder.glob(PATTERN):
                # It may be removed, or be made, at this moment.
                with (
                    suppress(sqlite3.Error),
                    closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as journal,
                ):
                    found += journal.execute(_WAITING).fetchone()[0]
        return found

    def wrong(
        self, answered: Mapping[str, int], patience: float = _PATIENCE_SECONDS
    ) -> Iterator[str]:
        """Where what is counted, by partner and `PAGE`, differs from what was answered.

        Waits until they are equal, or for so many seconds.
        """
        until, pause = time.monotonic() + patience, threading.Event()
        expected = {name: count for name, count in answered.items() if count}
        while time.monotonic() < until and (self.waiting() or self._counted(expected) != expected):
            pause.wait(_LOOK_SECONDS)
        counted = self._counted(expected)
        for name, count in expected.items():
            if counted[name] != count:
                yield f"{counted[name]} checks of {name} are counted, {count} were answered"
        with psycopg.connect(self.url) as connection:
            for name, rows, distinct, signed in connection.execute(_RECEIPTS):
                if name in expected and not rows == distinct == signed == expected[name]:
                    yield (
                        f"{rows} receipts of {name}, {distinct} of them different and {signed} "
                        f"signed; {expected[name]} were answered"
                    )
        if waiting := self.waiting():
            yield f"{waiting} entries wait in the journals in the end"

    def _counted(self, names: Mapping[str, int]) -> dict[str, int]:
        with psycopg.connect(self.url) as connection:
            found: dict[str, int] = dict(connection.execute(_COUNTED).fetchall())
        return {name: found.get(name, 0) for name in names}
