"""Faults of printed copies, broken by hand in SQL; each is named."""

from typing import LiteralString

import pytest

from registry_service.domain.printed_copy import CopyKind
from registry_service.fsck import check
from registry_service.operations.keep_copies import collect_copy, return_copy
from registry_service.operations.print_copy import print_copy
from tests.db.issuing.world import CODE, World


@pytest.fixture
def full(world: World) -> World:
    """An entity with a superseded 正本, and a new one, 副本 1 and a returned 副本 2; published."""
    world.register()
    world.issue()
    printed(world, CopyKind.ORIGINAL)
    world.change(person="测试戊")
    world.finisher.finish_all()
    for kind in (CopyKind.ORIGINAL, CopyKind.DUPLICATE, CopyKind.DUPLICATE):
        printed(world, kind)
    with world.act() as act:
        collect_copy(act, CODE, 3, "测试庚")
        return_copy(act, CODE, 4)
    world.publish()
    return world


def printed(world: World, kind: CopyKind) -> None:
    with world.act() as act:
        print_copy(act, CODE, kind)
    world.finisher.finish_all()


def test_copies_that_only_acts_made_have_no_fault(full: World) -> None:
    assert check(full.url) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE copy_token SET state = 'issued' WHERE copy_no = 4",
            (1, "printed_copy", "entity_no=1 copy_no=4"),
        ),
        (
            "UPDATE license_version SET state = 'superseded' WHERE version = 2",
            (1, "copy_token", "entity_no=1 copy_no=2"),
        ),
        (
            "DROP INDEX copy_token_one_live; UPDATE copy_token SET state = 'issued'"
            " WHERE copy_no = 1",
            (1, "copy_token", "entity_no=1 duplicate_no=0"),
        ),
        (
            "UPDATE printed_copy SET state = 'void', ended_at = now() WHERE copy_no = 3",
            (1, "printed_copy", "entity_no=1 copy_no=3"),
        ),
        (
            "UPDATE copy_token SET duplicate_no = 7 WHERE copy_no = 3",
            (5, "copy_token", "entity_no=1 copy_no=3"),
        ),
        (
            "UPDATE copy_token SET license_no = 1 WHERE copy_no = 3",
            (5, "copy_token", "entity_no=1 copy_no=3"),
        ),
        (
            "UPDATE copy_token SET token = set_byte(token, length(token) - 10,"
            " get_byte(token, length(token) - 10) # 1) WHERE copy_no = 3",
            (5, "copy_token", "entity_no=1 copy_no=3"),
        ),
        (
            "UPDATE entity_version SET scope = '他项' WHERE version = 2",
            (5, "copy_token", "entity_no=1 copy_no=3"),
        ),
        (
            "UPDATE status_entry SET own = 3 WHERE idx ="
            " (SELECT idx FROM copy_token WHERE copy_no = 3)",
            (6, "status_entry", "entity_no=1 list_no=0 idx=4"),
        ),
        (
            "DELETE FROM copy_token WHERE copy_no = 3",
            (6, "status_entry", "entity_no=1 list_no=0 idx=4"),
        ),
        (
            "DELETE FROM event WHERE kind = 'copy.issued' AND subject = 'copies/3'",
            (7, "copy_token", "entity_no=1 copy_no=3"),
        ),
        (
            "DELETE FROM event WHERE kind = 'copy.collected'",
            (7, "printed_copy", "entity_no=1 copy_no=3"),
        ),
        (
            "DELETE FROM event WHERE kind = 'copy.returned'",
            (7, "printed_copy", "entity_no=1 copy_no=4"),
        ),
        (
            "UPDATE copy_token SET token_id = sha256('other') WHERE copy_no = 3",
            (8, "copy_token", "entity_no=1 copy_no=3"),
        ),
    ],
)
def test_a_fault_of_a_copy_is_named(
    full: World, statement: LiteralString, fault: tuple[int, str, str]
) -> None:
    full.rows(statement)
    assert fault in {(each.invariant, each.table, each.key) for each in check(full.url)}
