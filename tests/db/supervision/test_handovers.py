"""What may become of a hand-over, and what follows from it for the place and its code."""

from datetime import date

import pytest

from license_verify.lists.status import Status
from registry_service.domain.address import address_of
from registry_service.domain.errors import (
    EtagMismatch,
    HandoverNotOpen,
    HandoverNotTaken,
    HandoverUnknown,
    InvalidRequest,
    NotDisputed,
    NotYourUnit,
    RoleMissing,
)
from registry_service.domain.premises import HandoverState
from registry_service.domain.supervision import InspectionResult
from registry_service.fsck import check
from registry_service.operations.move_entity import move_entity
from registry_service.operations.put_station import put_station
from registry_service.operations.report_inspection import Report
from tests.db.issuing.world import CODE, VISIT, World
from tests.db.supervision.people import (
    CITY,
    HOME,
    OPERATOR,
    QUFU,
    QUFU_ID,
    RENCHENG_ID,
    ZOUCHENG,
    ZOUCHENG_ID,
    acknowledge,
    change_site,
    decline,
    dispute,
    forward,
    kinds,
    place_of,
    report,
    resolve,
)

# The world's clock stands on Monday 2026-03-02.
AS_FILED = Report(InspectionResult.AS_FILED, date(2026, 3, 2), ("3708811001", "3708811002"), "")


def a_station(world: World, parent: int = QUFU_ID, title: str = "鲁城市场监督管理所") -> int:
    with world.act(OPERATOR) as act:
        return put_station(act, None, title, parent).number


def own_status(world: World, version: int) -> Status:
    ((own,),) = world.rows(
        "SELECT s.own FROM site_code c JOIN status_entry s USING (entity_no, list_no, idx)"
        " WHERE c.version = %s",
        version,
    )
    return Status(own)


def test_a_handover_has_a_day_in_working_days(world: World) -> None:
    world.file_site()
    taken = acknowledge(world, QUFU)
    assert (taken.due_date, taken.due_provisional) == (date(2026, 3, 9), False)
    assert (taken.state, taken.acknowledged_by) == (HandoverState.ACKNOWLEDGED, QUFU)
    assert check(world.url) == []


def test_a_deadline_in_a_year_without_a_calendar_is_provisional(world: World) -> None:
    world.clock.forward(days=20_000)
    world.file_site()
    taken = acknowledge(world, QUFU)
    assert taken.due_provisional


def test_only_the_host_unit_answers(world: World) -> None:
    world.file_site()
    with pytest.raises(NotYourUnit) as refused:
        acknowledge(world, ZOUCHENG)
    assert refused.value.metadata["owner_name"] == "曲阜市"
    with pytest.raises(RoleMissing):
        decline(world, HOME)
    with pytest.raises(HandoverUnknown):
        acknowledge(world, QUFU, number=2)


def test_a_handover_that_changed_since_it_was_read_is_not_moved(world: World) -> None:
    world.file_site()
    decline(world, QUFU)
    with pytest.raises(EtagMismatch):
        acknowledge(world, QUFU, etag="h1")


def test_what_was_declined_the_home_unit_passes_on_and_the_new_host_takes(world: World) -> None:
    world.file_site()
    first = world.issue_site(1)
    declined = decline(world, QUFU, "该地址位于邹城市界内")
    assert (declined.state, declined.reason) == (HandoverState.DECLINED, "该地址位于邹城市界内")
    with pytest.raises(HandoverNotOpen):
        forward(world, QUFU, ZOUCHENG_ID)
    passed = forward(world, HOME, ZOUCHENG_ID)
    assert (passed.state, passed.to_unit) == (HandoverState.FORWARDED, ZOUCHENG_ID)
    assert passed.earlier_units == (QUFU_ID,)
    assert place_of(world).unit == QUFU_ID  # until somebody else takes it on
    acknowledge(world, ZOUCHENG)
    world.finisher.finish_all()
    place = place_of(world)
    assert (place.unit, place.site.address.unit, place.version) == (ZOUCHENG_ID, ZOUCHENG_ID, 2)
    assert (own_status(world, 1), own_status(world, 2)) == (Status.SUPERSEDED, Status.VALID)
    assert world.document(2, 1).token != first.token
    assert kinds(world)[-6:] == [
        "handover.forwarded",
        "handover.acknowledged",
        "premises.unit_changed",
        "site_code.superseded",
        "site_code.requested",
        "site_code.issued",
    ]
    world.publish()
    assert check(world.url) == []


def test_a_station_takes_premises_on_and_the_place_stays_the_units(world: World) -> None:
    station = a_station(world)
    assert station >= 1000
    world.file_site()
    acknowledge(world, QUFU)
    passed = forward(world, QUFU, station, "")
    assert (passed.to_unit, passed.acknowledged_by) == (station, "")
    acknowledge(world, QUFU)  # the unit above may act for its station
    assert (place_of(world).unit, place_of(world).version) == (QUFU_ID, 1)
    assert check(world.url) == []


def test_premises_are_not_passed_on_to_who_can_not_have_them(world: World) -> None:
    elsewhere = a_station(world, ZOUCHENG_ID, "钢山市场监督管理所")
    world.file_site()
    for to, said in (
        (QUFU_ID, "已在曲阜市"),
        (1, "市级不直接监管"),
        (777, "没有该管辖单位"),
        (elsewhere, "请转办至邹城市"),
    ):
        with pytest.raises(InvalidRequest) as refused:
            forward(world, QUFU, to)
        assert said in refused.value.zh
    with pytest.raises(InvalidRequest):
        forward(world, QUFU, ZOUCHENG_ID, "  ")
    assert "handover.forwarded" not in kinds(world)


