"""The processes under load: PostgreSQL, a registry that is killed, and two verifying nodes."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

import psycopg
from pydantic import SecretStr

from clients.local.process import Process
from clients.local.services import Service
from license_verify.server.config import PREFIX, Config
from license_verify.token.scan import ScanText
from tests.database import SharedServer
from tests.e2e.beside import node_settings
from tests.load.bulk import fill
from tests.load.mass import begun, over
from tests.load.registry_process import RegistryProcess
from tests.load.soak.books import Books
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry

WORKERS: Final = 2
"""Processes of the node under load."""
_EVENT: Final = "verify.serving"
_TOKENS: Final = "SELECT scan_host, token FROM license_version WHERE state = 'issued' ORDER BY idx"
_RECEIPT_KEYS: Final = "receipt-keys"
NODES: Final = {
    "node": ("license_verify.server", WORKERS),
    "strict": ("tests.load.soak.strict_node", 1),
}
"""Module and processes of each node."""


class NodeProcess:
    """A verifying node as operators run it."""

    def __init__(self, name: str, config: Config, folder: Path, module: str) -> None:
        """Start it and wait until it serves.

        Raises:
            DidNotStart: it does not.
        """
        self.name = name
        self._log = folder / "log" / f"{name}.log"
        service = Service(name, module, _EVENT, _environ(config))
        self._process = Process(service, self._log, SimpleQueue())
        self._process.wait_until_ready()
        told = self.lines(_EVENT)[-1]
        self.address, self.page = str(told["address"]), str(told["page"])

    @property
    def pid(self) -> int:
        """Of the process that was started; its workers are below it."""
        return self._process.pid

    def lines(self, event: str) -> list[dict[str, Any]]:
        """What it has logged of that event."""
        return [line for line in self._logged(event) if line.get("event") == event]

    def errors(self) -> list[str]:
        """What it has logged as an error."""
        return [str(line) for line in self._logged("error") if line.get("level") == "error"]

    def _logged(self, word: str) -> Iterator[dict[str, Any]]:
        """Lines with that word; a log of twenty minutes is long."""
        with self._log.open(encoding="utf-8") as log:
            yield from (_json(line) for line in log if word in line)

    def stop(self) -> None:
        """End it in order."""
        self._process.stop()


@dataclass(frozen=True)
class Stack:
    """Everything that runs."""

    folder: Path
    certificates: Certificates
    process: RegistryProcess
    registry: Registry
    postgres: int
    """Process number of the database server."""
    node: NodeProcess
    strict: NodeProcess
    """A node whose purpose `soak` allows data of few seconds alone."""
    scans: tuple[str, ...]
    """Of licences that no act touches."""
    books: Books


@contextmanager
def a_stack(server: SharedServer, folder: Path, steady: int) -> Iterator[Stack]:
    """Everything started, with so many licences that no act will touch, published."""
    certificates = Certificates(folder / "ca")
    with ExitStack() as stack:
        url = stack.enter_context(server.clone())
        process = RegistryProcess(certificates, folder, url)
        fill(url, 1, steady)
        process.start()
        stack.callback(process.stop)
        registry = Registry(process.address, certificates, url)
        stack.callback(registry.close)
        over(registry, begun(registry).name)
        _carry_receipt_keys(folder)
        books = Books(
            stack.enter_context(server.clone(server.verify_template)),
            [_journal(folder, name) for name in NODES],
        )
        node, strict = (
            stack.enter_context(
                _a_node(certificates, folder, process.address, books.url, name, *which)
            )
            for name, which in NODES.items()
        )
        yield Stack(
            folder,
            certificates,
            process,
            registry,
            _server(url),
            node,
            strict,
            _scans(url),
            books,
        )


@contextmanager
def _a_node(
    certificates: Certificates,
    folder: Path,
    registry: str,
    database: str,
    name: str,
    module: str,
    workers: int,
) -> Iterator[NodeProcess]:
    cache = folder / f"cache-{name}"
    config = node_settings(
        certificates,
        folder,
        registry,
        cache=cache,
        processes=workers,
        refresh_seconds=1,
        drain_seconds=5,
        database_url=database,
        journal=_journal(folder, name),
        receipt_keys=folder / _RECEIPT_KEYS,
    )
    node = NodeProcess(name, config, folder, module)
    try:
        yield node
    finally:
        node.stop()


def _journal(folder: Path, name: str) -> Path:
    return folder / f"journal-{name}"


def _carry_receipt_keys(folder: Path) -> None:
    """As an operator does, from the registry's host to the nodes'."""
    kept = folder / _RECEIPT_KEYS
    kept.mkdir(mode=0o700)
    for file in (folder / "keys").glob("receipt-*.pem"):
        copy = kept / file.name
        copy.touch(0o600)
        copy.write_bytes(file.read_bytes())


def _scans(url: str) -> tuple[str, ...]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(_TOKENS).fetchall()
    return tuple(str(ScanText.of(host, token)) for host, token in rows)


def _server(url: str) -> int:
    """The process above the one that serves a connection."""
    with psycopg.connect(url) as connection:
        status = Path(f"/proc/{connection.info.backend_pid}/stat").read_text("utf-8")
    return int(status.rpartition(")")[2].split()[1])


def _environ(config: Config) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
    told = {f"{PREFIX}{name.upper()}": _told(value) for name, value in config if value is not None}
    path = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
    return kept | told | {"PYTHONPATH": path}


def _told(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _json(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
