"""Premises statements: stored, signed, and out of force with the act that changes the list."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from license_verify import (
    CheckName,
    Claimed,
    Outcome,
    Reason,
    Status,
    check_statement,
    open_statement,
    policy_for,
    verify,
)
from license_verify.statement_errors import StatementMalformed
from license_verify.token import cose
from registry_service.domain.errors import EntityEnded, RoleMissing, SignerUnavailable
from registry_service.domain.key import KeyUse
from registry_service.domain.statement import StatementState, StoredStatement
from registry_service.fsck import check
from registry_service.issuing.keys import HeldKey, load
from registry_service.issuing.signer import KeyRing
from registry_service.operations.finish_statements import StatementFinisher
from registry_service.operations.issue_statement import issue_statement
from tests.db.issuing.world import CODE, SUPERVISOR, World, scan_of

OTHER_SHOP = "邹城市钢山街道试验路9号"


@pytest.fixture
def filed(world: World) -> World:
    """A firm with one filed place."""
    world.register()
    world.file_site()
    return world


def outcome(world: World, statement: StoredStatement) -> tuple[Outcome, Reason]:
    """What a checker makes of it by what is published now."""
    trust = world.trust(world.publish())
    assert statement.document is not None
    found = check_statement(open_statement(statement.document, trust), trust, world.clock())
    return found.outcome, found.reason


def test_a_statement_verifies_and_says_the_whole_list(filed: World) -> None:
    filed.file_site(address=OTHER_SHOP)
    statement = filed.state_places()
    assert (statement.version, statement.state) == (1, StatementState.ISSUED)
    assert outcome(filed, statement) == (Outcome.VALID, Reason.OK)
    assert statement.document is not None
    content = open_statement(statement.document, filed.trust(filed.publish())).content
    assert (content.uscc, content.face_version, content.registrar) == (CODE, 1, 11)
    assert [(place.number, place.address) for place in content.premises] == [
        (1, "曲阜市鲁城街道试验路8号"),
        (2, OTHER_SHOP),
    ]
    assert check(filed.url) == []


def test_it_answers_offline_for_a_place_that_the_licence_does_not_name(filed: World) -> None:
    license_, statement = filed.issue(), filed.state_places()
    trust = filed.trust(filed.publish())
    assert statement.document is not None
    opened = open_statement(statement.document, trust)
    verdict = verify(
        scan_of(license_),
        trust,
        filed.clock(),
        policy_for("charging-point"),
        claims=Claimed(address="山东省济宁市曲阜市鲁城街道试验路8号"),
        statement=opened,
    )
    assert verdict.outcome is Outcome.VALID
    assert verdict.check(CheckName.PLACE).reason is Reason.PLACE_ON_STATEMENT


def test_a_list_that_did_not_change_is_signed_once(filed: World) -> None:
    first = filed.state_places()
    filed.issue()
    assert filed.state_places() == first
    assert filed.rows("SELECT count(*) FROM premises_statement") == [(1,)]


def test_the_intent_is_committed_before_anything_is_signed(filed: World) -> None:
    with filed.act() as act:
        intent = issue_statement(act, CODE)
    assert (intent.state, intent.document) == (StatementState.INTENT, None)
    assert filed.rows("SELECT state, document FROM premises_statement") == [("intent", None)]
    assert check(filed.url) == []
    filed.statements.finish_all()
    assert filed.statement(1).state is StatementState.ISSUED
    assert check(filed.url) == []


def test_a_newly_filed_place_takes_the_statement_out_of_force_in_its_act(filed: World) -> None:
    first = filed.state_places()
    filed.file_site(address=OTHER_SHOP)
    assert filed.statement(1).state is StatementState.SUPERSEDED
    assert outcome(filed, first) == (Outcome.INVALID, Reason.STATEMENT_SUPERSEDED)
    second = filed.state_places()
    assert second.version == 2
    assert outcome(filed, second) == (Outcome.VALID, Reason.OK)
    assert check(filed.url) == []


def test_a_new_face_takes_it_out_of_force(filed: World) -> None:
    first = filed.state_places()
    filed.change(person="测试戊")
    assert outcome(filed, first) == (Outcome.INVALID, Reason.STATEMENT_SUPERSEDED)
    assert filed.state_places().face_version == 2
    assert check(filed.url) == []


def test_a_revoked_firm_has_no_list_in_force_until_it_is_reinstated(filed: World) -> None:
    statement = filed.state_places()
    filed.revoke()
    assert outcome(filed, statement) == (Outcome.INVALID, Reason.STATUS_REVOKED)
    with filed.act() as act, pytest.raises(EntityEnded):
        issue_statement(act, CODE)
    filed.reinstate()
    assert outcome(filed, statement) == (Outcome.VALID, Reason.OK)
    assert check(filed.url) == []


def test_an_intent_whose_list_changed_is_voided_and_its_number_not_given_again(
    filed: World,
) -> None:
    with filed.act() as act:
        intent = issue_statement(act, CODE)
    filed.file_site(address=OTHER_SHOP)
    assert filed.statement(1).state is StatementState.VOIDED
    assert filed.statements.finish(intent).state is StatementState.VOIDED
    assert filed.state_places().version == 2
    trust = filed.trust(filed.publish())
    assert trust.lists["https://zz.jining.example/s/0"].status(intent.index) is Status.INVALID
    assert check(filed.url) == []


def test_without_its_key_an_intent_waits(filed: World) -> None:
    with filed.act() as act:
        intent = issue_statement(act, CODE)
    keyless = StatementFinisher(filed.store, KeyRing((), {}), filed.clock)
    with pytest.raises(SignerUnavailable):
        keyless.finish(intent)
    assert filed.statement(1).state is StatementState.INTENT
    assert filed.state_places().state is StatementState.ISSUED


def test_a_statement_that_waited_for_its_key_is_signed_by_a_later_turn(filed: World) -> None:
    with filed.act() as act:
        issue_statement(act, CODE)
    age = timedelta(minutes=1)
    filed.statements.finish_all(age)
    assert filed.statement(1).state is StatementState.INTENT, "who asked may just be signing"
    filed.clock.forward(minutes=2)
    filed.statements.finish_all(age)
    assert filed.statement(1).state is StatementState.ISSUED


class SlowKey:
    """A key that signs when it is let."""

    def __init__(self, of: HeldKey) -> None:
        self.kid, self.use, self.public = of.kid, of.use, of.public
        self._sign = of.sign
        self.asked, self.let = threading.Event(), threading.Event()

    def sign(self, said: bytes) -> bytes:
        self.asked.set()
        assert self.let.wait(60)
        return self._sign(said)


def test_a_slow_key_keeps_nobody_from_acting_on_the_entity(filed: World) -> None:
    with filed.act() as act:
        intent = issue_statement(act, CODE)
    slow = SlowKey(next(key for key in load(filed.keys) if key.use is KeyUse.STATEMENT))
    finisher = StatementFinisher(filed.store, KeyRing((slow,), {}), filed.clock)
    finished: list[StoredStatement] = []
    signing = threading.Thread(target=lambda: finished.append(finisher.finish(intent)))
    signing.start()
    try:
        assert slow.asked.wait(60)
        assert filed.rows("SELECT entity_no FROM entity FOR UPDATE NOWAIT")
        filed.file_site(address=OTHER_SHOP)
    finally:
        slow.let.set()
        signing.join()
    assert [statement.state for statement in finished] == [StatementState.VOIDED]
    assert filed.state_places().version == 2
    assert check(filed.url) == []


def test_the_intent_of_a_key_that_signs_no_more_is_given_up(filed: World) -> None:
    with filed.act() as act:
        intent = issue_statement(act, CODE)
    filed.rows("UPDATE signing_key SET state = 'retired' WHERE use = 'statement'")
    assert filed.statements.finish(intent).state is StatementState.VOIDED
    with filed.act() as act, pytest.raises(SignerUnavailable):
        issue_statement(act, CODE)


class SlowRing(KeyRing):
    """The ring of a world in which something happens while it signs."""

    def __init__(self, world: World, meanwhile: Callable[[], object]) -> None:
        super().__init__((), {})
        self._ring, self._meanwhile = world.ring, meanwhile

    def signer(self, kid: bytes, use: KeyUse) -> cose.Sign:
        sign = self._ring.signer(kid, use)

        def signed(said: bytes) -> bytes:
            self._meanwhile()
            return sign(said)

        return signed


def test_a_slow_key_keeps_nobody_from_the_entity(filed: World) -> None:
    with filed.act() as act:
        intent = issue_statement(act, CODE)
    ring = SlowRing(filed, lambda: filed.file_site(address=OTHER_SHOP))
    finished = StatementFinisher(filed.store, ring, filed.clock).finish(intent)
    assert finished.state is StatementState.VOIDED
    assert filed.state_places().version == 2
    assert check(filed.url) == []


def test_two_that_ask_at_once_get_one_statement(filed: World) -> None:
    found: list[StoredStatement] = []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        found.append(filed.state_places())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(each.version, each.state, each.document) for each in found} == {
        (1, StatementState.ISSUED, found[0].document)
    }
    query = "SELECT count(*) FROM event WHERE kind = 'statement.issued'"
    assert filed.rows(query) == [(1,)]


def test_an_address_that_no_statement_may_carry_is_named(filed: World) -> None:
    filed.rows("UPDATE premises_version SET address = address || chr(8238)")
    with filed.act() as act, pytest.raises(StatementMalformed, match="place 1: its address"):
        issue_statement(act, CODE)
    filed.file_site(address=OTHER_SHOP)  # and stops no act


def test_any_official_may_have_it_and_no_service(filed: World) -> None:
    with filed.act(SUPERVISOR) as act:
        assert issue_statement(act, CODE).version == 1
    with filed.act() as act, pytest.raises(RoleMissing):
        issue_statement(replace(act, actor=replace(act.actor, staff=None)), CODE)


def test_three_hundred_places_are_stated(filed: World) -> None:
    number = filed.rows("SELECT entity_no FROM entity")[0][0]
    filed.rows(
        "INSERT INTO premises (entity_no, premises_no, state, version, unit_id, filing_date,"
        " revision) SELECT entity_no, n, 'live', 1, 20, DATE '2026-01-05', 1"
        " FROM entity, generate_series(2, 300) n WHERE entity_no = %s",
        number,
    )
    filed.rows(
        "INSERT INTO premises_version (entity_no, premises_no, version, title, address,"
        " address_normalised, county_unit_id, address_unit_id, standard_code, scope, use, building,"
        " effective_date, recorded_at, source, source_id)"
        " SELECT entity_no, n, 1, '', address || n, address_normalised || n, county_unit_id,"
        " address_unit_id, standard_code, scope, use, building, effective_date, recorded_at,"
        " source, source_id FROM premises_version, generate_series(2, 300) n WHERE entity_no = %s",
        number,
    )
    statement = filed.state_places()
    assert outcome(filed, statement) == (Outcome.VALID, Reason.OK)
    assert statement.document is not None
    content = open_statement(statement.document, filed.trust(filed.publish())).content
    assert [place.number for place in content.premises] == list(range(1, 301))
