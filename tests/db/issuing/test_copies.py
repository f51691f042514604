"""Printed copies: stored, signed, superseded with their licence, lost alone."""

import threading

import pytest

from license_verify import Outcome, Status
from license_verify.token.claims import read
from license_verify.token.face import LicenseFace
from registry_service.domain.errors import CopyEnded, CopyLive, LicenseUnknown, SignerUnavailable
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.printed_copy import CopyKind, CopyState, PrintedCopy
from registry_service.fsck import check
from registry_service.issuing.signer import KeyRing
from registry_service.operations.finish_intents import Finished, Finisher
from registry_service.operations.keep_copies import collect_copy, return_copy, void_lost_copy
from registry_service.operations.print_copy import print_copy
from registry_service.operations.reissue_license import reissue_license, void_lost_license
from tests.db.issuing.world import CODE, World

ORIGINAL, DUPLICATE = CopyKind.ORIGINAL, CopyKind.DUPLICATE


@pytest.fixture
def licensed(world: World) -> World:
    """An entity with a licence in force."""
    world.register()
    world.issue()
    return world


def intend(world: World, kind: CopyKind = DUPLICATE) -> PrintedCopy:
    with world.act() as act:
        return print_copy(act, CODE, kind)


def printed(world: World, kind: CopyKind = DUPLICATE) -> PrintedCopy:
    copy = intend(world, kind)
    world.finisher.finish(document(copy))
    return now(world, copy)


def now(world: World, copy: PrintedCopy) -> PrintedCopy:
    """The copy as it stands."""
    with world.store.transaction() as tx:
        return tx.copies.find(copy.entity_no, copy.number)


def document(copy: PrintedCopy) -> SignedDocument:
    assert copy.document is not None
    return copy.document


def face_of(signed: SignedDocument) -> LicenseFace:
    assert signed.token is not None
    face = read(signed.token).claims.face
    assert isinstance(face, LicenseFace)
    return face


def lose(world: World, copy: PrintedCopy) -> None:
    with world.act() as act:
        void_lost_copy(act, CODE, copy.number, "2026年3月2日公示声明作废")


def statuses(world: World, *signed: SignedDocument) -> list[str]:
    """What checkers say of documents once everything is published."""
    edition = world.publish()
    return [world.verdict(each, edition).status for each in signed]


def test_a_copy_verifies_and_says_which_it_is(licensed: World) -> None:
    original, first, second = printed(licensed, ORIGINAL), printed(licensed), printed(licensed)
    assert [copy.duplicate for copy in (original, first, second)] == [0, 1, 2]
    assert [face_of(document(copy)).copy for copy in (original, first, second)] == [0, 1, 2]
    edition = licensed.publish()
    for copy in (original, first, second):
        assert licensed.verdict(document(copy), edition).outcome is Outcome.VALID
    assert check(licensed.url) == []


def test_a_lost_copy_alone_is_void(licensed: World) -> None:
    original, first, second = printed(licensed, ORIGINAL), printed(licensed), printed(licensed)
    licence = licensed.document(1)
    lose(licensed, first)
    assert statuses(licensed, licence, *map(document, (original, first, second))) == [
        "VALID",
        "VALID",
        Status.LOST_VOID.name,
        "VALID",
    ]
    assert now(licensed, first).state is CopyState.VOID
    assert check(licensed.url) == []
    again = printed(licensed)
    assert again.duplicate == 3, "a number that was printed is not printed again"


def test_a_returned_copy_is_in_force_no_more(licensed: World) -> None:
    original = printed(licensed, ORIGINAL)
    with pytest.raises(CopyLive):
        intend(licensed, ORIGINAL)
    with licensed.act() as act:
        return_copy(act, CODE, original.number, "破损")
    assert statuses(licensed, document(original)) == [Status.SUPERSEDED.name]
    newer = printed(licensed, ORIGINAL)
    assert newer.number != original.number
    assert statuses(licensed, document(newer)) == ["VALID"]
    assert check(licensed.url) == []


def test_copies_are_superseded_with_their_version_in_one_transaction(licensed: World) -> None:
    original, first = printed(licensed, ORIGINAL), printed(licensed)
    licensed.change(person="测试戊")
    assert licensed.rows("SELECT DISTINCT state FROM copy_token") == [("superseded",)]
    licensed.finisher.finish_all()
    assert statuses(licensed, document(original), document(first)) == ["SUPERSEDED"] * 2
    newer = printed(licensed)
    assert newer.duplicate == 1, "each version counts its own 副本"
    assert document(newer).copy_of == 2
    lose(licensed, first)  # a superseded copy may be lost as well
    assert statuses(licensed, document(first), document(newer)) == ["LOST_VOID", "VALID"]
    assert check(licensed.url) == []


