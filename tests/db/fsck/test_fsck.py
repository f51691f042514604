"""Each invariant is broken by hand in SQL, and the row that breaks it is named."""

from typing import LiteralString

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from license_verify.lists.trust_list import KeyState
from registry_service.domain.key import KeyUse
from registry_service.fsck import check
from registry_service.fsck.__main__ import main
from registry_service.issuing.keys import ROOT_FILE
from registry_service.operations.establish_keys import publish_trust
from tests.db.issuing.world import HOST, World


@pytest.fixture
def full(world: World) -> World:
    """An entity with two faces, two licences, a filed site and its code; all published."""
    world.register()
    premises = world.file_site()
    world.issue()
    world.issue_site(premises)
    world.change(person="测试戊")
    world.finisher.finish_all()
    world.publish()
    return world


def broken(world: World, *statements: LiteralString) -> set[tuple[int, str]]:
    """Invariant and table of each fault that is found after these statements."""
    for statement in statements:
        world.rows(statement)
    return {(fault.invariant, fault.table) for fault in check(world.url)}


def test_a_register_that_only_acts_wrote_has_no_fault(full: World) -> None:
    assert check(full.url) == []
    full.revoke()
    assert check(full.url) == []  # not published yet, and not held against it
    full.publish()
    assert check(full.url) == []
    full.reinstate()
    full.publish()
    assert check(full.url) == []


def test_1_two_live_licences(full: World) -> None:
    assert (1, "license_version") in broken(
        full,
        "DROP INDEX license_version_one_live",
        "UPDATE license_version SET state = 'issued' WHERE version = 1",
    )


def test_1_a_live_licence_of_an_old_face(full: World) -> None:
    assert (1, "license_version") in broken(full, "UPDATE entity SET version = 1")


def test_2_an_ended_entity_with_live_premises(full: World) -> None:
    assert (2, "premises") in broken(full, "UPDATE entity SET state = 'deregistered'")


def test_3_two_live_premises_at_one_address(full: World) -> None:
    full.file_site(address="邹城市钢山街道试验路9号")
    assert (3, "premises") in broken(
        full, "UPDATE premises_version SET address_normalised = '曲阜市鲁城街道试验路8号'"
    )


def test_3_live_premises_at_the_domicile(full: World) -> None:
    assert broken(
        full,
        "UPDATE premises_version SET address_normalised ="
        " (SELECT address_normalised FROM entity_version WHERE version = 2)",
    ) == {(3, "premises")}


def test_4_a_cross_county_filing_without_handover(full: World) -> None:
    faults = broken(full, "DELETE FROM handover")
    assert faults == {(4, "filing"), (4, "premises")}


def test_4_a_handover_of_a_filing_that_is_not_filed(full: World) -> None:
    assert (4, "handover") in broken(full, "UPDATE filing SET state = 'withdrawn'")


def test_4_a_filing_without_its_premises(full: World) -> None:
    assert (4, "filing") in broken(full, "UPDATE filing SET premises_no = NULL")


def test_5_a_token_that_another_key_signed(full: World) -> None:
    assert broken(
        full,
        "UPDATE license_version SET token ="
        " set_byte(token, length(token) - 10, get_byte(token, length(token) - 10) # 1)"
        " WHERE version = 2",
    ) == {(5, "license_version")}


def test_5_a_row_that_says_something_else_than_its_token(full: World) -> None:
    faults = broken(full, "UPDATE entity_version SET person = '测试己' WHERE version = 2")
    assert faults == {(5, "license_version"), (11, "entity_search")}
    found = check(full.url)[0]
    assert found.sentence == "its person is not what the register says"
    assert found.key == "entity_no=1 version=2"
    assert "测试己" not in str(found)


def test_5_a_site_code_under_another_unit(full: World) -> None:
    faults = broken(full, "UPDATE premises SET unit_id = 21")
    assert faults == {(4, "premises"), (5, "site_code")}


def test_5_a_token_of_a_distrusted_key(full: World) -> None:
    with full.store.transaction() as tx:
        kid = tx.keys.active()[KeyUse.TOKEN]
        tx.keys.set_state(kid, KeyState.DISTRUSTED, full.clock())
        publish_trust(tx, full.ring, HOST, "test", full.clock())
    assert (5, "site_code") in broken(full)


def test_5_a_token_whose_key_is_not_published(full: World) -> None:
    faults = broken(full, "DELETE FROM trust_list")
    assert faults == {(5, "license_version"), (5, "site_code")}


def test_6_an_own_status_that_is_not_the_document_s(full: World) -> None:
    faults = broken(full, "UPDATE status_entry SET own = 15 WHERE idx = 0")
    assert faults == {(6, "published_list"), (6, "status_entry")}


def test_6_an_entry_without_a_document(full: World) -> None:
    faults = broken(full, "DELETE FROM site_code")
    assert faults == {(6, "status_entry")}


def test_6_a_published_list_that_differs_from_the_register(full: World) -> None:
    faults = broken(
        full,
        "UPDATE entity SET state = 'revoked'",
        "UPDATE event SET state_after = 'revoked'",
    )
    assert (6, "published_list") in faults


def test_6_a_list_that_checkers_refuse(full: World) -> None:
    assert broken(full, "UPDATE published_list SET content = content || '\\x00'::bytea") == {
        (6, "manifest")
    }


def test_7_a_missing_event(full: World) -> None:
    assert {(7, "entity"), (7, "feed")} <= broken(full, "DELETE FROM event WHERE revision = 2")


def test_7_a_state_that_no_event_tells_of(full: World) -> None:
    assert (7, "entity") in broken(full, "UPDATE entity SET state = 'dormant'")


def test_7_an_event_that_was_changed(full: World) -> None:
    assert broken(full, "UPDATE event SET basis = 'x' WHERE revision = 1") == {(7, "event")}


def test_7_a_licence_of_which_no_event_tells(full: World) -> None:
    faults = broken(full, "UPDATE event SET subject = '' WHERE kind = 'license.superseded'")
    assert (7, "license_version") in faults


def test_7_a_feed_number_given_twice(full: World) -> None:
    assert (7, "event") in broken(full, "UPDATE event SET feed_no = 1 WHERE revision = 2")


def test_7_a_feed_in_another_order_than_the_revisions(full: World) -> None:
    faults = broken(full, "UPDATE event SET feed_no = 3 - feed_no WHERE feed_no IN (1, 2)")
    assert faults == {(7, "event")}


def test_8_an_intent_whose_id_is_another_s(full: World) -> None:
    faults = broken(full, "UPDATE site_code SET token_id = sha256('another')")
    assert faults == {(8, "site_code")}


def test_9_a_sequence_that_would_give_an_entry_again(full: World) -> None:
    assert broken(full, "SELECT setval('status_entry_seq', 0, false)") == {(9, "status_entry")}


def test_the_command_tells_by_its_exit_code(
    full: World, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"YIZHAO_REGISTRY_DATABASE_URL": full.url, "YIZHAO_REGISTRY_KEYS": str(full.keys)}
    assert main([], environ) == 0
    full.rows("DELETE FROM handover")
    assert main(["--json"], environ) == 1
    assert main([], {}) == 2
    assert "every invariant holds" in capsys.readouterr().out


def test_a_pinned_root_that_is_another_is_noticed(full: World) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = stranger.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (full.keys / ROOT_FILE).write_bytes(pem)
    environ = {"YIZHAO_REGISTRY_DATABASE_URL": full.url, "YIZHAO_REGISTRY_KEYS": str(full.keys)}
    assert main([], environ) == 1
