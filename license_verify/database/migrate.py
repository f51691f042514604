"""Forward-only migrations: numbered SQL files, each in a transaction of its own.

They run while a service works on the database. A statement that waits for a lock makes everybody
queue behind it, so it waits briefly, gives way, and tries again a few times; then it gives up and
names who holds the lock. docs/migrations.md says what a migration may do.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg
from psycopg import errors, sql

from license_verify.database.migration_errors import MigrationBlocked, MigrationTimedOut
from license_verify.database.migration_files import ConcurrentIndex, Migration
from license_verify.database.schema_version import PREPARE, PREPARED, read_version
from license_verify.database.sessions import lock_holders

_LOCK: Final = (
    0x59_5A_00_01  # any constant of ours; two starting processes must not migrate at once
)
_POLL_SECONDS: Final = 0.1
_BOOKKEEPING: Final = Migration("0000_schema_migration", PREPARE)
# Asked again and again, not waited for: who waits inside a statement holds a snapshot, and an index
# that is built concurrently waits for every snapshot.
_TRY_LOCK: LiteralString = "SELECT pg_try_advisory_lock(%s)"
_SET_TIMEOUTS: LiteralString = (
    "SELECT set_config('lock_timeout', %(lock)s, false),"
    " set_config('statement_timeout', %(statement)s, false)"
)
_DONE: LiteralString = "INSERT INTO schema_migration (number, oldest_program) VALUES (%s, %s)"
_INDEX_IS_VALID: LiteralString = """
    SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a migration may wait and work; seconds."""

    lock: float = 3.0
    """For a lock, with everybody queueing behind."""
    statement: float = 600.0
    index: float = 7200.0
    """For one index that is built beside running writers, who do not wait for it."""
    attempts: int = 5
    pause: float = 3.0
    """Between two attempts, for those who queued."""


def migrate(
    dsn: str, files: list[Migration], previous_newest: int, patience: Patience | None = None
) -> list[int]:
    """Bring the database up to a release.

    Args:
        dsn: libpq URL.
        files: the release's migrations.
        previous_newest: number of the newest migration of the release before, which goes on
            running while this one takes over.
        patience: other limits than the usual ones.

    Returns:
        The numbers applied, in order; empty if it was up to date.

    Raises:
        psycopg.OperationalError: nothing answers there, or not any more.
        SchemaNewer: the database has had migrations that are unknown here.
        MigrationBlocked, MigrationTimedOut: that one changed nothing; those before it stay.
    """
    with psycopg.connect(dsn, autocommit=True, application_name="yizhao-migrate") as connection:
        return list(_Run(connection, previous_newest, patience or Patience()).all(files))


class _Run:
    """One process's turn at the migrations."""

    def __init__(
        self, connection: psycopg.Connection, previous_newest: int, patience: Patience
    ) -> None:
        self._connection = connection
        self._previous_newest = previous_newest
        self._patience = patience

    def all(self, files: list[Migration]) -> Iterator[int]:
        """Apply what is missing, yielding each number once it is durable."""
        self._limit(self._patience.lock, self._patience.statement)
        with self._only_one():
            if not self._is(PREPARED):
                self._attempt(_BOOKKEEPING, self._run_whole)
            version = read_version(self._connection, files)
            version.refuse_unknown()
            for each in files:
                if each.name in version.missing:
                    act = self._build_indexes if each.outside_transaction else self._run_whole
                    self._attempt(each, act)
                    yield each.number

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        end = time.monotonic() + self._patience.statement
        while not self._is(_TRY_LOCK, _LOCK):
            if time.monotonic() > end:
                raise MigrationBlocked(
                    "another process is migrating this database; nothing was changed; wait for it"
                    " and run `yizhao db migrate` again",
                    zh="另一进程正在执行迁移，未作任何更改，请稍后重新运行 `yizhao db migrate`",
                )
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            if not self._connection.closed:
                self._connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))

    def _attempt(self, each: Migration, act: Callable[[Migration], None]) -> None:
        # Who builds an index waits long as it is, and nobody waits for it.
        attempts = 1 if each.outside_transaction else self._patience.attempts
        for attempt in range(1, attempts + 1):
            try:
                act(each)
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                holders = lock_holders(self._connection)
                if attempt == attempts:
                    raise _blocked(each, attempts, holders) from None
                time.sleep(self._patience.pause)
            except errors.QueryCanceled:
                raise _timed_out(each, self._patience) from None
            else:
                return

    def _run_whole(self, each: Migration) -> None:
        self._limit(self._patience.lock, self._patience.statement)
        with self._connection.transaction():
            self._connection.execute(each.sql.encode())  # bytes: a file of ours, not input
            self._record(each)

    def _build_indexes(self, each: Migration) -> None:
        """Build what is not there yet; one that a failed attempt left half built is built anew."""
        self._limit(self._patience.statement, self._patience.index)
        for index in each.indexes():
            self._build(index)
        self._record(each)

    def _build(self, index: ConcurrentIndex) -> None:
        found = self._connection.execute(_INDEX_IS_VALID, (index.name,)).fetchone()
        if found is not None and found[0]:
            return
        if found is not None:
            name = sql.Identifier(index.name)
            self._connection.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(name))
        self._connection.execute(index.statement.encode())  # from a file of ours, too

    def _record(self, each: Migration) -> None:
        if each is _BOOKKEEPING:
            return
        newest = self._previous_newest
        oldest = newest if each.number > newest else None
        self._connection.execute(_DONE, (each.number, oldest))

    def _limit(self, lock: float, statement: float) -> None:
        values = {"lock": f"{lock * 1000:.0f}", "statement": f"{statement * 1000:.0f}"}
        self._connection.execute(_SET_TIMEOUTS, values)

    def _is(self, query: LiteralString, *values: int) -> bool:
        row = self._connection.execute(query, values).fetchone()
        return bool(row and row[0])


def _blocked(each: Migration, attempts: int, holders: str) -> MigrationBlocked:
    return MigrationBlocked(
        f"migration {each.name}: another transaction holds what it needs and did not let go"
        f" ({holders}; attempts: {attempts}); {_nothing(each)}; end that transaction and run"
        " `yizhao db migrate` again",
        zh=f"迁移 {each.name} 未执行：其他事务占用所需的锁（{holders}）。"
        "请结束该事务后重新运行 `yizhao db migrate`",
        migration=each.name,
        holders=holders,
        attempts=attempts,
    )


def _timed_out(each: Migration, patience: Patience) -> MigrationTimedOut:
    limit = f"{patience.index if each.outside_transaction else patience.statement:g}"
    return MigrationTimedOut(
        f"migration {each.name}: a statement ran longer than {limit} s, or was cancelled;"
        f" {_nothing(each)}; run `yizhao db migrate` again when the database is less busy",
        zh=f"迁移 {each.name} 未执行：语句超过 {limit} 秒或被取消。"
        "请在数据库空闲时重新运行 `yizhao db migrate`",
        migration=each.name,
        seconds=limit,
    )


def _nothing(each: Migration) -> str:
    if each.outside_transaction:
        return "no table was changed, and the next run clears away a half-built index"
    return "nothing was changed"
