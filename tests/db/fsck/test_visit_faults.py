"""Visits, filings and codes of places that do not stand as what they hang on makes them."""

from typing import LiteralString

import pytest

from registry_service.fsck import check
from tests.db.issuing.world import World


@pytest.fixture
def filed(world: World) -> World:
    """A filed place with its code, in a visit that is closed."""
    world.register()
    world.issue_site(world.file_site())
    world.finisher.finish_all()
    return world


def broken(world: World, statement: LiteralString) -> set[tuple[int, str]]:
    world.rows(statement)
    return {(fault.invariant, fault.table) for fault in check(world.url)}


def test_a_visit_that_is_open_though_all_of_it_is_decided(filed: World) -> None:
    assert check(filed.url) == []
    found = broken(
        filed,
        "UPDATE application SET state = 'open' WHERE application_no ="
        " (SELECT application_no FROM filing)",
    )
    assert found == {(7, "application")}


def test_a_code_that_shows_data_no_longer_in_force(filed: World) -> None:
    world = filed
    world.rows(
        "INSERT INTO premises_version SELECT (jsonb_populate_record(v, '{\"version\": 2}')).*"
        " FROM premises_version v"
    )
    assert broken(world, "UPDATE premises SET version = 2") == {(1, "site_code")}


def test_a_state_of_a_filing_that_no_event_tells_of(filed: World) -> None:
    assert (7, "filing") in broken(filed, "UPDATE filing SET state = 'withdrawn'")


@pytest.mark.parametrize("state", ["removed", "struck", "ended", "suspended"])
def test_a_code_whose_entry_does_not_follow_its_place(filed: World, state: str) -> None:
    statements: dict[str, LiteralString] = {
        "removed": "UPDATE premises SET state = 'removed'",
        "struck": "UPDATE premises SET state = 'struck'",
        "ended": "UPDATE premises SET state = 'ended'",
        "suspended": "UPDATE premises SET state = 'suspended'",
    }
    assert (6, "status_entry") in broken(filed, statements[state])
