"""A register whose licence was revoked after the backup that came back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry_service.operations.published import Published, believe
from registry_service.operations.recover import Recovered, recover
from registry_service.store.publishing import publishing
from tests.database import SharedServer
from tests.db.issuing.world import World, a_world
from tests.rpc.registry.world import database_of


@dataclass
class Restored:
    """The restored register, and what was published of the lost one."""

    world: World
    bundle: Published

    def recover(self) -> Recovered:
        with (
            publishing(self.world.store, alone=True) as database,
            database.only_publisher() as tx,
        ):
            return recover(tx, self.world.ring, self.bundle, 0, self.world.clock())


@pytest.fixture
def restored(postgres: SharedServer, tmp_path: Path) -> Iterator[Restored]:
    keys = tmp_path / "keys"
    with postgres.clone() as lost:
        with a_world(lost, keys) as world:
            world.register()
            world.issue()
            world.publish()
        with postgres.clone(database_of(lost)) as backup:
            with a_world(lost, keys) as world:
                world.revoke()
                content = world.publish().content
                roots = tuple(key for _, use, key in world.ring.public_keys() if use == "root")
            with a_world(backup, keys) as world:
                yield Restored(world, believe("bundle", content, roots, "test"))


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A registry with keys, units and people, and no entity."""
    with a_world(database_url, tmp_path / "keys") as made:
        yield made
