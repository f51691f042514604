"""PostgreSQL on a Unix socket, started and stopped by us."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from registry_service.embedded import guard
from registry_service.embedded.binaries import DEFAULT_VERSION, programs
from registry_service.embedded.errors import AlreadyRunning, EmbeddedPostgresError
from registry_service.embedded.folder import DatabaseFolder, clean_environment
from registry_service.embedded.postmaster import Postmaster, clear_leftovers
from registry_service.embedded.settings import PORT, SUPERUSER, server_arguments

_POLL_SECONDS: Final = 0.02
_STOP_SECONDS: Final = 60


class EmbeddedPostgres:
    """The database server of one instance folder.

    The server lives as long as this process: its guard stops it when the process ends, by
    whatever death. With `lifeline`, the path of a FIFO, it lives as long as somebody holds that
    FIFO open for writing, and `stop` is not called.

    Constructing it touches nothing.
    """

    def __init__(
        self,
        folder: Path,
        version: int | None = None,
        *,
        durable: bool = True,
        lifeline: Path | None = None,
        start_seconds: float = 300,
    ) -> None:
        """Describe the server.

        Args:
            folder: the instance's folder for it, made at the first start.
            version: 16 or 18; None takes that of the data, 18 for a new folder.
            durable: False switches fsync off, for tests.
            lifeline: see the class.
            start_seconds: how long crash recovery may take.
        """
        self._folder = folder
        self._version = version
        self._durable = durable
        self._lifeline = lifeline
        self._start_seconds = start_seconds
        self._guard: subprocess.Popen[bytes] | None = None
        self._socket_folder: Path | None = None
        self._owner = 0

    def start(self) -> str:
        """Start the server, recovering from any earlier crash; returns the URL of `postgres`.

        Raises:
            AlreadyRunning: another process runs the server of this folder.
            EmbeddedPostgresError: it can't be started; the text says why.
        """
        if self._guard is not None:
            raise AlreadyRunning("this object has already started its server")
        place = DatabaseFolder.open(self._folder)
        lock = place.lock()
        try:
            version = self._agreed_version(place)
            binaries = programs(version, place.account)
            if place.version is None:
                place.initialise(binaries, durable=self._durable)
            clear_leftovers(place.data)
            place.rotate_log()
            self._socket_folder = place.new_socket_folder()
            self._guard = self._start_guard(place, binaries, self._socket_folder, lock)
        finally:
            os.close(lock)  # the guard has its own copy, and with it the lock
        self._owner = os.getpid()
        self._wait_until_ready(place)
        return database_url(self._socket_folder)

    def database(self, name: str) -> str:
        """Create the database `name` unless it exists; returns its URL.

        Raises:
            EmbeddedPostgresError: the server was not started.
        """
        if self._socket_folder is None:
            raise EmbeddedPostgresError("start the server before asking for a database")
        with psycopg.connect(database_url(self._socket_folder), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return database_url(self._socket_folder, name)

    def stop(self) -> None:
        """Shut the server down cleanly; does nothing if it isn't ours or not running."""
        if self._guard is None or self._owner != os.getpid():
            return
        self._guard.terminate()
        self._guard.wait(_STOP_SECONDS)
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard = None
        self._socket_folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _agreed_version(self, place: DatabaseFolder) -> int:
        stored = place.version
        if stored is not None and self._version not in (None, stored):
            raise EmbeddedPostgresError(
                f"{place.data} was made by PostgreSQL {stored}, not {self._version}: "
                "ask for that version, or dump and restore into a new folder"
            )
        return stored or self._version or DEFAULT_VERSION

    def _start_guard(
        self, place: DatabaseFolder, binaries: Path, socket_folder: Path, lock: int
    ) -> subprocess.Popen[bytes]:
        drop = place.account.popen()
        identity = [str(drop["user"]), str(drop["group"])] if drop else ["-", "-"]
        paths = [str(place.log), str(socket_folder)]
        server = [str(binaries / "postgres"), "-D", str(place.data)]
        server += server_arguments(socket_folder, durable=self._durable)
        # Without O_NONBLOCK the open would wait for a holder; without a holder there is no reason
        # to run, and the guard stops at once.
        mode = os.O_RDONLY | os.O_NONBLOCK
        held = None if self._lifeline is None else os.open(self._lifeline, mode)
        try:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", guard.__file__, *identity, *paths, *server],
                stdin=subprocess.PIPE if held is None else held,
                cwd="/",
                env=clean_environment(),
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl-C reaches us first; we stop it when we are done
            )
        finally:
            if held is not None:
                os.close(held)

    def _wait_until_ready(self, place: DatabaseFolder) -> None:
        running, end = self._guard, time.monotonic() + self._start_seconds
        assert running is not None  # noqa: S101 - set by the only caller
        while time.monotonic() < end:
            found = Postmaster.read(place.data)
            if found is not None and found.ready and found.socket_folder == self._socket_folder:
                return
            with suppress(subprocess.TimeoutExpired):
                running.wait(_POLL_SECONDS)
                break
        self.stop()
        raise EmbeddedPostgresError(f"PostgreSQL did not start; its log {place.log} says why")


def running(folder: Path, database: str = "postgres") -> str | None:
    """The URL of `database` on the server that some process runs in `folder`; None if none."""
    if not folder.is_dir():
        return None
    place = DatabaseFolder.open(folder)
    found = Postmaster.read(place.data) if place.is_locked() else None
    return database_url(found.socket_folder, database) if found and found.ready else None


def database_url(socket_folder: Path, database: str = "postgres") -> str:
    """The libpq URL of a database behind the socket in `socket_folder`."""
    folder = quote(str(socket_folder), safe="/")
    return f"postgresql://{SUPERUSER}@/{quote(database)}?host={folder}&port={PORT}"


def with_database(url: str, name: str) -> str:
    """The same server's URL for another database."""
    return urlsplit(url)._replace(path=f"/{quote(name)}").geturl()
