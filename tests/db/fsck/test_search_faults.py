"""Invariant 11 is broken by hand in SQL, and the entity that breaks it is named."""

from typing import LiteralString

import pytest

from registry_service.fsck import check
from tests.db.fsck.test_fsck import broken
from tests.db.issuing.world import World


@pytest.fixture
def renamed(world: World) -> World:
    """An entity with a former name."""
    world.register()
    world.change(business_name="济宁市白露物流有限公司")
    assert check(world.url) == []
    return world


def test_11_an_entity_that_no_search_finds(renamed: World) -> None:
    assert broken(renamed, "DELETE FROM entity_search") == {(11, "entity_search")}


@pytest.mark.parametrize(
    "change",
    [
        "version = 1",
        "sort_key = '000' || substr(sort_key, 4)",
        "name_key = 'x'",
        "person_key = 'x'",
        "address_key = 'x'",
        "former_name_keys = '{}'",
        "terms = terms || 'nxx'::text",
        "terms = terms[2:]",
    ],
)
def test_11_a_row_that_its_faces_do_not_make(renamed: World, change: LiteralString) -> None:
    statement: LiteralString = "UPDATE entity_search SET " + change  # noqa: S608 - as above
    assert broken(renamed, statement) == {(11, "entity_search")}


def test_11_a_face_written_behind_the_search(renamed: World) -> None:
    faults = broken(renamed, "UPDATE entity_version SET business_name = '旁门店' WHERE version = 1")
    assert faults == {(11, "entity_search")}
