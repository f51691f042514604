"""Licences: stored, signed, superseded."""

import threading

import pytest

from license_verify import Outcome, Status
from license_verify.token.claims import read
from license_verify.token.face import LicenseFace, SiteFace
from registry_service.domain.errors import (
    EntityEnded,
    FaceIncomplete,
    LicenseLive,
    NotYourUnit,
    SignerUnavailable,
)
from registry_service.domain.license import LicenseState
from registry_service.fsck import check
from registry_service.issuing.signer import KeyRing
from registry_service.operations.change_entity import correct_entity
from registry_service.operations.finish_intents import Finished, Finisher
from registry_service.operations.issue_license import issue_license
from tests.db.issuing.world import CODE, ELSEWHERE, World


def test_a_licence_verifies_against_the_published_bundle(world: World) -> None:
    world.register()
    document = world.issue()
    assert document.state is LicenseState.ISSUED
    verdict = world.verdict(document, world.publish())
    assert verdict.outcome is Outcome.VALID


def test_the_token_says_what_the_register_says(world: World) -> None:
    entity = world.register()
    document = world.issue()
    assert document.token is not None
    token = read(document.token)
    face = token.claims.face
    assert isinstance(face, LicenseFace)
    assert token.claims.subject == CODE
    assert token.sign1.token_id == document.token_id
    assert (face.name, face.person) == (entity.face.business_name, entity.face.person)
    assert face.version == entity.current.version
    assert face.capital == "100万元人民币"
    assert not face.many_addresses


def test_the_intent_is_committed_before_anything_is_signed(world: World) -> None:
    world.register()
    document = world.intend()
    assert (document.state, document.token) == (LicenseState.INTENT, None)
    assert world.rows("SELECT state, token FROM license_version") == [("intent", None)]


def test_start_up_finishes_what_a_crash_left(world: World) -> None:
    world.register()
    world.intend()
    assert world.finisher.finish_all() == Finished(issued=1)
    assert world.finisher.finish_all() == Finished()
    issued = world.document(1)
    assert world.verdict(issued, world.publish()).outcome is Outcome.VALID


def test_start_up_voids_the_intent_of_an_entity_that_ended(world: World) -> None:
    world.register()
    document = world.intend()
    world.revoke()
    assert world.finisher.finish_all() == Finished(voided=1)
    assert world.document(1).state is LicenseState.VOIDED
    published = world.trust(world.publish()).lists[f"https://{document.scan_host}/s/0"]
    assert published.status(document.index) is Status.INVALID


def test_without_its_key_an_intent_waits(world: World) -> None:
    world.register()
    document = world.intend()
    keyless = Finisher(world.store, KeyRing((), {}), world.clock)
    with pytest.raises(SignerUnavailable):
        keyless.finish(document)
    assert world.document(1).state is LicenseState.INTENT
    assert world.finisher.finish(document).state is LicenseState.ISSUED