def test_the_city_decides_and_the_place_follows(world: World) -> None:
    world.file_site()
    world.issue_site(1)
    with pytest.raises(NotDisputed):
        resolve(world, CITY, ZOUCHENG_ID)
    decline(world, QUFU)
    dispute(world, HOME, "门牌由曲阜市核发")
    with pytest.raises(HandoverNotOpen) as refused:
        acknowledge(world, QUFU)
    assert "请等待市级裁定" in refused.value.zh
    with pytest.raises(RoleMissing):
        resolve(world, QUFU, ZOUCHENG_ID)
    decided = resolve(world, CITY, ZOUCHENG_ID, "经勘界属邹城市")
    assert (decided.state, decided.acknowledged_by) == (HandoverState.ACKNOWLEDGED, CITY)
    assert (decided.reason, decided.to_unit) == ("经勘界属邹城市", ZOUCHENG_ID)
    assert decided.earlier_units == (QUFU_ID,)
    world.finisher.finish_all()
    assert (place_of(world).unit, place_of(world).version) == (ZOUCHENG_ID, 2)
    assert own_status(world, 2) is Status.VALID
    report(world, ZOUCHENG, AS_FILED)
    assert check(world.url) == []


def test_the_city_may_find_that_a_place_is_the_home_units_own(world: World) -> None:
    world.file_site()
    dispute(world, QUFU)
    resolve(world, CITY, RENCHENG_ID)
    assert place_of(world).unit == RENCHENG_ID
    assert check(world.url) == []


def test_who_takes_on_too_late_does_not_bring_a_place_back(world: World) -> None:
    """The firm's own filing moved the place meanwhile; the old hand-over changes nothing."""
    world.file_site()
    forward(world, QUFU, ZOUCHENG_ID)
    change_site(world, "任城区古槐街道试验路19号")
    acknowledge(world, ZOUCHENG)
    assert (place_of(world).unit, place_of(world).version) == (RENCHENG_ID, 2)
    assert check(world.url) == []


def test_an_inspection_is_reported_by_two_and_more_may_follow(world: World) -> None:
    world.file_site()
    with pytest.raises(HandoverNotTaken):
        report(world, QUFU, AS_FILED)
    acknowledge(world, QUFU)
    assert report(world, QUFU, AS_FILED).state is HandoverState.REPORTED
    world.clock.forward(days=3)
    differs = Report(
        InspectionResult.DIFFERS, date(2026, 3, 5), ("3708811001", "3708811003"), "现场为仓库"
    )
    report(world, QUFU, differs)
    with world.store.transaction() as tx:
        entity_no = tx.entities.find(CODE).number
        found = tx.inspections.of(entity_no, 1)
    assert [(i.number, i.result, i.report) for i in found] == [
        (2, InspectionResult.DIFFERS, "现场为仓库"),
        (1, InspectionResult.AS_FILED, ""),
    ]
    assert check(world.url) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Report(None, date(2026, 3, 2), ("甲", "乙"), ""), "inspection.result"),
        (Report(InspectionResult.AS_FILED, None, ("甲", "乙"), ""), "inspection.inspection_date"),
        (
            Report(InspectionResult.AS_FILED, date(2026, 3, 3), ("甲", "乙"), ""),
            "inspection.inspection_date",
        ),
        (
            Report(InspectionResult.AS_FILED, date(2026, 3, 1), ("甲", "乙"), ""),
            "inspection.inspection_date",
        ),
        (
            Report(InspectionResult.AS_FILED, date(2026, 3, 2), ("甲", " 甲"), ""),
            "inspection.inspectors",
        ),
        (Report(InspectionResult.AS_FILED, date(2026, 3, 2), ("甲",), ""), "inspection.inspectors"),
        (
            Report(InspectionResult.AS_FILED, date(2026, 3, 2), ("甲", "乙", "丙"), ""),
            "inspection.inspectors",
        ),
        (
            Report(InspectionResult.AS_FILED, date(2026, 3, 2), ("甲", "\u202e"), ""),
            "inspection.inspectors",
        ),
        (
            Report(InspectionResult.NOT_FOUND, date(2026, 3, 2), ("甲", "乙"), ""),
            "inspection.report",
        ),
    ],
)
def test_a_faulty_report_names_its_field_and_changes_nothing(
    world: World, given: Report, field: str
) -> None:
    world.file_site()
    acknowledge(world, QUFU)
    before = kinds(world)
    with pytest.raises(InvalidRequest) as refused:
        report(world, QUFU, given)
    assert [fault.field for fault in refused.value.fields] == [field]
    assert kinds(world) == before


def test_a_place_that_came_home_and_is_left_behind_by_a_move_is_handed_over(world: World) -> None:
    """Its first filing has the old hand-over; the filing that brought it home gets the new one."""
    world.file_site()
    acknowledge(world, QUFU)
    change_site(world, "任城区古槐街道试验路19号")
    with world.act("0301") as act:
        move_entity(act, CODE, address_of("邹城市钢山街道试验路77号"), VISIT)
    with world.store.transaction() as tx:
        newest = tx.handovers.of_place(tx.entities.find(CODE).number, 1)
    assert newest is not None
    assert (newest.number, newest.from_unit, newest.to_unit) == (2, ZOUCHENG_ID, RENCHENG_ID)
    assert check(world.url) == []
