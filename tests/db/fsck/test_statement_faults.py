"""Premises statements are broken by hand in SQL, and each broken one is named."""

from typing import LiteralString

import pytest

from registry_service.fsck import check
from tests.db.issuing.world import World


@pytest.fixture
def stated(world: World) -> World:
    """A firm with a filed place, a superseded statement and one in force."""
    world.register()
    world.state_places()
    world.file_site()
    world.state_places()
    world.publish()
    return world


def broken(world: World, *statements: LiteralString) -> set[tuple[int, str]]:
    """Invariant and sentence of each fault of a statement that is found after this."""
    for statement in statements:
        world.rows(statement)
    faults = check(world.url)
    return {(f.invariant, f.sentence) for f in faults if f.table == "premises_statement"}


def test_statements_that_only_acts_wrote_have_no_fault(stated: World) -> None:
    assert check(stated.url) == []


def test_5_one_in_force_whose_list_is_not_the_registers(stated: World) -> None:
    assert broken(stated, "UPDATE premises SET unit_id = 21") == {
        (5, "it is in force, and its list of places is not what the register says")
    }


def test_5_a_place_that_only_the_statement_has(stated: World) -> None:
    found = broken(stated, "UPDATE premises SET state = 'removed', ended_date = filing_date")
    assert (5, "it is in force, and its list of places is not what the register says") in found


def test_5_one_in_force_of_another_registrar(stated: World) -> None:
    assert (5, "it is in force, and its registrar is not what the register says") in broken(
        stated, "UPDATE entity SET registrar_unit_id = 20"
    )


def test_5_a_superseded_one_called_in_force(stated: World) -> None:
    found = broken(
        stated,
        "DROP INDEX premises_statement_one_live",
        "UPDATE premises_statement SET state = 'issued' WHERE version = 1",
    )
    assert (5, "it is in force, and its list of places is not what the register says") in found


def test_5_an_altered_document(stated: World) -> None:
    assert broken(
        stated,
        "UPDATE premises_statement SET document = set_byte(document, length(document) - 40, 7)"
        " WHERE version = 2",
    ) == {(5, "its signature does not verify")}


def test_5_a_document_that_is_none(stated: World) -> None:
    assert broken(stated, "UPDATE premises_statement SET document = '\\x00' WHERE version = 2") == {
        (5, "its document can't be read: STATEMENT_MALFORMED")
    }


def test_5_signed_by_another_key_than_the_row_names(stated: World) -> None:
    assert (5, "its key is not the published statement key that the row names") in broken(
        stated,
        "UPDATE premises_statement SET kid = (SELECT kid FROM signing_key WHERE use = 'token')",
    )


def test_5_a_status_entry_that_is_anothers(stated: World) -> None:
    found = broken(
        stated,
        "UPDATE premises_statement SET idx = (SELECT idx FROM premises_statement WHERE version = 2)"
        " WHERE version = 1",
    )
    assert (5, "its status entry is not what its row says") in found


def test_8_an_intent_that_is_no_statement(stated: World) -> None:
    assert (8, "what was to be signed can't be read: ValueError") in broken(
        stated, "UPDATE premises_statement SET to_be_signed = '\\x80' WHERE version = 2"
    )


def test_7_a_statement_that_no_event_tells_of(stated: World) -> None:
    assert (7, "no event tells of its state") in broken(
        stated, "DELETE FROM event WHERE kind = 'statement.issued'"
    )
