"""A node with a database and a receipt key, beside a registry whose trust list names that key."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.page.node import Node, a_node, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.usage.office import Office, enrol, receipt_key
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log, configured_log
from tests.unit.verify.world import Signer, World


@pytest.fixture(scope="session")
def authorities() -> Authorities:
    return Authorities.make()


@pytest.fixture
def signer() -> Signer:
    """The receipt key."""
    return Signer()


@pytest.fixture
def world(signer: Signer) -> World:
    """Published three seconds ago by this machine's clock; its trust list names the key."""
    now = datetime.now(UTC).replace(microsecond=0)
    bare = replace(World(environment="test"), published_at=now - timedelta(seconds=3))
    listed = bare.trust_list()
    return replace(bare, content=replace(listed, keys=(*listed.keys, receipt_key(signer))))


@pytest.fixture
def publisher(world: World) -> Publisher:
    return Publisher(world)


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


@pytest.fixture
def office(
    log: Log,
    tmp_path: Path,
    authorities: Authorities,
    world: World,
    publisher: Publisher,
    signer: Signer,
    verify_database_url: str,
) -> Iterator[Office]:
    """What a node needs besides; the registry runs."""
    with a_registry(publisher, authorities) as registry:
        made = Office(tmp_path, authorities, world, registry.address, verify_database_url)
        made.give_key(signer)
        enrol(verify_database_url, "icbank", "unicom")
        yield made


@pytest.fixture
def node(office: Office) -> Iterator[Node]:
    """A node in step with its registry."""
    with a_node(office.config(), office.authorities) as started:
        until(lambda: started.has("live"))
        yield started
