"""Forward-only migrations: numbered SQL files, each in a transaction of its own."""

from importlib import resources
from itertools import pairwise
from typing import LiteralString

import psycopg

_LOCK = 0x59_5A_00_01  # any constant of ours; two starting processes must not migrate at once
_TIMEOUTS: LiteralString = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '10min'"


def migrations() -> list[tuple[int, str]]:
    """All migrations of this release as (number, SQL), in order.

    Raises:
        ValueError: two files bear one number; one of them would never run.
    """
    folder = resources.files("registry_service.store") / "migrations"
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    for one, next_one in pairwise(files):
        if one[:4] == next_one[:4]:
            raise ValueError(f"migrations {one} and {next_one} bear one number: renumber the newer")
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in files]


def migrate(dsn: str) -> list[int]:
    """Bring the database up to this release.

    Returns:
        The numbers applied, in order; empty if it was up to date.
    """
    applied: list[int] = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migration"
            " (number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        done = {row[0] for row in connection.execute("SELECT number FROM schema_migration")}
        for number, sql in migrations():
            if number in done:
                continue
            with connection.transaction():
                connection.execute(_TIMEOUTS)
                connection.execute(sql.encode())  # bytes: a file of ours, not input
                connection.execute("INSERT INTO schema_migration (number) VALUES (%s)", (number,))
            applied.append(number)
    return applied
