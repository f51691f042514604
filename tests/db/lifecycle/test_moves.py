"""迁移登记 and changes of the face: what follows for places, hosts, filings and licences."""

from datetime import date
from typing import Any

import pytest

from license_verify.lists.status import Status
from registry_service.domain.address import address_of
from registry_service.domain.errors import (
    AlreadyHome,
    EntityHeld,
    InvalidRequest,
    NotYourUnit,
    RoleMissing,
)
from registry_service.domain.premises import HandoverState, PremisesState
from registry_service.issuing.errors import FaceTooLong
from registry_service.operations.change_entity import correct_entity
from tests.db.issuing.world import ELSEWHERE, REGISTRAR, SUPERVISOR
from tests.db.lifecycle.firm import (
    CITY,
    QUFU_DOMICILE,
    QUFU_ID,
    QUFU_SHOP,
    RENCHENG_ID,
    RENCHENG_SHOP,
    ZOUCHENG,
    ZOUCHENG_DOMICILE,
    ZOUCHENG_ID,
    ZOUCHENG_SHOP,
    Firm,
)


def handovers(firm: Firm) -> list[tuple[int, int, int, str]]:
    """Premises, from, to, state; by number."""
    return [
        tuple(row)
        for row in firm.world.rows(
            "SELECT premises_no, from_unit_id, to_unit_id, state FROM handover ORDER BY handover_no"
        )
    ]


def test_the_new_registrar_moves_it_and_places_stay(firm: Firm) -> None:
    firm.file(RENCHENG_SHOP, QUFU_SHOP, ZOUCHENG_SHOP)
    firm.issue()
    firm.move()
    firm.sign()
    moved = firm.read()
    assert (moved.registrar, moved.face.address.text) == (QUFU_ID, QUFU_DOMICILE)
    assert firm.place_states() == [PremisesState.LIVE] * 3
    pending = HandoverState.PENDING
    assert handovers(firm) == [
        (2, RENCHENG_ID, QUFU_ID, pending),  # crosses no more: history
        (3, RENCHENG_ID, ZOUCHENG_ID, pending),  # still crosses, its host has it
        (1, QUFU_ID, RENCHENG_ID, pending),  # the old home is a host now
    ]
    assert "handover.sent" in firm.kinds()
    told = [event for event in firm.events() if event.kind == "host.notified"]
    assert [event.subject for event in told] == ["handovers/3", "handovers/2"]
    assert {event.basis for event in told} == {"登记机关变为曲阜市"}
    assert firm.statuses() == [Status.SUPERSEDED, *[Status.VALID] * 4]
    assert firm.faults() == []


def test_moving_there_and_back_and_on_leaves_nothing_unhanded(firm: Firm) -> None:
    firm.file(RENCHENG_SHOP, QUFU_SHOP)
    firm.move()
    assert firm.faults() == []
    firm.move("任城区阜桥街道试验路88号", by=REGISTRAR)
    assert firm.faults() == []
    firm.move(ZOUCHENG_DOMICILE, by=ZOUCHENG)
    assert [row[:3] for row in handovers(firm)] == [
        (2, RENCHENG_ID, QUFU_ID),
        (1, QUFU_ID, RENCHENG_ID),
    ]
    assert firm.faults() == []


def test_open_filings_follow_the_entity(firm: Firm) -> None:
    firm.draft(QUFU_SHOP)
    firm.move(ZOUCHENG_DOMICILE, by=ZOUCHENG)
    assert firm.column("SELECT home_unit_id FROM filing") == [ZOUCHENG_ID]


def test_a_dormant_entity_moves_with_its_places_asleep(firm: Firm) -> None:
    firm.file(RENCHENG_SHOP)
    firm.suspend()
    firm.move()
    assert firm.place_states() == [PremisesState.SUSPENDED]
    assert firm.faults() == []


def test_who_moves_it_must_be_registrar_elsewhere(firm: Firm) -> None:
    with pytest.raises(AlreadyHome) as refused:
        firm.move("任城区阜桥街道试验路88号", by=REGISTRAR)
    assert "任城区" in refused.value.zh
    with pytest.raises(RoleMissing):
        firm.move(by=SUPERVISOR)
    with pytest.raises(InvalidRequest):
        firm.move(ZOUCHENG_DOMICILE, by=ELSEWHERE)


def test_the_old_home_can_do_nothing_after_a_move(firm: Firm) -> None:
    code = firm.read().uscc
    firm.move()
    with pytest.raises(NotYourUnit) as refused:
        firm.world.change(code, person="测试改")
    assert refused.value.metadata["owner_name"] == "曲阜市"


def test_a_domicile_that_moves_onto_a_filed_place_ends_it(firm: Firm) -> None:
    firm.file(RENCHENG_SHOP, QUFU_SHOP)
    firm.issue()
    firm.move(QUFU_SHOP)
    assert firm.place_states() == [PremisesState.LIVE, PremisesState.ENDED]
    ended = next(event for event in firm.events() if event.kind == "premises.ended")
    assert (ended.subject, ended.basis) == ("premises/2", "该地址已成为住所")
    firm.sign()
    assert Status.DEREGISTERED in firm.statuses()
    assert firm.faults() == []


