"""Each rule about lifecycles is broken by hand, and the row that breaks it is named."""

from typing import LiteralString

import pytest

from tests.db.lifecycle.firm import QUFU_SHOP, ZOUCHENG_SHOP, Firm


@pytest.fixture
def chain(firm: Firm) -> Firm:
    """Two filed places and a draft."""
    firm.file(QUFU_SHOP, ZOUCHENG_SHOP)
    firm.draft("嘉祥县纸坊镇试验路5号")
    return firm


def broken(firm: Firm, statement: LiteralString) -> set[tuple[int, str, str]]:
    """What is found after that statement: invariant, key, sentence."""
    assert firm.faults() == []
    firm.world.rows(statement)
    return {(fault.invariant, fault.key, fault.sentence) for fault in firm.faults()}


def test_a_live_place_of_a_deregistered_entity(chain: Firm) -> None:
    chain.deregister()
    assert broken(chain, "UPDATE premises SET state = 'live' WHERE premises_no = 2") == {
        (2, "entity_no=1 premises_no=2", "the place is live and its entity has ended"),
        (
            4,
            "entity_no=1 handover_no=2",
            "it is closed, the newest of its place, and the place is filed",
        ),
    }


def test_a_live_place_of_a_dormant_entity(chain: Firm) -> None:
    chain.suspend()
    sentence = "the place is suspended and its entity is awake, or live and its entity is dormant"
    assert broken(chain, "UPDATE premises SET state = 'live' WHERE premises_no = 1") == {
        (2, "entity_no=1 premises_no=1", sentence)
    }


def test_a_suspended_place_of_an_active_entity(chain: Firm) -> None:
    sentence = "the place is suspended and its entity is awake, or live and its entity is dormant"
    assert broken(chain, "UPDATE premises SET state = 'suspended' WHERE premises_no = 1") == {
        (2, "entity_no=1 premises_no=1", sentence),
        (7, "entity_no=1 premises_no=1", "no event tells of its state"),
    }


def test_an_open_filing_of_an_annulled_entity(chain: Firm) -> None:
    chain.annul()
    sentence = "it waits for a decision and its entity has ended"
    faults = broken(chain, "UPDATE filing SET state = 'draft' WHERE filing_no = 3")
    assert (2, "entity_no=1 filing_no=3", sentence) in faults


def test_a_place_that_ended_in_a_transaction_of_its_own(chain: Firm) -> None:
    chain.deregister()
    last = next(e for e in chain.events()[::-1] if e.kind == "premises.ended")
    key = f"entity_no=1 revision={last.revision}"
    statement: LiteralString = (
        "UPDATE event SET recorded_at = recorded_at + interval '1 second'"
        " WHERE revision = (SELECT max(revision) FROM event WHERE kind = 'premises.ended')"
    )
    assert broken(chain, statement) == {
        (2, key, "the place ended in another transaction than its entity"),
        (7, key, "the row was changed after it was written"),
    }


def test_a_place_that_became_the_domicile_of_a_later_version(chain: Firm) -> None:
    statement: LiteralString = (
        "UPDATE entity_version SET address_normalised ="
        " (SELECT address_normalised FROM premises_version WHERE premises_no = 2)"
    )
    assert broken(chain, statement) == {
        (3, "entity_no=1 premises_no=2", "the live place is the entity's domicile"),
        (11, "entity_no=1", "it is found by other facts than its own"),
    }
