"""A store with units and one registrar, and a desk for acts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from license_verify.codes.unit import UNITS
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.domain.unit import Unit
from registry_service.operations.desk import Caller, Desk
from registry_service.store.transaction import Store

REGISTRAR = Caller("spiffe://jining.yizhao.test/staff/0101", "0101", None)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store(database_url, 8) as opened:
        with opened.transaction() as tx:
            for unit in UNITS.values():
                tx.units.put(Unit(unit.id, unit.name, unit.kind.value, unit.parent))
            role = Assignment(11, Role.REGISTRAR, date(2020, 1, 1))
            tx.staff.put(Staff("0101", "任秋实", (role,)))
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, JINING_2023, lambda: datetime.now(UTC))
