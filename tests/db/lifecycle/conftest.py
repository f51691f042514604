"""A registry of three units, and one firm of 任城区."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from registry_service.domain.staff import Assignment, Role, Staff
from tests.db.issuing.world import a_world
from tests.db.lifecycle.firm import CITY, PEOPLE, Firm


@pytest.fixture
def firm(database_url: str, tmp_path: Path) -> Iterator[Firm]:
    """A firm of 任城区, just registered."""
    with a_world(database_url, tmp_path / "keys") as world:
        with world.store.transaction() as tx:
            for number, unit, role in PEOPLE:
                assignment = Assignment(unit, role, date(2020, 1, 1))
                tx.staff.put(Staff(number, f"测试{number}", (assignment,)))
            tx.staff.put(Staff(CITY, "测试市", (Assignment(1, Role.CITY, date(2020, 1, 1)),)))
        world.register()
        yield Firm(world)
