"""A verifying node with the seeds' bundle, and a registry that is away or answers as it is told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import grpc

from license_verify import Bundle, Status
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checker
from license_verify.server.live import LiveRegister
from license_verify.server.node_health import NodeHealth
from license_verify.server.page.app import build_site
from license_verify.server.store import BundleStore
from tests.fuzz.seeds import BUNDLE, TRUST, WORLD
from tests.unit.verify.world import HOST, T0
from yizhao.registry.v1 import publication_service_pb2 as pb

SLEEPING: Final = replace(WORLD, statuses=dict.fromkeys(range(64), Status.SUSPENDED)).bundle()
"""The same documents, each of a dormant firm: whatever a register says, none of them is valid."""


@dataclass
class Registry:
    """Answers what it is told to; away without that."""

    bundle: pb.GetBundleResponse | None = None
    record: pb.PublicRecord | None = None

    def GetBundle(self, request: object, *, timeout: float) -> pb.GetBundleResponse:  # noqa: N802
        if self.bundle is None:
            raise grpc.RpcError
        return self.bundle

    def WatchBundle(self, request: object, *, timeout: float) -> Any:  # noqa: N802
        raise grpc.RpcError

    def GetPublicRecord(self, request: object, *, timeout: float) -> pb.PublicRecord:  # noqa: N802
        if self.record is None:
            raise grpc.RpcError
        return self.record


@dataclass(frozen=True)
class Node:
    """The parts of a node."""

    registry: Registry
    bundles: Bundles
    checker: Checker
    site: Any
    """An ASGI application."""


def a_node(bundle: Bundle) -> Node:
    """A node that has this bundle on its disk."""
    registry = Registry()
    store = BundleStore(Path(mkdtemp()))
    store.keep(bundle.encode(), TRUST.highest_seen)
    held = Bundles(registry, store, WORLD.anchor(), refresh_seconds=1, jitter=lambda: 0.0)
    held.load()
    checker = Checker(held, LiveRegister(registry), lambda: T0)
    health = NodeHealth(held, lambda: T0, 300, lambda: False)
    site = build_site(checker, held, health, test_system=False, now=lambda: T0)
    return Node(registry, held, checker, site)


@cache
def node() -> Node:
    """The node to be fuzzed."""
    return a_node(BUNDLE)


@cache
def sleeping() -> Node:
    """One that believes `SLEEPING`."""
    return a_node(SLEEPING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page said."""

    status: int
    body: bytes

    @property
    def valid(self) -> bool:
        """Whether it shows a valid document."""
        return b'class="verdict ok"' in self.body


def ask(
    site: Any,
    raw_path: bytes,
    *,
    method: str = "GET",
    headers: Sequence[tuple[bytes, bytes]] = ((b"host", HOST.encode()),),
) -> Answer:
    """One request to the site, without a server between."""
    return asyncio.run(_ask(site, raw_path, method, headers))


async def _ask(
    site: Any, raw_path: bytes, method: str, headers: Sequence[tuple[bytes, bytes]]
) -> Answer:
    path, _, query = raw_path.partition(b"?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "https", "path": path.decode("utf-8", "replace"), "raw_path": path,
        "query_string": query, "headers": [*headers], "root_path": "",
        "client": ("127.0.0.1", 1), "server": (HOST, 443),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await site(scope, receive, send)
    return Answer(sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]))
