"""Every act, by every role, for every unit: the enforcement says what the table says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from license_verify.codes.unit import UNITS
from registry_service.domain.authority import TABLE, ActName, Scope
from registry_service.domain.command import COMMANDS
from registry_service.domain.entity import Entity
from registry_service.domain.errors import (
    NoSecondPerson,
    NotYourUnit,
    RegistryError,
    RoleMissing,
    UnitUnclear,
)
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import Actor, Assignment, Role, Staff
from registry_service.domain.unit import Unit
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.second_person import second_people
from registry_service.store.transaction import Store, Transaction
from tests.database import SharedServer
from tests.unit.registry.cases import FACE, an_entity

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
SINCE = date(2020, 1, 1)
CITY, HOME, HOST, OTHER, DOMICILE, STATION = 1, 11, 20, 21, 31, 901
WHERE = (CITY, HOME, HOST, OTHER, DOMICILE, STATION)
ENTITY = an_entity(
    registrar=HOME,
    current=replace(
        an_entity().current,
        face=replace(FACE, address=replace(FACE.address, unit=DOMICILE)),
    ),
)
"""Registered in 任城区, standing in 高新区; its place is in 曲阜市, which also has a station."""

SERVES = {
    Scope.HOME: {HOME},
    Scope.OVER_HOME: {HOME, CITY},
    Scope.DOMICILE: {DOMICILE, CITY},
    Scope.HOST: {HOST, CITY},
    Scope.NAMED: {HOST, CITY},
    Scope.NEW_HOME: set(WHERE),
    Scope.ANYWHERE: set(WHERE),
}
"""For which of the units a role must be held, said a second time and without the code."""


@pytest.fixture(scope="module")
def store(postgres: SharedServer) -> Iterator[Store]:
    with postgres.clone() as url, Store(url, 2) as opened:
        with opened.transaction() as tx:
            for unit in UNITS.values():
                tx.units.put(Unit(unit.id, unit.name, unit.kind.value, unit.parent))
            tx.units.put(Unit(STATION, "时庄市场监督管理所", "station", HOST))
        yield opened


@pytest.fixture
def tx(store: Store) -> Iterator[Transaction]:
    with store.transaction() as opened, opened.connection.transaction(force_rollback=True):
        yield opened


def act_of(tx: Transaction, *assignments: Assignment, number: str = "7001") -> Act:
    staff = Staff(number, "吴试人", assignments)
    return Act(tx, Actor("spiffe://t/staff/7001", staff), NOW, JINING_2023)


def outcome(act: Act, name: ActName, entity: Entity = ENTITY) -> int | RegistryError:
    try:
        return authorise(act, name, entity=entity, unit=HOST)
    except RegistryError as refusal:
        return refusal


@pytest.mark.parametrize("name", ActName)
def test_a_cell_says_what_the_table_says(tx: Transaction, name: ActName) -> None:
    grants = TABLE[name].grants
    for role, unit in product(Role, WHERE):
        found = outcome(act_of(tx, Assignment(unit, role, SINCE)), name)
        mine = [grant for grant in grants if grant.role is role]
        cell = f"{name} {role} units/{unit}"
        if not mine:
            assert isinstance(found, RoleMissing), cell
            assert set(found.metadata["role"].split(" or ")) == {g.role for g in grants}, cell
            assert all(grant.role.zh in found.zh for grant in grants), cell
        elif any(unit in SERVES[grant.scope] for grant in mine):
            assert found == unit, cell
        else:
            assert isinstance(found, NotYourUnit), cell
            owner = int(found.metadata["owner"].removeprefix("units/"))
            assert owner in {HOME, HOST, DOMICILE}, cell
            assert found.metadata["owner_name"] == UNITS[owner].name, cell
            assert UNITS[owner].name in found.zh, cell


@pytest.mark.parametrize("name", ActName)
def test_nobody_acts_without_a_role_in_force(tx: Transaction, name: ActName) -> None:
    day = timedelta(days=1)
    over = [Assignment(u, r, SINCE, TODAY - day) for r, u in product(Role, WHERE)]
    coming = [Assignment(u, r, TODAY + day) for r, u in product(Role, WHERE)]
    for staff in (over, coming, [*over, *coming], []):
        assert isinstance(outcome(act_of(tx, *staff), name), RoleMissing)
    service = Act(tx, Actor("spiffe://t/service/verify"), NOW, JINING_2023)
    assert isinstance(outcome(service, name), RoleMissing)


@pytest.mark.parametrize("name", ActName)
def test_a_role_counts_on_its_first_and_its_last_day(tx: Transaction, name: ActName) -> None:
    grant = TABLE[name].grants[0]
    unit = min(SERVES[grant.scope] - {CITY})
    one_day = Assignment(unit, grant.role, TODAY, TODAY)
    assert outcome(act_of(tx, one_day), name) == unit


def test_several_roles_add_up_and_the_fitting_unit_is_named(tx: Transaction) -> None:
    both = act_of(tx, Assignment(OTHER, Role.REGISTRAR, SINCE), Assignment(HOME, Role.HEAD, SINCE))
    assert outcome(both, ActName.DECIDE_FILING) == HOME
    assert isinstance(outcome(both, ActName.CHANGE_ENTITY), NotYourUnit)
    twice = act_of(tx, *(Assignment(unit, Role.REGISTRAR, SINCE) for unit in (OTHER, HOST)))
    assert authorise(twice, ActName.REGISTER_ENTITY, unit=HOST) == HOST
    assert authorise(twice, ActName.REGISTER_ENTITY, unit=HOME) == OTHER
    assert authorise(twice, ActName.REGISTER_ENTITY) == OTHER


def test_an_entity_of_nobody_is_for_the_city_to_assign(tx: Transaction) -> None:
    nobodys = replace(ENTITY, registrar=None)
    registrar = act_of(tx, Assignment(HOME, Role.REGISTRAR, SINCE))
    assert isinstance(outcome(registrar, ActName.CHANGE_ENTITY, nobodys), UnitUnclear)
    city = act_of(tx, Assignment(CITY, Role.CITY, SINCE))
    assert outcome(city, ActName.ASSIGN_REGISTRAR, nobodys) == CITY


WAITING = sorted(COMMANDS)


@pytest.mark.parametrize("name", WAITING)
@pytest.mark.parametrize("heads", [(), ("7001",), ("7002",), ("7001", "7002")])
@pytest.mark.parametrize("cities", [(), ("7001",), ("7003",)])
def test_the_second_person_is_the_head_or_else_the_city_and_never_the_first(
    tx: Transaction, name: ActName, heads: tuple[str, ...], cities: tuple[str, ...]
) -> None:
    for number in ("7001", "7002", "7003"):
        roles = [Assignment(HOME, Role.HEAD, SINCE)] if number in heads else []
        roles += [Assignment(CITY, Role.CITY, SINCE)] if number in cities else []
        tx.staff.put(Staff(number, f"吴试{number[-1]}", tuple(roles)))
    act = act_of(tx, Assignment(HOME, Role.REGISTRAR, SINCE))
    wanted = [n for n in heads if n != "7001"] or [n for n in cities if n != "7001"]
    if not wanted:
        with pytest.raises(NoSecondPerson) as caught:
            second_people(act, name, ENTITY, "7001")
        assert "登记科长" in caught.value.zh
        return
    found = second_people(act, name, ENTITY, "7001")
    assert [person.number for person in found.people] == wanted
    assert found.people[0].person_name in found.zh
    assert (found.unit == HOME) == ("7002" in heads)


def test_a_disabled_or_former_head_does_not_count(tx: Transaction) -> None:
    head = Assignment(HOME, Role.HEAD, SINCE)
    tx.staff.put(Staff("7002", "吴试二", (head,), disabled=True))
    tx.staff.put(Staff("7003", "吴试三", (replace(head, until_date=TODAY - timedelta(days=1)),)))
    tx.staff.put(Staff("7004", "吴试四", (replace(head, from_date=TODAY + timedelta(days=1)),)))
    tx.staff.put(Staff("7005", "吴试五", (Assignment(OTHER, Role.HEAD, SINCE),)))
    act = act_of(tx, Assignment(HOME, Role.REGISTRAR, SINCE))
    with pytest.raises(NoSecondPerson):
        second_people(act, ActName.REVOKE_ENTITY, ENTITY, "7001")
    tx.staff.put(Staff("7006", "吴试六", (replace(head, from_date=TODAY, until_date=TODAY),)))
    found = second_people(act, ActName.REVOKE_ENTITY, ENTITY, "7001")
    assert found.zh == "任城区登记科长（吴试六）"
