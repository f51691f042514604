"""The registry of these tests, with two key custodians."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.issuing.world import World, a_world
from tests.db.keys.custody import Custody, custody_of


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with a_world(database_url, tmp_path / "keys") as made:
        yield made


@pytest.fixture
def custody(world: World) -> Custody:
    return custody_of(world)
