"""What hangs on invariant 4 is broken by hand, and the row that breaks it is named."""

from datetime import date
from typing import LiteralString

import pytest

from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.fsck import check
from registry_service.operations.acknowledge_handover import acknowledge_handover
from tests.db.issuing.world import CODE, World


@pytest.fixture
def filed(world: World) -> World:
    """A place across units that its host took on, and one beside the domicile."""
    with world.store.transaction() as tx:
        role = Assignment(20, Role.SUPERVISOR, date(2020, 1, 1))
        tx.staff.put(Staff("0202", "测试辛", (role,)))
    world.register()
    world.file_site()
    world.file_site(address="济宁市任城区古槐街道试验路9号")
    with world.act("0202") as act:
        acknowledge_handover(act, CODE, 1)
    return world


def faults(world: World, *statements: LiteralString) -> set[tuple[int, str, str]]:
    for statement in statements:
        world.rows(statement)
    return {(found.invariant, found.table, found.sentence) for found in check(world.url)}


def test_nothing_is_wrong_before_it_is_broken(filed: World) -> None:
    assert faults(filed) == set()


def test_a_place_left_behind_by_a_move_and_never_handed_over(filed: World) -> None:
    moved = faults(filed, "UPDATE entity_version SET address_unit_id = 20, registrar_unit_id = 20")
    assert (
        4,
        "premises",
        "it is filed, lies across supervising units, and was never handed over",
    ) in moved


def test_a_place_under_another_unit_than_its_data_say(filed: World) -> None:
    found = faults(filed, "UPDATE premises SET unit_id = 21 WHERE premises_no = 1")
    assert (4, "premises", "its supervising unit is not that of its data") in found


def test_a_place_under_another_unit_than_took_it_on(filed: World) -> None:
    found = faults(filed, "UPDATE handover SET to_unit_id = 21")
    assert {(invariant, table) for invariant, table, _ in found} == {(4, "handover")}
    assert faults(filed, "UPDATE handover SET to_unit_id = 20") == set()


def test_a_station_that_took_a_place_on_acts_for_its_unit(filed: World) -> None:
    assert (
        faults(
            filed,
            "INSERT INTO unit VALUES (1000, 20, 'station', '鲁城市场监督管理所')",
            "UPDATE handover SET to_unit_id = 1000",
        )
        == set()
    )


def test_a_report_without_an_inspection_and_without_its_event(filed: World) -> None:
    assert faults(filed, "UPDATE handover SET state = 'reported'") == {
        (4, "handover", "it is reported and no inspection says what"),
        (7, "handover", "no event tells of its state"),
    }


def test_a_second_handover_of_one_filing(filed: World) -> None:
    found = faults(
        filed,
        "ALTER TABLE handover DROP CONSTRAINT handover_entity_no_filing_no_key",
        "INSERT INTO handover (entity_no, handover_no, filing_no, premises_no, from_unit_id,"
        " to_unit_id, state, revision, created_at)"
        " SELECT entity_no, 2, filing_no, premises_no, from_unit_id, to_unit_id, 'pending', 1,"
        " created_at FROM handover",
    )
    assert (
        4,
        "filing",
        "it is filed across supervising units and has not exactly one handover",
    ) in found


def test_a_removal_that_names_another_place(filed: World) -> None:
    found = faults(filed, "UPDATE filing SET act = 'remove', target_premises_no = 2"
                   " WHERE filing_no = 1")  # fmt: skip
    assert (4, "filing", "it is filed and no premises came of it") in found
