"""A verifying node, wired by its own composition root, and a browser that talks to it."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from license_verify.rpc.client import open_channel
from license_verify.rpc.identity import Authority
from license_verify.server.composition import serving
from license_verify.server.config import Config
from tests.e2e.page.registry import Publisher
from tests.rpc.verify.authority import DOMAIN, Authorities
from tests.unit.verify.world import HOST, World
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Node:
    """Addresses of a running node, and calls on them."""

    rpc_address: str
    page_address: str
    authorities: Authorities

    def get(self, path: str, host: str = HOST, **headers: str) -> httpx.Response:
        """GET a path, under the public host's name."""
        return httpx.get(
            f"https://{self.page_address}{path}",
            headers={"Host": host, **headers},
            verify=self.trusted(),
            trust_env=False,
            timeout=30,
        )

    def trusted(self) -> ssl.SSLContext:
        """What a browser needs to believe the page's certificate."""
        pem = self.authorities.of[Authority.SERVICES].pem.decode()
        return ssl.create_default_context(cadata=pem)

    def scan(self, text: str, **headers: str) -> httpx.Response:
        """Open a scan text as a phone does."""
        return self.get(text.removeprefix(f"https://{HOST}"), **headers)

    @contextmanager
    def verifier(self, name: str = "partner/icbank") -> Iterator[Any]:
        """The stub of VerifyService, as a bank's workload; Any for its metadata arguments."""
        tls = self.authorities.client(name, Authority.PARTNERS)
        with open_channel(self.rpc_address, tls, deadline_seconds=30) as channel:
            yield VerifyServiceStub(channel)

    def has(self, data: str) -> bool:
        """Whether the node says that its data is `live`, `cached` or `none`."""
        return bool(self.get("/healthz").json()["data"] == data)

    def await_seq(self, publisher: Publisher) -> None:
        """Wait until the node has taken what the registry publishes now."""
        seen = publisher.not_modified
        until(lambda: publisher.not_modified > seen + 1)


def settings(
    folder: Path, authorities: Authorities, world: World, registry: str, **changes: str | None
) -> Config:
    """Files and settings of a node in `folder`, whose cache survives a second call."""
    pinned = world.root.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return settings_of(folder, authorities, pinned, registry, **changes)


def settings_of(
    folder: Path, authorities: Authorities, root: bytes, registry: str, **changes: str | None
) -> Config:
    """The same with a pinned root key as PEM."""
    tls = authorities.server("verify")
    files = {
        "tls_cert": tls.certificate,
        "tls_key": tls.key,
        "https_cert": tls.certificate,
        "https_key": tls.key,
        "root": root,
    }
    for name, content in files.items():
        (folder / f"{name}.pem").write_bytes(content)
    told: dict[str, object] = {name: folder / f"{name}.pem" for name in files}
    told |= {f"{each.value}_ca": path for each, path in authorities.write(folder).items()}
    told |= {
        "listen": "127.0.0.1:0",
        "https_listen": "127.0.0.1:0",
        "registry": registry,
        "cache": folder / "cache",
        "refresh_seconds": 0.05,
        "trust_domain": DOMAIN,
        "environment": "test",
        "drain_seconds": 0,
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in told.items():
            environment.setenv(f"YIZHAO_VERIFY_{name.upper()}", str(value))
        for name, changed in changes.items():
            if changed is None:
                environment.delenv(f"YIZHAO_VERIFY_{name}")
            else:
                environment.setenv(f"YIZHAO_VERIFY_{name}", changed)
        return Config.load()


@contextmanager
def a_node(
    config: Config, authorities: Authorities, now: Callable[[], datetime] = utc_now
) -> Iterator[Node]:
    with serving(config, now=now) as (rpc, page):
        yield Node(rpc.address, page.address, authorities)


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
