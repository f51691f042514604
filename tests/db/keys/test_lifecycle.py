"""Keys from their making to their end: two people, states, and what checkers are told."""

import pytest

from license_verify import Outcome
from license_verify.lists.manifest import TYP as MANIFEST_TYP
from license_verify.lists.status_list import TYP as LIST_TYP
from license_verify.lists.trust_list import KeyState
from license_verify.token import cose
from registry_service.domain.authority import ActName
from registry_service.domain.errors import (
    ActWaiting,
    ExpectedSubjectDiffers,
    InvalidRequest,
    KeyNotAnnounced,
    KeyStateForbids,
    KeyWaiting,
    NoSecondPerson,
    PendingActEnded,
    RoleMissing,
    SamePerson,
    SignerUnavailable,
)
from registry_service.domain.key import FIRST_USES, KeyUse
from registry_service.domain.key_document import Place
from registry_service.domain.license import LicenseState
from registry_service.domain.pending_act import PendingState
from registry_service.domain.printed_copy import CopyKind
from registry_service.fsck import check
from registry_service.issuing.keys import load
from registry_service.issuing.signer import KeyRing
from registry_service.operations.finish_intents import Finished
from registry_service.operations.issue_site_code import issue_site_code
from registry_service.operations.key_changes import KeyKeeper
from registry_service.operations.print_copy import print_copy
from registry_service.operations.publish import Edition
from tests.db.issuing.world import CODE, REGISTRAR, World
from tests.db.keys.custody import CUSTODIAN, LEAD, OTHER, Custody


def test_a_new_key_is_announced_before_it_signs(custody: Custody) -> None:
    before = custody.active()
    kid = custody.created()
    assert custody.key(kid).state is KeyState.NEXT
    assert custody.told(kid) is KeyState.NEXT
    assert custody.active() == before
    assert kid in {held.kid.hex() for held in load(custody.world.keys)}


def test_a_key_is_activated_once_offline_checkers_had_time_to_learn_of_it(
    custody: Custody,
) -> None:
    kid = custody.created()
    with pytest.raises(KeyNotAnnounced) as refused:
        custody.ask(ActName.ACTIVATE_KEY, kid)
    assert refused.value.metadata["ready_time"] == "2026-03-09T01:00:00Z"
    custody.world.clock.forward(days=LEAD.days)
    before = custody.active()
    custody.do(ActName.ACTIVATE_KEY, kid)
    assert custody.active() == kid
    assert (custody.told(kid), custody.told(before)) == (KeyState.ACTIVE, KeyState.RETIRED)


def test_a_key_that_cannot_sign_here_is_not_put_in_force(custody: Custody) -> None:
    before, kid = custody.active(), custody.created()
    (custody.world.keys / f"token-{kid}.pem").unlink()
    custody.keeper = KeyKeeper(KeyRing.open(custody.world.keys, {}), LEAD)  # as after a restart
    asked = custody.ask(ActName.ACTIVATE_KEY, kid, early=True)
    with pytest.raises(SignerUnavailable):
        custody.answer(asked)
    assert custody.active() == before


def test_in_an_emergency_a_key_is_activated_early_and_the_act_says_so(custody: Custody) -> None:
    kid = custody.created()
    done = custody.do(ActName.ACTIVATE_KEY, kid, early=True)
    assert done.wish.early
    assert custody.active() == kid


def test_what_a_retired_key_signed_stays_good(world: World, custody: Custody) -> None:
    world.register()
    old = world.issue()
    kid = custody.rotated()
    world.change(person="测试戊")
    world.finisher.finish_all()
    new = world.document(2)
    edition = world.publish()
    assert new.kid.hex() == kid != old.kid.hex()
    assert world.verdict(new, edition).outcome is Outcome.VALID
    assert world.verdict(old, edition).status == "SUPERSEDED"


def test_a_licence_of_a_retired_key_needs_no_new_one(world: World, custody: Custody) -> None:
    world.register()
    old = world.issue()
    custody.rotated()
    assert world.verdict(old, world.publish()).outcome is Outcome.VALID
    custody.world.clock.forward(days=30)
    assert world.verdict(old, world.publish()).outcome is Outcome.VALID


def test_nothing_of_a_distrusted_key_is_good_and_what_is_in_use_is_counted_and_listed(
    world: World, custody: Custody
) -> None:
    world.register()
    old = world.issue()
    leaked = custody.active()
    custody.rotated()
    asked = custody.ask(ActName.DISTRUST_KEY, leaked)
    assert asked.affected == 1
    custody.answer(asked)
    assert custody.told(leaked) is KeyState.DISTRUSTED
    assert world.verdict(old, world.publish()).outcome is Outcome.INVALID
    with world.store.transaction() as tx:
        assert tx.key_documents.page(bytes.fromhex(leaked), Place(), 10) == [
            (CODE, Place(old.entity_no, version=1))
        ]
    again = world.issue()
    assert again.version == 2
    assert world.verdict(again, world.publish()).outcome is Outcome.VALID
    with world.store.transaction() as tx:
        assert tx.key_documents.count_by_key(bytes.fromhex(leaked)) == 0