def test_two_who_finish_one_intent_sign_it_once(world: World) -> None:
    world.register()
    document = world.intend()
    tokens: list[bytes | None] = []
    threads = [
        threading.Thread(target=lambda: tokens.append(world.finisher.finish(document).token))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 2
    assert tokens[0] == tokens[1] is not None
    events = world.rows("SELECT count(*) FROM event WHERE kind = 'license.issued'")
    assert events == [(1,)]


def test_of_two_issuers_at_once_exactly_one_issues(world: World) -> None:
    world.register()
    outcomes: list[str] = []

    def one() -> None:
        try:
            outcomes.append(world.issue().state.value)
        except LicenseLive:
            outcomes.append("live")

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The second is told that it is live, or joins in what the first asked for and had not signed.
    assert sorted(outcomes) in (["issued", "live"], ["issued", "issued"])
    assert world.rows("SELECT version, state FROM license_version") == [(1, "issued")]
    live = world.rows("SELECT count(*) FROM license_version WHERE state IN ('intent', 'issued')")
    assert live == [(1,)]


def test_a_face_that_is_licensed_is_not_licensed_again(world: World) -> None:
    world.register()
    world.issue()
    with pytest.raises(LicenseLive):
        world.issue()


def test_a_change_supersedes_the_licence_and_stores_its_successor(world: World) -> None:
    world.register()
    first = world.issue()
    entity = world.change(person="测试戊")
    second = world.finisher.finish_of(entity.number)[0]
    edition = world.publish()
    old, new = world.verdict(world.document(1), edition), world.verdict(second, edition)
    assert world.document(1).state is LicenseState.SUPERSEDED
    assert old.outcome is Outcome.INVALID
    assert old.status == Status.SUPERSEDED.name
    assert new.outcome is Outcome.VALID
    assert (second.version, second.facts_version) == (2, 2)
    assert second.index != first.index


def test_a_change_before_the_signature_voids_the_intent(world: World) -> None:
    world.register()
    world.intend()
    entity = world.change(person="测试戊")
    assert [d.version for d in world.finisher.finish_of(entity.number)] == [2]
    assert world.document(1).state is LicenseState.VOIDED
    assert world.document(2).state is LicenseState.ISSUED


def test_a_face_that_can_not_be_printed_leaves_no_licence_in_force(world: World) -> None:
    world.register()
    first = world.issue()
    with world.act() as act:
        entity = correct_entity(act, CODE, {"person": ""}, "录入有误")
    assert world.finisher.finish_of(entity.number) == []
    assert world.document(1).state is LicenseState.SUPERSEDED
    assert world.verdict(first, world.publish()).status == Status.SUPERSEDED.name
    assert check(world.url) == []


def test_entry_2_to_the_20th_stands_first_in_list_1(world: World) -> None:
    world.register()
    world.issue_site(world.file_site())
    world.rows("SELECT setval('status_entry_seq', 1048576, false)")
    document = world.issue()
    assert (document.list_no, document.index) == (1, 0)
    edition = world.publish()
    assert len(edition.bundle.lists) == 2
    assert world.verdict(document, edition).outcome is Outcome.VALID
    assert check(world.url) == []


def test_a_site_code_outlives_a_change_of_the_face(world: World) -> None:
    world.register()
    world.issue()
    code = world.issue_site(world.file_site())
    entity = world.change(person="测试戊")
    world.finisher.finish_of(entity.number)
    assert code.token is not None
    face = read(code.token).claims.face
    assert isinstance(face, SiteFace)
    assert face.supervisor == 20
    assert world.verdict(code, world.publish()).outcome is Outcome.VALID


def test_a_licence_issued_with_filed_premises_says_so(world: World) -> None:
    world.register()
    world.file_site()
    document = world.issue()
    assert document.token is not None
    face = read(document.token).claims.face
    assert isinstance(face, LicenseFace)
    assert face.many_addresses


def test_another_units_registrar_is_told_whose_it_is(world: World) -> None:
    world.register()
    with pytest.raises(NotYourUnit) as refused, world.act(ELSEWHERE) as act:
        issue_license(act, CODE)
    assert refused.value.metadata["owner_name"] == "任城区"


def test_an_ended_entity_gets_no_licence(world: World) -> None:
    world.register()
    world.revoke()
    with pytest.raises(EntityEnded):
        world.issue()


def test_a_face_with_a_gap_is_refused_by_item(world: World) -> None:
    world.register()
    world.rows("UPDATE entity_version SET establish_date = NULL")
    with pytest.raises(FaceIncomplete) as refused:
        world.issue()
    assert refused.value.metadata["items"] == "establish_date"


def test_events_name_who_asked_and_what_was_signed(world: World) -> None:
    world.register()
    world.issue()
    rows = world.rows("SELECT kind, subject, actor FROM event ORDER BY revision")
    assert rows[1:] == [
        ("license.requested", "licenses/1", "0101"),
        ("license.issued", "licenses/1", ""),
    ]
