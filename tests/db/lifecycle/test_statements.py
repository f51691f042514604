"""Whatever is done to a firm, a premises statement in force is the register's own word."""

from collections.abc import Callable

import pytest

from license_verify.lists.status import Status
from registry_service.domain.statement import StatementState, StoredStatement
from tests.db.lifecycle.firm import OTHER_USCC, QUFU_SHOP, RENCHENG_SHOP, ZOUCHENG_SHOP, Firm

ISSUED, SUPERSEDED = StatementState.ISSUED, StatementState.SUPERSEDED
Do = Callable[[Firm], object]


def _dormancy_and_back(firm: Firm) -> None:
    firm.suspend()
    firm.resume()


def _ended(firm: Firm) -> None:
    firm.liquidate()
    firm.deregister()


def _struck_and_back(firm: Firm) -> None:
    firm.strike()
    firm.reinstate_place()


def _annulled_version(firm: Firm) -> None:
    firm.change(person="测试改")
    firm.annul(2)


LIST_CHANGES: dict[str, Do] = {
    "another place": lambda firm: firm.file(ZOUCHENG_SHOP),
    "a place struck": lambda firm: firm.strike(),
    "a change of the face": lambda firm: firm.change(person="测试改"),
    "a correction": lambda firm: firm.correct(person="测试正"),
    "another code": lambda firm: firm.correct_code(),
    "a move": lambda firm: firm.move(),
    "a domicile that was a place": lambda firm: firm.correct(address=firm.places()[0].site.address),
    "an end": _ended,
    "an annulled establishment": lambda firm: firm.annul(),
    "a dormancy, which suspends places": lambda firm: firm.suspend(),
    "a dormancy and its end": _dormancy_and_back,
    "a version annulled": _annulled_version,
}
OTHER_ACTS: dict[str, Do] = {
    "a revocation": lambda firm: firm.revoke(),
    "a mark": lambda firm: firm.mark(),
    "a hold": lambda firm: firm.restrict(),
    "a licence": lambda firm: firm.issue(),
    "a draft": lambda firm: firm.draft(ZOUCHENG_SHOP),
}


@pytest.fixture
def stated(firm: Firm) -> Firm:
    """A firm with two filed places and a statement of them."""
    firm.file(RENCHENG_SHOP, QUFU_SHOP)
    firm.world.state_places()
    return firm


def first_of(firm: Firm) -> StoredStatement:
    with firm.world.store.transaction() as tx:
        return tx.statements.find(firm.read().number, 1)


@pytest.mark.parametrize("act", LIST_CHANGES)
def test_an_act_that_changes_list_or_face_ends_it_with_its_own_event(
    stated: Firm, act: str
) -> None:
    before = stated.read().revision
    LIST_CHANGES[act](stated)
    statement = first_of(stated)
    assert statement.state is SUPERSEDED
    assert statement.ended_revision is not None
    assert before < statement.ended_revision <= stated.read().revision
    assert stated.faults() == []


@pytest.mark.parametrize("act", OTHER_ACTS)
def test_an_act_that_changes_neither_leaves_it(stated: Firm, act: str) -> None:
    OTHER_ACTS[act](stated)
    assert first_of(stated).state is ISSUED
    assert stated.faults() == []


def test_a_struck_place_that_comes_back_brings_no_old_statement_back(stated: Firm) -> None:
    _struck_and_back(stated)
    assert first_of(stated).state is SUPERSEDED
    assert stated.world.state_places().version == 2
    assert stated.faults() == []


def test_it_stands_under_the_code_in_force(stated: Firm) -> None:
    stated.correct_code(OTHER_USCC)
    assert stated.world.state_places(OTHER_USCC).version == 2
    assert stated.faults() == []


def test_its_entry_is_the_worse_of_its_own_and_the_firms(stated: Firm) -> None:
    assert stated.statuses() == [Status.VALID]
    stated.suspend()
    assert stated.statuses() == [Status.SUSPENDED]
    stated.resume()
    stated.revoke()
    assert stated.statuses() == [Status.REVOKED]