def test_copies_and_statements_of_a_distrusted_key_are_counted_and_listed_too(
    world: World, custody: Custody
) -> None:
    world.register()
    site = world.file_site()
    world.issue()
    custody.rotated()
    with world.act() as act:
        print_copy(act, CODE, CopyKind.ORIGINAL)
        issue_site_code(act, CODE, site)
    world.finisher.finish_all()
    world.state_places()
    for use, names in (
        (KeyUse.TOKEN, ["copies/1", f"premises/{site}/codes/1"]),
        (KeyUse.STATEMENT, ["premisesStatements/1"]),
    ):
        leaked = custody.active(use)
        custody.rotated(use)
        assert custody.ask(ActName.DISTRUST_KEY, leaked).affected == len(names)
        with world.store.transaction() as tx:
            found = tx.key_documents.page(bytes.fromhex(leaked), Place(), 10)
            rest = tx.key_documents.page(bytes.fromhex(leaked), found[0][1], 10)
        assert [place.name(code) for code, place in found] == [
            f"entities/{CODE}/{name}" for name in names
        ]
        assert rest == found[1:]


def test_a_key_that_signs_is_replaced_before_it_is_retired_or_distrusted(custody: Custody) -> None:
    for act in (ActName.RETIRE_KEY, ActName.DISTRUST_KEY):
        with pytest.raises(KeyStateForbids) as refused:
            custody.ask(act, custody.active())
        assert refused.value.metadata["state"] == "active"


def test_a_retired_key_signs_never_again(custody: Custody) -> None:
    before = custody.active()
    custody.rotated()
    with pytest.raises(KeyStateForbids):
        custody.ask(ActName.ACTIVATE_KEY, before, early=True)


def test_a_key_that_never_signed_may_be_given_up(custody: Custody) -> None:
    kid = custody.created()
    with pytest.raises(KeyWaiting):
        custody.ask(ActName.CREATE_KEY, "token")
    custody.do(ActName.RETIRE_KEY, kid)
    assert custody.told(kid) is KeyState.RETIRED
    custody.created()


def test_the_root_changes_by_no_such_act(custody: Custody) -> None:
    root = custody.active(KeyUse.ROOT)
    for act in (ActName.ACTIVATE_KEY, ActName.RETIRE_KEY, ActName.DISTRUST_KEY):
        with pytest.raises(KeyStateForbids):
            custody.ask(act, root)


@pytest.mark.parametrize("use", [KeyUse.STATUS, KeyUse.PUBLICATION])
def test_keys_of_publication_rotate_under_a_running_publisher(
    world: World, custody: Custody, use: KeyUse
) -> None:
    world.register()
    document = world.issue()
    publisher = world.publisher()
    world.publish(publisher)
    custody.rotated(use)
    world.clock.forward(days=7)  # so that the lists are signed anew, too
    assert world.verdict(document, world.publish(publisher)).outcome is Outcome.VALID


@pytest.mark.parametrize("use", [KeyUse.STATUS, KeyUse.PUBLICATION])
@pytest.mark.parametrize("restarted", [False, True])
def test_nothing_published_is_under_a_distrusted_key_after_the_next_pass(
    world: World, custody: Custody, use: KeyUse, *, restarted: bool
) -> None:
    """Nobody has to ask for it: a list of such a key would make every licence unreadable."""
    world.register()
    document = world.issue()
    publisher = world.publisher()
    world.publish(publisher)
    leaked = custody.active(use)
    kid = custody.rotated(use)
    custody.do(ActName.DISTRUST_KEY, leaked)
    edition = world.publish(world.publisher() if restarted else publisher)
    assert signers(edition)[use] == {kid}
    assert world.verdict(document, edition).outcome is Outcome.VALID
    assert world.publish(publisher).seq == edition.seq, "once is enough"


def test_a_key_that_is_put_in_force_signs_what_is_published_in_the_next_pass(
    world: World, custody: Custody
) -> None:
    publisher = world.publisher()
    world.publish(publisher)
    kids = {use: {custody.rotated(use)} for use in (KeyUse.STATUS, KeyUse.PUBLICATION)}
    assert signers(world.publish(publisher)) == kids


def signers(edition: Edition) -> dict[KeyUse, set[str]]:
    """The keys under which lists and manifest are published."""
    lists = [(content, LIST_TYP) for content in edition.bundle.lists.values()]
    return {
        KeyUse.STATUS: {kid_of(content, typ) for content, typ in lists},
        KeyUse.PUBLICATION: {kid_of(edition.bundle.manifest, MANIFEST_TYP)},
    }


