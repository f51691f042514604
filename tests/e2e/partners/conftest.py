"""A registry, a node with a database beside it, and those who call it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.partners.desk import STAFF, Desk
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
    return Publisher(world, staff=dict(STAFF))


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


@pytest.fixture
def node(
    log: Log,
    tmp_path: Path,
    authorities: Authorities,
    world: World,
    publisher: Publisher,
    verify_database_url: str,
) -> Iterator[Node]:
    """A node in step with its registry."""
    with a_registry(publisher, authorities) as registry:
        config = settings(
            tmp_path,
            authorities,
            world,
            registry.address,
            DATABASE_URL=verify_database_url,
        )
        with a_node(config, authorities) as started:
            until(lambda: started.has("live"))
            yield started


@pytest.fixture
def desk(node: Node) -> Iterator[Desk]:
    """Nobody is enrolled."""
    opened = Desk(node.rpc_address, node.authorities)
    yield opened
    opened.close()
