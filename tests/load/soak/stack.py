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

from clients.local.process import Process
from clients.local.services import Service
from license_verify.server.config import PREFIX, Config
from license_verify.token.scan import ScanText
from tests.database import SharedServer
from tests.e2e.beside import node_settings
from tests.load.bulk import fill
from tests.load.mass import begun, over
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry

WORKERS: Final = 2
"""Processes of the node under load."""
_EVENT: Final = "verify.serving"
_TOKENS: Final = "SELECT scan_host, token FROM license_version WHERE state = 'issued' ORDER BY idx"
STRICT_MODULE: Final = "tests.load.soak.strict_node"
_MODULE: Final = "license_verify.server"


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
        written = self._log.read_text("utf-8").splitlines()
        return [line for each in written if (line := _json(each)).get("event") == event]

    def errors(self) -> list[str]:
        """What it has logged as an error."""
        lines = map(_json, self._log.read_text("utf-8").splitlines())
        return [str(line) for line in lines if line.get("level") in ("error", "critical")]

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
        node, strict = (
            stack.enter_context(_a_node(certificates, folder, process.address, *which))
            for which in (("node", _MODULE, WORKERS), ("strict", STRICT_MODULE, 1))
        )
        yield Stack(
            folder, certificates, process, registry, _server(url), node, strict, _scans(url)
        )


@contextmanager
def _a_node(
    certificates: Certificates, folder: Path, registry: str, name: str, module: str, workers: int
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
    )
    node = NodeProcess(name, config, folder, module)
    try:
        yield node
    finally:
        node.stop()


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
    told = {f"{PREFIX}{name.upper()}": str(value) for name, value in config if value is not None}
    path = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
    return kept | told | {"PYTHONPATH": path}


def _json(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
