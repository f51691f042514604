"""One PostgreSQL server for a whole test run, shared by all its workers.

The controller (or the only process, with `-n 0`) makes a run folder with a FIFO and holds the FIFO
open; the first test that wants a database starts the server, whose lifeline that FIFO is. So the
server ends with the run, however the run ends.
"""

import fcntl
import importlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from registry_service.embedded.binaries import version_from
from registry_service.embedded.errors import AlreadyRunning
from registry_service.embedded.folder import remove_instance
from registry_service.embedded.postgres import EmbeddedPostgres, with_database

SERVER_VARIABLE: Final = "TEST_DATABASE_URL"
"""A server to use instead of the embedded one; its user must be allowed to create databases."""

_PREFIX: Final = "yizhao-test-"

# A guard that is still running when its Popen object is collected is a ResourceWarning.
_started: Final[list[EmbeddedPostgres]] = []


class DatabaseRun:
    """The run's folder, as the controller holds it."""

    def __init__(self) -> None:
        _remove_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self.folder.chmod(0o711)  # as root, the unprivileged account passes through to its data
        os.mkfifo(self.folder / "alive", 0o600)
        self._lifeline = os.open(self.folder / "alive", os.O_RDWR)
        self._lock = _lock_new(self.folder)

    def close(self) -> None:
        """Let the server end, wait until it has, and remove everything."""
        os.close(self._lifeline)
        guard_lock = self.folder / "postgres" / "lock"
        if guard_lock.exists():
            with guard_lock.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX)  # the guard stops within seconds, or kills
        remove_run(self.folder)
        os.close(self._lock)


@dataclass(frozen=True, slots=True)
class SharedServer:
    """A running server with a migrated template database for each side."""

    url: str
    template: str
    verify_template: str

    @contextmanager
    def clone(self, template: str | None = None) -> Iterator[str]:
        """The URL of a new copy of the template; dropped, with its connections, at the end."""
        name = sql.Identifier(f"test_{secrets.token_hex(8)}")
        source = sql.Identifier(template or self.template)
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(name, source)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(make)
        try:
            yield with_database(self.url, name.as_string().strip('"'))
        finally:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def shared_server(run: Path, environ: Mapping[str, str]) -> SharedServer:
    """The run's server, started and migrated by whoever comes first."""
    with (run / "turn").open("wb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        url = _once(run / "server", lambda: _server(run, environ))
        return SharedServer(
            url,
            _once(run / "template", lambda: _template(url, "registry_service.store.migrate")),
            _once(
                run / "verify_template",
                lambda: _template(url, "license_verify.server.database.migrate"),
            ),
        )


def _once(record: Path, make: Callable[[], str]) -> str:
    if not record.exists():
        record.write_text(make(), encoding="utf-8")
    return record.read_text(encoding="utf-8")


def _server(run: Path, environ: Mapping[str, str]) -> str:
    if given := environ.get(SERVER_VARIABLE, ""):
        return given
    server = EmbeddedPostgres(
        run / "postgres", version_from(environ), durable=False, lifeline=run / "alive"
    )
    url = server.start()
    _started.append(server)
    return url


def _template(url: str, migrations: str) -> str:
    template = f"template_{secrets.token_hex(8)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
    importlib.import_module(migrations).migrate(with_database(url, template))
    return template


def remove_run(folder: Path) -> None:
    """Remove a run's folder and what its server left elsewhere."""
    if (folder / "template").exists() and not (folder / "postgres").exists():
        # Somebody else's server outlives us.
        with psycopg.connect(
            (folder / "server").read_text(encoding="utf-8"), autocommit=True
        ) as connection:
            for record in folder.glob("*template"):
                template = sql.Identifier(record.read_text(encoding="utf-8"))
                connection.execute(sql.SQL("DROP DATABASE {}").format(template))
    remove_instance(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def _lock_new(folder: Path) -> int:
    """A lock that is taken before anybody can see it."""
    hidden = folder / "lock.new"
    descriptor = os.open(hidden, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    hidden.rename(folder / "lock")
    return descriptor


def _remove_abandoned() -> None:
    """Remove the folders of runs that were killed: ours, and no longer locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, AlreadyRunning, psycopg.Error):
            if folder.stat().st_uid != os.geteuid():
                continue
            with (folder / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_run(folder)