def test_hosts_are_told_of_name_person_and_scope_alone(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    firm.change(business_name="济宁市改名物流有限公司", scope="一般项目：日用百货销售")
    told = [event for event in firm.events() if event.kind == "host.notified"]
    assert [event.basis for event in told] == ["登记事项变化：名称、经营范围"]
    firm.change(address=address_of("任城区阜桥街道试验路88号"))
    assert firm.kinds()[-1] == "entity.changed"


def test_a_scope_that_gains_a_pre_approval_item_asks_for_a_new_review(firm: Firm) -> None:
    firm.file(QUFU_SHOP, ZOUCHENG_SHOP)
    with firm.world.act() as act:
        item = act.policy_for(RENCHENG_ID).pre_approval_items[0]
    scope = f"{firm.read().face.scope}{item}。"
    firm.change(scope=scope)
    due = [event for event in firm.events() if event.kind == "premises.review_due"]
    assert [event.subject for event in due] == ["premises/1", "premises/2"]
    assert item in due[0].basis
    firm.change(scope=scope + "仓储。")
    assert firm.kinds().count("premises.review_due") == 2, "it had the item already"


def test_a_place_that_comes_back_after_the_firm_moved_is_handed_over(firm: Firm) -> None:
    firm.file(RENCHENG_SHOP)
    firm.strike()
    firm.world.clock.forward(days=1)
    firm.move()
    firm.reinstate_place()
    assert [row[:3] for row in handovers(firm)] == [(1, QUFU_ID, RENCHENG_ID)]
    assert firm.faults() == []


def test_a_hold_on_everything_stops_the_city_too(firm: Firm) -> None:
    firm.restrict()
    with pytest.raises(EntityHeld):
        assign(firm, QUFU_ID)
    assert firm.read().registrar == RENCHENG_ID


def test_the_city_names_a_registrar_and_corrects_no_other_item(firm: Firm) -> None:
    with pytest.raises(InvalidRequest) as told:
        assign(firm, QUFU_ID, business_name="济宁市别家物流有限公司")
    assert [fault.field for fault in told.value.fields] == ["update_mask"]
    assign(firm, QUFU_ID, address=address_of(QUFU_DOMICILE))
    assert firm.read().registrar == QUFU_ID


def test_no_station_becomes_the_registrar(firm: Firm) -> None:
    with firm.world.store.transaction() as tx:
        station = tx.units.add_station(RENCHENG_ID, "阜桥市场监督管理所", 1000)
    with pytest.raises(InvalidRequest) as told:
        assign(firm, station)
    assert [fault.field for fault in told.value.fields] == ["registrar"]


def test_an_annulled_assignment_leaves_no_entity_without_a_registrar(firm: Firm) -> None:
    firm.world.rows("UPDATE entity SET registrar_unit_id = NULL")
    firm.world.rows("UPDATE entity_version SET registrar_unit_id = NULL")
    assign(firm, RENCHENG_ID, address=address_of("任城区阜桥街道试验路88号"))
    firm.annul(2)
    assert firm.read().registrar == RENCHENG_ID


def assign(firm: Firm, registrar: int, **changes: Any) -> None:
    with firm.world.act(CITY) as act:
        correct_entity(act, firm.read().uscc, changes, "核定管辖", registrar=registrar)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"establish_date": date(2026, 3, 3)}, "establish_date"),
        ({"term_start_date": date(2027, 1, 1), "term_end_date": date(2026, 1, 1)}, "term_end_date"),
        ({"term_end_date": date(2999, 12, 31)}, "term_end_date"),
    ],
)
def test_a_date_that_cannot_be_right_leaves_the_licence_in_force(
    firm: Firm, changed: dict[str, date], field: str
) -> None:
    firm.issue()
    for act in (firm.change, firm.correct):
        with pytest.raises(InvalidRequest) as told:
            act(**changed)
        assert [fault.field for fault in told.value.fields] == [f"face.{field}"]
    assert firm.statuses() == [Status.VALID]


@pytest.mark.parametrize("text", ["江苏省徐州市沛县样例路1号", "沛县样例路1号", "济南市样例路1号"])
def test_a_domicile_elsewhere_is_called_so_whatever_unit_is_stated(firm: Firm, text: str) -> None:
    with pytest.raises(InvalidRequest) as told:
        firm.change(address=address_of(text, unit=RENCHENG_ID))
    assert "不在本市" in told.value.fields[0].zh


def test_a_change_that_no_symbol_holds_leaves_the_licence_in_force(firm: Firm) -> None:
    firm.issue()
    name, person = f"济宁市{'青禾云岭' * 22}有限公司", "试写甲乙" * 24
    with pytest.raises(FaceTooLong):
        firm.change(business_name=name, person=person)
    assert firm.statuses() == [Status.VALID]
