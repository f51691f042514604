"""A registry with the people of two host units and of the city, and one firm of 任城区."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from registry_service.domain.staff import Assignment, Role, Staff
from tests.db.issuing.world import World, a_world
from tests.db.supervision.people import CITY, OPERATOR, QUFU, ZOUCHENG


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """The firm is registered; nothing is filed."""
    with a_world(database_url, tmp_path / "keys") as made:
        with made.store.transaction() as tx:
            for number, name, unit, role in (
                (QUFU, "测试辛", 20, Role.SUPERVISOR),
                (ZOUCHENG, "测试壬", 21, Role.SUPERVISOR),
                ("0301", "测试寅", 21, Role.REGISTRAR),
                (CITY, "测试癸", 1, Role.CITY),
                (OPERATOR, "测试子", 1, Role.OPERATOR),
            ):
                tx.staff.put(Staff(number, name, (Assignment(unit, role, date(2020, 1, 1)),)))
        made.register()
        yield made
