"""How the database is, for a diagnosis: one short look that reads and never waits long.

What a table would tell is None where it can't be read now: absent before a migration, locked, or
not ours to see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final, LiteralString

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from license_verify.database.schema_version import SchemaVersion
from license_verify.database.sessions import Session, open_transactions
from registry_service.store.migrate import read_version

_CONNECT_SECONDS: Final = 2
_LIMITS: LiteralString = """
    SET statement_timeout = '1s'; SET lock_timeout = '500ms'; SET default_transaction_read_only = on
"""
_SERVER: LiteralString = """
    SELECT clock_timestamp(), pg_is_in_recovery(), current_setting('server_version'),
           (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
           current_setting('max_connections')::int
             - current_setting('superuser_reserved_connections')::int
"""
_DATA: LiteralString = "SELECT current_setting('data_directory')"
_MANIFEST: LiteralString = "SELECT seq, issued_at FROM manifest"
_ACTIVE: LiteralString = "SELECT use, kid FROM signing_key WHERE state = 'active'"
_INTENTS: LiteralString = """
    SELECT count(*), min(created_at)
      FROM (SELECT created_at FROM license_version WHERE state = 'intent'
            UNION ALL SELECT created_at FROM site_code WHERE state = 'intent'
            UNION ALL SELECT created_at FROM copy_token WHERE state = 'intent'
            UNION ALL SELECT created_at FROM premises_statement WHERE state = 'intent') waiting
"""
_UNNUMBERED: LiteralString = """
    SELECT count(*), min(recorded_at) FROM event WHERE feed_no IS NULL
"""
_IMPORTS: LiteralString = """
    SELECT count(*), min(at)
      FROM (SELECT ended_at AS at FROM import_run WHERE state = 'loading'
            UNION ALL
            SELECT signed_at FROM import_unit WHERE state = 'signed') waiting
"""


class Cause(Enum):
    """Why the database can't be asked."""

    UNREACHABLE = auto()
    PASSWORD = auto()
    ACCOUNT = auto()
    """No entry of pg_hba.conf, or no such role."""
    NO_DATABASE = auto()
    TOO_MANY = auto()
    STARTING = auto()
    """It starts, stops or recovers."""
    URL = auto()
    OTHER = auto()


# libpq tells a failed connection by words alone, in the server's language.
_WORDS: Final[Mapping[str, Cause]] = {
    "password authentication failed": Cause.PASSWORD,
    "no password supplied": Cause.PASSWORD,
    "认证失败": Cause.PASSWORD,
    "peer authentication failed": Cause.ACCOUNT,
    "no pg_hba.conf entry": Cause.ACCOUNT,
    "pg_hba.conf rejects": Cause.ACCOUNT,
    "too many clients": Cause.TOO_MANY,
    "too many connections": Cause.TOO_MANY,
    "remaining connection slots": Cause.TOO_MANY,
    "is starting up": Cause.STARTING,
    "is shutting down": Cause.STARTING,
    "not yet accepting connections": Cause.STARTING,
    "recovery mode": Cause.STARTING,
    "connection refused": Cause.UNREACHABLE,
    "no such file or directory": Cause.UNREACHABLE,
    "timeout expired": Cause.UNREACHABLE,
    "could not translate host name": Cause.UNREACHABLE,
    "failed to resolve host": Cause.UNREACHABLE,
    "no route to host": Cause.UNREACHABLE,
    "network is unreachable": Cause.UNREACHABLE,
}


class DatabaseRefused(Exception):
    """The database can't be asked. Its text names neither password nor account."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.name)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait for something."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """What one look told."""

    clock: datetime
    standby: bool
    version: str
    connections: int
    most_connections: int
    """That accounts without special rights may open."""
    transactions: list[Session]
    schema: SchemaVersion
    data_directory: str | None
    manifest: tuple[int, datetime] | None
    """Number and time of the newest publication."""
    active_keys: Mapping[str, bytes] | None
    """Kid by use."""
    intents: Waiting | None
    unnumbered: Waiting | None
    imports: Waiting | None


def place_of(url: str) -> str:
    """Host, port and database of a URL; nothing of who connects."""
    try:
        known = conninfo_to_dict(url)
    except psycopg.Error:
        return "?"
    host, port = known.get("host") or "localhost", known.get("port") or 5432
    return f"{host}:{port}/{known.get('dbname') or ''}"


def read_health(url: str) -> Health:
    """Look once.

    Raises:
        DatabaseRefused: it can't be asked.
    """
    try:
        conninfo_to_dict(url)
    except psycopg.Error:
        raise DatabaseRefused(Cause.URL) from None
    try:
        with psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            application_name="yizhao-doctor",
        ) as connection:
            return _look(connection)
    except psycopg.OperationalError as error:
        raise DatabaseRefused(_cause(error)) from None


def _look(connection: psycopg.Connection) -> Health:
    connection.execute(_LIMITS)
    server = connection.execute(_SERVER).fetchone()
    assert server is not None  # noqa: S101 - one row without a table
    clock, standby, version, used, most = server
    data, manifest = _told(connection, _DATA), _told(connection, _MANIFEST)
    return Health(
        clock=clock,
        standby=standby,
        version=version,
        connections=used,
        most_connections=most,
        transactions=open_transactions(connection),
        schema=read_version(connection),
        data_directory=data[0][0] if data else None,
        manifest=manifest[0] if manifest else None,
        active_keys=_keys(_told(connection, _ACTIVE)),
        intents=_waiting(_told(connection, _INTENTS)),
        unnumbered=_waiting(_told(connection, _UNNUMBERED)),
        imports=_waiting(_told(connection, _IMPORTS)),
    )


def _told(connection: psycopg.Connection, query: LiteralString) -> list[tuple[Any, ...]] | None:
    try:
        return connection.execute(query).fetchall()
    except (psycopg.ProgrammingError, errors.QueryCanceled, errors.LockNotAvailable):
        return None


def _keys(rows: list[tuple[Any, ...]] | None) -> Mapping[str, bytes] | None:
    return None if rows is None else {use: bytes(kid) for use, kid in rows}


def _waiting(rows: list[tuple[Any, ...]] | None) -> Waiting | None:
    return Waiting(*rows[0]) if rows else None


def _cause(error: psycopg.OperationalError) -> Cause:
    text = str(error).lower()
    found = next((cause for words, cause in _WORDS.items() if words in text), None)
    if found is None and "does not exist" in text:
        return Cause.NO_DATABASE if "database" in text.rpartition("fatal:")[2] else Cause.ACCOUNT
    return found or Cause.OTHER
