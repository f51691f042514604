"""Who else is connected to the database, as PostgreSQL tells: process numbers, never statements."""

from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import class_row

_LONGEST: Final = 3

# Only those whose open transaction holds a lock on a table of ours.
_TRANSACTIONS: LiteralString = """
    WITH waiting AS MATERIALIZED (
        SELECT pg_blocking_pids(pid) AS on_pids
          FROM pg_stat_activity WHERE wait_event_type = 'Lock')
    SELECT a.pid, a.application_name AS application, a.state,
           extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS seconds,
           (SELECT string_agg(DISTINCT c.relname, ', ' ORDER BY c.relname)
              FROM pg_locks l
              JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
              JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
             WHERE l.pid = a.pid AND l.granted) AS tables,
           (SELECT count(*) FROM waiting WHERE a.pid = ANY (on_pids))::int AS blocks
      FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
       AND a.xact_start IS NOT NULL AND a.backend_type = 'client backend'
     ORDER BY a.xact_start
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A connection with an open transaction."""

    pid: int
    application: str
    state: str | None
    """As `idle in transaction`; None where we may not see it."""
    seconds: float
    """Since its transaction began."""
    tables: str | None
    """Names of those it holds a lock on."""
    blocks: int
    """How many others wait for it."""

    def __str__(self) -> str:
        who = f"process {self.pid}"
        if self.application:
            who += f" of {self.application}"
        held = f", holds {self.tables}" if self.tables else ""
        return f"{who}, {self.state or 'in a transaction'} for {self.seconds:.0f} s{held}"


def open_transactions(connection: "psycopg.Connection[Any]") -> list[Session]:
    """Every other connection to this database with an open transaction, the oldest first."""
    with connection.cursor(row_factory=class_row(Session)) as cursor:
        return cursor.execute(_TRANSACTIONS).fetchall()


def lock_holders(connection: "psycopg.Connection[Any]") -> str:
    """The longest transactions that hold a table of ours, in words."""
    found = [str(each) for each in open_transactions(connection) if each.tables]
    return "; ".join(found[:_LONGEST]) or "it has ended since"