def kid_of(content: bytes, typ: str) -> str:
    return cose.decode(content, max_bytes=1 << 20, typ=typ).kid.hex()


def test_nobody_confirms_their_own_act_on_keys(custody: Custody) -> None:
    asked = custody.ask(ActName.CREATE_KEY, "token")
    with pytest.raises(SamePerson):
        custody.answer(asked, by=CUSTODIAN)
    with pytest.raises(RoleMissing):
        custody.answer(asked, by=REGISTRAR)
    with pytest.raises(RoleMissing):
        custody.ask(ActName.CREATE_KEY, "status", by=REGISTRAR)


def test_who_confirms_names_the_key(custody: Custody) -> None:
    kid = custody.created()
    asked = custody.ask(ActName.ACTIVATE_KEY, kid, early=True)
    with pytest.raises(ExpectedSubjectDiffers):
        custody.answer(asked, expected=custody.active())
    assert custody.answer(asked).state is PendingState.DONE


def test_an_act_on_keys_is_answered_once(custody: Custody) -> None:
    asked = custody.ask(ActName.CREATE_KEY, "token")
    with pytest.raises(ActWaiting):
        custody.ask(ActName.CREATE_KEY, "token", by=OTHER)
    with pytest.raises(InvalidRequest):
        custody.answer(asked, refuse=True)
    custody.answer(asked, refuse=True, reason="尚不需要")
    with pytest.raises(PendingActEnded):
        custody.answer(asked)
    assert len(load(custody.world.keys)) == len(FIRST_USES)


def test_an_act_on_keys_lapses_and_may_be_asked_again(custody: Custody) -> None:
    asked = custody.ask(ActName.CREATE_KEY, "token")
    custody.world.clock.forward(days=15)
    assert custody.answer(asked).state is PendingState.LAPSED
    late = custody.ask(ActName.CREATE_KEY, "token")
    custody.world.clock.forward(days=15)
    again = custody.ask(ActName.CREATE_KEY, "token")
    assert again.number > late.number
    assert custody.answer(again).state is PendingState.DONE


def test_without_another_key_custodian_nothing_is_asked(custody: Custody) -> None:
    custody.world.rows("UPDATE staff SET disabled = true WHERE staff_no = %s", OTHER)
    with pytest.raises(NoSecondPerson):
        custody.ask(ActName.CREATE_KEY, "token")


def test_what_overtook_an_act_lets_it_lapse(custody: Custody) -> None:
    kid = custody.created()
    asked = custody.ask(ActName.RETIRE_KEY, kid)
    custody.do(ActName.ACTIVATE_KEY, kid, early=True)
    lapsed = custody.answer(asked)
    assert lapsed.state is PendingState.LAPSED
    assert "KEY_STATE_FORBIDS" in lapsed.answer


def test_a_request_under_a_key_that_signs_no_more_is_issued_under_the_next(
    world: World, custody: Custody
) -> None:
    world.register()
    asked = world.intend()
    kid = custody.rotated()
    issued = world.finisher.finish(asked)
    assert (issued.state, issued.version, issued.kid.hex()) == (LicenseState.ISSUED, 2, kid)
    assert world.document(1).state is LicenseState.VOIDED
    assert world.verdict(issued, world.publish()).outcome is Outcome.VALID


def test_start_up_loses_no_request_under_a_key_that_signs_no_more(
    world: World, custody: Custody
) -> None:
    world.register()
    site = world.file_site()
    world.intend()
    with world.act() as act:
        issue_site_code(act, CODE, site)
    custody.rotated()
    world.finisher.finish_all()
    with world.store.transaction() as tx:
        entity = tx.entities.find(CODE)
        states = [tx.licenses.find(entity.number, place).state for place in (None, site)]
    assert states == [LicenseState.ISSUED, LicenseState.ISSUED]
    assert world.finisher.finish_all() == Finished()


def test_every_step_is_told_and_the_register_stays_sound(world: World, custody: Custody) -> None:
    world.register()
    world.issue()
    custody.rotated()
    told = world.rows("SELECT kind, subject, actor FROM key_event ORDER BY event_no")
    assert told == [
        ("key_act.asked", "keyActs/1", CUSTODIAN),
        ("key_act.confirmed", "keyActs/1", OTHER),
        ("key_act.asked", "keyActs/2", CUSTODIAN),
        ("key_act.confirmed", "keyActs/2", OTHER),
    ]
    world.publish()
    assert check(world.url) == []
    world.rows("UPDATE key_event SET reason = '' WHERE event_no = 1")
    assert [fault.table for fault in check(world.url)] == ["key_event"]