def test_the_worse_of_entity_and_copy_is_published(licensed: World) -> None:
    original, lost = printed(licensed, ORIGINAL), printed(licensed)
    lose(licensed, lost)
    licensed.revoke()
    assert statuses(licensed, document(original), document(lost)) == ["REVOKED", "REVOKED"]
    licensed.reinstate()
    assert statuses(licensed, document(original), document(lost)) == ["VALID", "LOST_VOID"]
    assert check(licensed.url) == []


def test_the_intent_of_a_copy_is_committed_before_anything_is_signed(licensed: World) -> None:
    copy = intend(licensed)
    assert licensed.rows("SELECT state, token FROM copy_token") == [("intent", None)]
    assert check(licensed.url) == []
    keyless = Finisher(licensed.store, KeyRing((), {}), licensed.clock)
    with pytest.raises(SignerUnavailable):
        keyless.finish(document(copy))
    with pytest.raises(LicenseUnknown):
        lose(licensed, copy)
    assert licensed.finisher.finish_all() == Finished(issued=1)
    assert licensed.finisher.finish_all() == Finished()
    assert statuses(licensed, document(now(licensed, copy))) == ["VALID"]


def test_start_up_voids_the_copy_whose_licence_is_gone(licensed: World) -> None:
    copy = intend(licensed)
    licensed.rows("UPDATE license_version SET state = 'superseded'")  # as an act alone never would
    assert licensed.finisher.finish_all() == Finished(voided=1)
    assert document(now(licensed, copy)).state is LicenseState.VOIDED


def test_a_change_before_the_signature_voids_the_copy(licensed: World) -> None:
    copy = intend(licensed)
    entity = licensed.change(person="测试戊")
    licensed.finisher.finish_of(entity.number)
    after = now(licensed, copy)
    assert (document(after).state, after.state) == (LicenseState.VOIDED, CopyState.VOID)
    with pytest.raises(CopyEnded):
        lose(licensed, copy)
    assert check(licensed.url) == []


def test_nothing_is_printed_of_a_licence_that_is_not_signed(world: World) -> None:
    world.register()
    with pytest.raises(LicenseUnknown):
        intend(world)
    world.intend()
    with pytest.raises(LicenseUnknown):
        intend(world)


def test_of_two_who_print_the_original_at_once_one_does(licensed: World) -> None:
    assert sorted(twice(lambda: printed(licensed, ORIGINAL), CopyLive)) == ["done", "refused"]
    assert check(licensed.url) == []


def test_two_who_print_at_once_get_different_numbers(licensed: World) -> None:
    assert twice(lambda: printed(licensed), CopyLive) == ["done", "done"]
    assert licensed.rows("SELECT duplicate_no FROM copy_token ORDER BY 1") == [(1,), (2,)]


def test_of_two_who_declare_a_copy_void_at_once_one_does(licensed: World) -> None:
    copy = printed(licensed)
    assert sorted(twice(lambda: lose(licensed, copy), CopyEnded)) == ["done", "refused"]
    assert licensed.rows("SELECT count(*) FROM event WHERE kind = 'copy.lost_void'") == [(1,)]


def twice(do: object, refusal: type[Exception]) -> list[str]:
    """What became of doing it on two threads at once."""
    outcomes: list[str] = []

    def one() -> None:
        try:
            do()  # type: ignore[operator] # any function without arguments
            outcomes.append("done")
        except refusal:
            outcomes.append("refused")

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_lost_licence_is_void_with_its_copies_until_it_is_issued_anew(licensed: World) -> None:
    copy = printed(licensed, ORIGINAL)
    with licensed.act() as act:
        void_lost_license(act, CODE, None, "公示声明作废")
    assert statuses(licensed, licensed.document(1), document(copy)) == ["LOST_VOID"] * 2
    assert check(licensed.url) == []
    with licensed.act() as act:
        intent = reissue_license(act, CODE, "遗失补发")
    newer = licensed.finisher.finish(intent)
    assert (newer.version, newer.facts_version) == (2, 1)
    assert statuses(licensed, licensed.document(1), newer) == ["LOST_VOID", "VALID"]
    assert check(licensed.url) == []


def test_a_reissue_is_a_new_version_of_the_same_face(licensed: World) -> None:
    with licensed.act() as act:
        intent = reissue_license(act, CODE, "版式更换")
    newer = licensed.finisher.finish(intent)
    assert statuses(licensed, licensed.document(1), newer) == ["SUPERSEDED", "VALID"]
    assert check(licensed.url) == []


def test_who_fetched_a_copy_is_kept(licensed: World) -> None:
    copy = printed(licensed)
    with licensed.act() as act:
        collect_copy(act, CODE, copy.number, "测试庚")
    assert now(licensed, copy).collected_by == "测试庚"
    assert check(licensed.url) == []
