"""One registry for all examples of a module: each has a source and a firm of its own."""

from collections.abc import Iterator

import pytest

from registry_service.fsck import check
from tests.database import SharedServer
from tests.db.issuing.world import World, a_world
from tests.db.sync.deltas import employ_operator


@pytest.fixture(scope="module")
def registry(postgres: SharedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A registry with an operator; every invariant holds when its module is done."""
    keys = tmp_path_factory.mktemp("sync") / "keys"
    with postgres.clone() as url, a_world(url, keys) as world:
        employ_operator(world)
        yield world
        assert check(url) == []
