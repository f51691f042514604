"""The registry of these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.issuing.world import World, a_world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A registry with keys, units and people, and no entity."""
    with a_world(database_url, tmp_path / "keys") as made:
        yield made
