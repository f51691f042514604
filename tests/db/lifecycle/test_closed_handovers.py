"""A place that ends takes its open hand-overs along; its return opens the newest again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from registry_service.domain.address import address_of
from registry_service.domain.errors import HandoverNotOpen
from registry_service.domain.premises import (
    Document,
    FilingAct,
    Handover,
    HandoverState,
    PremisesState,
    Site,
)
from registry_service.operations.acknowledge_handover import acknowledge_handover
from registry_service.operations.decline_handover import decline_handover
from registry_service.operations.dispute_handover import dispute_handover
from registry_service.operations.draft_filing import draft_filing
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.take_application import take_application
from tests.db.issuing.world import CODE, REGISTRAR, VISIT
from tests.db.lifecycle.firm import QUFU_ID, QUFU_SHOP, QUFU_SUPERVISOR, Firm

CLOSED, PENDING = HandoverState.CLOSED, HandoverState.PENDING


def handover(firm: Firm, number: int = 1) -> Handover:
    with firm.world.store.transaction() as tx:
        return tx.handovers.find(firm.read().number, number)


def inbox(firm: Firm, state: HandoverState | None = None) -> tuple[int, int, int]:
    """Total, overdue, and how many a page shows, long after everything was due."""
    later = firm.today + timedelta(days=100)
    after = (firm.world.clock() - timedelta(days=1000), 0, 0)
    with firm.world.store.transaction() as tx:
        counts = tx.handovers.count([QUFU_ID], state, later)
        return counts.total, counts.overdue, len(tx.handovers.page([QUFU_ID], state, after, 10))


def remove(firm: Firm) -> None:
    with firm.world.act(REGISTRAR) as act:
        _, visit = take_application(act, CODE, VISIT)
        site = Site("", address_of(QUFU_SHOP))
        papers = (Document("commitment", bytes(32), firm.read().face.person),)
        receipt = visit.receipt_number
        _, filing = draft_filing(
            act, CODE, receipt, site, papers, filing_act=FilingAct.REMOVE, target=1
        )
        submit_filing(act, CODE, filing.number)


def decline(firm: Firm) -> None:
    with firm.world.act(QUFU_SUPERVISOR) as act:
        decline_handover(act, CODE, 1, "不在本辖区")


def dispute(firm: Firm) -> None:
    with firm.world.act(QUFU_SUPERVISOR) as act:
        dispute_handover(act, CODE, 1, "管辖有争议")


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (remove, "场所已取消备案"),
        (Firm.strike, "场所已撤销备案"),
        (Firm.deregister, "主体已终止"),
        (Firm.annul, "主体已终止"),
        (lambda firm: firm.move(QUFU_SHOP), "场所备案已终止"),
    ],
)
def test_an_open_hand_over_closes_with_its_place(
    firm: Firm, end: Callable[[Firm], object], why: str
) -> None:
    firm.file(QUFU_SHOP)
    assert inbox(firm) == (1, 1, 1)
    end(firm)
    assert (handover(firm).state, handover(firm).reason) == (CLOSED, why)
    assert inbox(firm) == (0, 0, 1)
    assert inbox(firm, CLOSED) == (1, 0, 1)
    (told,) = [event for event in firm.events() if event.kind == "handover.closed"]
    (ended,) = [e for e in firm.events() if e.kind.startswith("premises.")]
    assert (told.subject, told.basis) == ("handovers/1", why)
    assert told.recorded_at == ended.recorded_at
    with firm.world.act(QUFU_SUPERVISOR) as act, pytest.raises(HandoverNotOpen):
        acknowledge_handover(act, CODE, 1)
    assert firm.faults() == []


@pytest.mark.parametrize("answer", [decline, dispute])
def test_what_waits_for_home_or_city_closes_too(firm: Firm, answer: Callable[[Firm], None]) -> None:
    firm.file(QUFU_SHOP)
    answer(firm)
    firm.strike()
    assert handover(firm).state is CLOSED
    assert firm.faults() == []


def test_what_was_taken_on_stays_taken_on(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    with firm.world.act(QUFU_SUPERVISOR) as act:
        acknowledge_handover(act, CODE, 1)
    firm.strike()
    assert handover(firm).state is HandoverState.ACKNOWLEDGED
    firm.reinstate_place()
    assert handover(firm).state is HandoverState.ACKNOWLEDGED
    assert not {"handover.closed", "handover.reopened"} & set(firm.kinds())
    assert firm.faults() == []


def test_a_place_that_comes_back_waits_again_with_a_day_of_its_own(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    first = handover(firm).due_date
    firm.strike()
    firm.world.clock.forward(days=30)
    firm.reinstate_place()
    again = handover(firm)
    assert (again.state, again.reason) == (PENDING, "")
    assert first is not None
    assert again.due_date is not None
    assert again.due_date >= first + timedelta(days=28)
    assert "handover.reopened" in firm.kinds()
    assert inbox(firm) == (1, 1, 1)
    with firm.world.act(QUFU_SUPERVISOR) as act:
        acknowledge_handover(act, CODE, 1)
    assert firm.faults() == []


def test_a_firm_that_comes_back_asleep_brings_its_hand_overs(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    firm.suspend()
    firm.deregister()
    assert handover(firm).state is CLOSED
    firm.reinstate()
    assert firm.place_states() == [PremisesState.SUSPENDED]
    assert handover(firm).state is PENDING
    assert firm.faults() == []


def test_fsck_finds_what_was_left_open_or_closed(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    firm.strike()
    firm.world.rows("UPDATE handover SET state = 'pending'")
    assert [(f.table, f.sentence) for f in firm.faults()] == [
        ("handover", "somebody still has to answer it and its place has ended")
    ]
    firm.world.rows("UPDATE handover SET state = 'closed'")
    firm.reinstate_place()
    firm.world.rows("UPDATE handover SET state = 'closed'")
    assert [(f.table, f.sentence) for f in firm.faults()] == [
        ("handover", "it is closed, the newest of its place, and the place is filed")
    ]
