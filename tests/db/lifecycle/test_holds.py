"""限制 and 列入名录: holds block in one place; marks are flags and block nothing by themselves."""

from datetime import date, timedelta

import pytest

from registry_service.domain.authority import TABLE, ActName
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import (
    EntityHeld,
    InvalidRequest,
    MarkUnknown,
    NotYourUnit,
    RestrictionEnded,
    RestrictionUnknown,
    RoleMissing,
)
from registry_service.domain.lifecycle import Step
from registry_service.domain.mark import MarkKind
from registry_service.domain.restriction import HeldAct, Restriction
from registry_service.operations.mark_entity import mark_entity
from registry_service.operations.restrict_entity import restrict_entity
from tests.db.issuing.world import CODE, ELSEWHERE, REGISTRAR
from tests.db.lifecycle.firm import QUFU_SHOP, QUFU_SUPERVISOR, Firm

FREE = {Step.RESTRICT, Step.LIFT, Step.MARK, Step.UNMARK, Step.MARK_SPECIALLY, Step.EXTEND}


@pytest.mark.parametrize("step", [step for step in Step if step not in FREE])
def test_a_hold_on_everything_blocks_every_step_and_says_whose_it_is(
    firm: Firm, step: Step
) -> None:
    firm.change(person="测试前")
    if step is Step.RESUME:
        firm.suspend()
    if step is Step.REINSTATE:
        firm.revoke()
    firm.restrict()
    with pytest.raises(EntityHeld) as refused:
        firm.take(step)
    assert refused.value.metadata["authority"] == "济宁市某某人民法院"
    assert refused.value.metadata["basis"] == "协执1号"
    assert "济宁市某某人民法院" in refused.value.zh
    firm.lift()
    firm.take(step)
    assert firm.faults() == []


def test_marks_and_holds_themselves_are_never_held(firm: Firm) -> None:
    firm.restrict()
    assert firm.mark() == 1
    assert firm.restrict(HeldAct.FILING) == 2
    firm.unmark()
    firm.lift()
    firm.lift(2)


@pytest.mark.parametrize(
    ("held", "blocked", "free"),
    [
        (HeldAct.CHANGE, Step.CHANGE, Step.SUSPEND),
        (HeldAct.CHANGE, Step.MOVE, Step.DEREGISTER),
        (HeldAct.CHANGE, Step.CORRECT, Step.LIQUIDATE),
        (HeldAct.CHANGE, Step.CORRECT_CODE, Step.REVOKE),
        (HeldAct.CHANGE, Step.ANNUL_VERSION, Step.ANNUL),
        (HeldAct.DEREGISTRATION, Step.DEREGISTER, Step.CHANGE),
    ],
)
def test_a_hold_blocks_what_it_names_and_nothing_else(
    firm: Firm, held: HeldAct, blocked: Step, free: Step
) -> None:
    firm.change(person="测试前")
    firm.restrict(held)
    with pytest.raises(EntityHeld) as refused:
        firm.take(blocked)
    assert refused.value.zh.endswith("依该机关文书办理的，请先凭文书解除限制")
    firm.take(free)


def test_a_hold_on_filings_blocks_filings(firm: Firm) -> None:
    firm.restrict(HeldAct.FILING)
    with pytest.raises(EntityHeld):
        firm.file(QUFU_SHOP)
    firm.change(person="测试改")


def test_a_hold_on_filings_keeps_a_struck_place_struck(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    firm.strike()
    firm.restrict(HeldAct.FILING)
    with pytest.raises(EntityHeld):
        firm.reinstate_place()
    firm.lift()
    firm.reinstate_place()


def test_a_hold_ends_with_its_last_day(firm: Firm) -> None:
    firm.restrict(until=firm.today + timedelta(days=10))
    firm.world.clock.forward(days=10)
    with pytest.raises(EntityHeld):
        firm.change(person="测试改")
    firm.world.clock.forward(days=1)
    firm.change(person="测试改")


def test_a_hold_is_lifted_once_by_an_event_that_names_it(firm: Firm) -> None:
    firm.restrict()
    firm.lift()
    entered, lifted = firm.events()[-2:]
    assert (entered.kind, lifted.kind) == ("restriction.entered", "restriction.lifted")
    assert lifted.reverses_revision == entered.revision
    assert entered.subject == lifted.subject == "restrictions/1"
    with pytest.raises(RestrictionEnded):
        firm.lift()
    with pytest.raises(RestrictionUnknown):
        firm.lift(7)


def test_a_hold_needs_authority_ground_and_acts_all_told_at_once(firm: Firm) -> None:
    with firm.world.act(REGISTRAR) as act, pytest.raises(InvalidRequest) as refused:
        restrict_entity(act, CODE, "", "", (), None, date(2020, 1, 1))
    assert [fault.field for fault in refused.value.fields] == [
        "restriction.authority",
        "restriction.basis",
        "restriction.held_acts",
        "restriction.until_date",
    ]


def test_another_unit_enters_no_hold(firm: Firm) -> None:
    with firm.world.act(ELSEWHERE) as act, pytest.raises(NotYourUnit):
        restrict_entity(act, CODE, "某某法院", "1号", (HeldAct.ALL,))


def test_every_act_is_held_free_or_a_read(firm: Firm) -> None:
    """An act that is added to the table must be given its place here or in `restriction.py`."""
    hold = Restriction(1, 1, "某某法院", "1号", (HeldAct.ALL,), date(2026, 1, 1))
    free = {name for name in ActName if not hold.blocks(name)}
    assert {name for name in ActName if hold.blocks(name)} <= set(TABLE)
    changing = {
        name
        for name in free
        if name.value.endswith("_entity") and not name.value.startswith(("get_", "register_"))
    }
    assert changing == {ActName.RESTRICT_ENTITY, ActName.MARK_ENTITY, ActName.UNMARK_ENTITY}


def test_supervisors_of_the_domicile_mark_and_registrars_do_not(firm: Firm) -> None:
    with firm.world.act(REGISTRAR) as act, pytest.raises(RoleMissing):
        mark_entity(act, CODE, MarkKind.ABNORMAL_OTHER, "决定")
    with firm.world.act(QUFU_SUPERVISOR) as act, pytest.raises(NotYourUnit):
        mark_entity(act, CODE, MarkKind.ABNORMAL_OTHER, "决定")


def test_a_mark_ends_once_by_an_event_that_names_it(firm: Firm) -> None:
    firm.mark()
    with pytest.raises(InvalidRequest):
        firm.mark()
    firm.mark(MarkKind.SERIOUS_VIOLATION)
    firm.unmark()
    events = firm.events()
    ended = events[-1]
    assert (ended.kind, ended.subject) == ("mark.ended", "marks/1")
    assert ended.reverses_revision is not None
    assert events[ended.reverses_revision - 1].kind == "mark.entered"
    with pytest.raises(MarkUnknown):
        firm.unmark()
    with firm.world.act() as act:
        standing = act.tx.marks.standing(firm.read().number, act.today)
    assert [mark.kind for mark in standing] == [MarkKind.SERIOUS_VIOLATION]


def test_a_mark_is_no_state(firm: Firm) -> None:
    firm.mark(MarkKind.SERIOUS_VIOLATION)
    assert firm.state is EntityState.ACTIVE
    firm.change(person="测试改")
