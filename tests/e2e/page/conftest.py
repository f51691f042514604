"""A registry and a node beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log, configured_log
from tests.unit.verify.world import World


@pytest.fixture(scope="session")
def authorities() -> Authorities:
    return Authorities.make()


@pytest.fixture
def world() -> World:
    """Published three seconds ago by this machine's clock."""
    now = datetime.now(UTC).replace(microsecond=0)
    return replace(World(environment="test"), published_at=now - timedelta(seconds=3))


@pytest.fixture
def publisher(world: World) -> Publisher:
    return Publisher(world)


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


@pytest.fixture
def node(
    log: Log, tmp_path: Path, authorities: Authorities, world: World, publisher: Publisher
) -> Iterator[Node]:
    """A node in step with its registry."""
    with (
        a_registry(publisher, authorities) as registry,
        a_node(settings(tmp_path, authorities, world, registry.address), authorities) as started,
    ):
        until(lambda: started.has("live"))
        yield started
