"""A published world, and authorities, for the nodes of these tests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from license_verify.rpc.server import RpcServer
from tests.e2e.operations.running import Running, running
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.page.test_process import environment
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import World


@pytest.fixture(scope="session")
def authorities() -> Authorities:
    return Authorities.make()


@pytest.fixture
def world() -> World:
    now = datetime.now(UTC).replace(microsecond=0)
    return replace(World(environment="test"), published_at=now - timedelta(seconds=3))


@pytest.fixture
def publisher(world: World) -> Publisher:
    return Publisher(world)


@pytest.fixture
def registry(publisher: Publisher, authorities: Authorities) -> Iterator[RpcServer]:
    with a_registry(publisher, authorities) as started:
        yield started


@pytest.fixture
def told(
    tmp_path: Path, authorities: Authorities, world: World, registry: RpcServer
) -> dict[str, str]:
    """The environment of a node that tells its metrics and drains."""
    return environment(tmp_path, authorities, world, registry.address) | {
        "YIZHAO_VERIFY_METRICS_LISTEN": "0",
        "YIZHAO_VERIFY_DRAIN_SECONDS": "20",
    }


@pytest.fixture
def node(told: dict[str, str], authorities: Authorities) -> Iterator[Running]:
    """One process."""
    with running(told, authorities) as started:
        yield started


@pytest.fixture
def workers(told: dict[str, str], authorities: Authorities) -> Iterator[Running]:
    """Two worker processes and their supervisor."""
    with running(told | {"YIZHAO_VERIFY_PROCESSES": "2"}, authorities) as started:
        yield started
