"""Connections to the verifying side's database. It may be away: verdicts go on without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from license_verify.refusal import Kind, Refusal

Connection = psycopg.Connection[DictRow]

_WAIT_SECONDS: Final = 2.0
_STATEMENT_SECONDS: Final = 30.0
_LIVELY: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Of libpq, in seconds, the last in milliseconds: a server that a firewall or a power cut took away
says nothing, and the system's own patience is two hours, in which no act reaches this node."""
_AWAY: Final = (
    PoolTimeout,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,  # a standby, while another server becomes the first
)
_TRY: LiteralString = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0)) AS held"
_LET_GO: LiteralString = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
_TIMEOUT: LiteralString = "SELECT set_config('statement_timeout', %s, true)"


class VerifyDatabaseAway(Refusal):
    """The verifying side's database does not answer."""

    kind = Kind.UNAVAILABLE
    reason = "VERIFY_DATABASE_UNAVAILABLE"


def away(error: BaseException) -> VerifyDatabaseAway:
    """What callers are told; the cause is its class alone, since libpq's text names accounts."""
    return VerifyDatabaseAway(
        "the verifying side's database does not answer; nothing was changed, try again",
        zh="核验数据库暂时无法访问，未作任何更改，请稍后重试",
        cause=type(error).__name__,
    )


class Database:
    """A pool of connections, opened when first needed and again after every outage."""

    def __init__(self, url: str, size: int) -> None:
        """Prepare the pool; nothing connects before `open`."""
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            connection_class=psycopg.Connection[DictRow],
            kwargs={
                "row_factory": dict_row,
                "application_name": "yizhao-verify",
                **_LIVELY,
                **_said_in(url),
            },
            min_size=0,
            max_size=size,
            timeout=_WAIT_SECONDS,
            check=ConnectionPool.check_connection,
            open=False,
        )

    def open(self) -> None:
        """Begin to connect in the background; the database may be away."""
        self._pool.open(wait=False)

    def close(self) -> None:
        """Give every connection back to the server."""
        self._pool.close()

    def __enter__(self) -> "Database":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self, seconds: float = _STATEMENT_SECONDS) -> Iterator[Connection]:
        """A transaction that commits when its block ends, and rolls back on any error.

        Args:
            seconds: a statement that runs longer is stopped.

        Raises:
            VerifyDatabaseAway: the server is away or takes no writes, or a statement ran out of
                time.
        """
        try:
            with self._pool.connection(min(seconds, _WAIT_SECONDS)) as connection:
                connection.execute(_TIMEOUT, (f"{seconds * 1000:.0f}",))
                yield connection
        except _AWAY as error:
            raise away(error) from None

    @contextmanager
    def alone(self, what: str) -> Iterator[bool]:
        """Whether this process is the one of all nodes that may do `what`, while the block runs.

        Raises:
            VerifyDatabaseAway: the server is away, before the block or after it.
        """
        key = (f"alone {what}",)
        try:
            with self._pool.connection(_WAIT_SECONDS) as connection:
                row = connection.execute(_TRY, key).fetchone()
                connection.commit()  # the lock is the session's: no transaction stays open
                found = bool(row and row["held"])
                try:
                    yield found
                finally:
                    if found:
                        connection.execute(_LET_GO, key)
        except _AWAY as error:
            raise away(error) from None


def _said_in(url: str) -> dict[str, Any]:
    """What of the above the operator's URL says otherwise."""
    try:
        said = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return {}  # it is no URL of libpq's: connecting tells of that
    return {key: value for key, value in said.items() if key in _LIVELY}
