"""Flags and their answers, strikes and their reversal, stations."""

from datetime import date

import pytest

from license_verify.lists.status import Status
from registry_service.domain.errors import (
    EtagMismatch,
    ExpectedNameDiffers,
    FlagAnswered,
    FlagUnknown,
    InvalidRequest,
    NotReversible,
    NotYourUnit,
    PremisesEnded,
    PremisesUnknown,
    RoleMissing,
    StationUnknown,
)
from registry_service.domain.premises import PremisesState
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.domain.supervision import Flag
from registry_service.fsck import check
from registry_service.operations.flag_premises import answer_flag, flag_premises
from registry_service.operations.put_station import put_station
from registry_service.operations.strike_premises import reinstate_premises, strike_premises
from tests.db.issuing.world import CODE, World, a_face
from tests.db.supervision.people import (
    HOME,
    OPERATOR,
    QUFU,
    QUFU_ID,
    ZOUCHENG,
    ZOUCHENG_ID,
    acknowledge,
    forward,
    kinds,
    place_of,
)

NAME = a_face().business_name
BASIS = "济市监撤字〔2026〕3号"


def flag(world: World, who: str = QUFU, finding: str = "现场无人经营") -> None:
    with world.act(who) as act:
        flag_premises(act, CODE, 1, finding)


def answer(world: World, who: str = HOME, number: int = 1, text: str = "已联系企业整改") -> None:
    with world.act(who) as act:
        answer_flag(act, CODE, 1, number, text)


def flags(world: World, *, open_only: bool = False) -> list[Flag]:
    with world.store.transaction() as tx:
        return tx.flags.of_home([11], (date.min, 0, 0, 0), 10, open_only=open_only)


def strike(world: World, who: str = HOME, name: str = NAME, etag: str = "") -> None:
    with world.act(who) as act:
        strike_premises(act, CODE, 1, name, BASIS, etag=etag)


def reinstate(world: World, number: int = 1) -> None:
    with world.act() as act:
        reinstate_premises(act, CODE, number, NAME, "济市监复字〔2026〕4号")


def own_status(world: World) -> Status:
    ((own,),) = world.rows(
        "SELECT own FROM status_entry JOIN site_code USING (entity_no, list_no, idx)"
    )
    return Status(own)


def test_a_flag_starts_the_home_units_clock(world: World) -> None:
    world.file_site()
    flag(world)
    (open_one,) = flags(world, open_only=True)
    assert (open_one.finding, open_one.flagged_by) == ("现场无人经营", QUFU)
    assert (open_one.due_date, open_one.due_provisional) == (date(2026, 3, 9), False)
    assert (open_one.uscc, open_one.unit) == (CODE, QUFU_ID)
    with world.store.transaction() as tx:
        late = tx.flags.count([11], date(2026, 3, 10), open_only=True)
        today = tx.flags.count([11], date(2026, 3, 9), open_only=True)
        elsewhere = tx.flags.count([20], date(2026, 3, 10), open_only=True)
    assert (late.total, late.overdue, late.due_today) == (1, 1, 0)
    assert (today.overdue, today.due_today) == (0, 1)
    assert elsewhere.total == 0
    answer(world)
    assert flags(world, open_only=True) == []
    (answered,) = flags(world)
    assert (answered.answer, answered.answered_by) == ("已联系企业整改", HOME)
    assert kinds(world)[-2:] == ["premises.flagged", "premises.flag_answered"]


def test_a_flag_is_the_hosts_and_its_answer_is_homes(world: World) -> None:
    world.file_site()
    with pytest.raises(NotYourUnit):
        flag(world, ZOUCHENG)
    with pytest.raises(RoleMissing):
        flag(world, HOME)
    with pytest.raises(InvalidRequest):
        flag(world, finding=" ")
    flag(world)
    with pytest.raises(RoleMissing):
        answer(world, QUFU)
    with pytest.raises(InvalidRequest):
        answer(world, text="")
    with pytest.raises(FlagUnknown):
        answer(world, number=2)
    answer(world)
    with pytest.raises(FlagAnswered) as refused:
        answer(world)
    assert refused.value.metadata["answered_by"] == HOME


def test_a_stations_own_people_flag_what_the_station_has(world: World) -> None:
    with world.act(OPERATOR) as act:
        station = put_station(act, None, "鲁城市场监督管理所", QUFU_ID).number
    with world.store.transaction() as tx:
        role = Assignment(station, Role.SUPERVISOR, date(2020, 1, 1))
        tx.staff.put(Staff("0210", "测试丑", (role,)))
    world.file_site()
    with pytest.raises(NotYourUnit):
        flag(world, "0210")
    forward(world, QUFU, station, "")
    acknowledge(world, "0210")
    flag(world, "0210")
    assert flags(world)[0].flagged_by == "0210"


def test_a_strike_annuls_the_code_and_tells_the_host(world: World) -> None:
    world.file_site()
    world.issue_site(1)
    strike(world)
    assert place_of(world).state is PremisesState.STRUCK
    assert own_status(world) is Status.ANNULLED
    assert kinds(world)[-3:] == ["premises.struck", "handover.closed", "handover.told"]
    with world.store.transaction() as tx:
        (told,) = tx.handovers.page([QUFU_ID], None, (world.clock.moment.min, 0, 0), 10)
    assert told.premises_state is PremisesState.STRUCK
    with pytest.raises(PremisesEnded):
        strike(world)
    with pytest.raises(PremisesEnded):
        flag(world)
    world.publish()
    assert check(world.url) == []


def test_a_strike_is_checked_before_it_is_done(world: World) -> None:
    world.file_site()
    with pytest.raises(ExpectedNameDiffers):
        strike(world, name="济宁市别家物流有限公司")
    with pytest.raises(EtagMismatch):
        strike(world, etag="p9")
    with pytest.raises(RoleMissing):
        strike(world, QUFU)
    with pytest.raises(NotYourUnit):
        strike(world, "0201")
    with world.act() as act, pytest.raises(InvalidRequest):
        strike_premises(act, CODE, 1, NAME, "")
    with world.act() as act, pytest.raises(PremisesUnknown):
        strike_premises(act, CODE, 7, NAME, BASIS)
    assert place_of(world).state is PremisesState.LIVE


def test_a_wrong_strike_is_taken_back_and_the_code_is_valid_again(world: World) -> None:
    world.file_site()
    world.issue_site(1)
    with pytest.raises(NotReversible):
        reinstate(world)
    strike(world)
    reinstate(world)
    assert place_of(world).state is PremisesState.LIVE
    assert own_status(world) is Status.VALID
    ((struck, reversed_by),) = world.rows(
        "SELECT a.revision, b.reverses_revision FROM event a, event b"
        " WHERE a.kind = 'premises.struck' AND b.kind = 'premises.reinstated'"
    )
    assert struck == reversed_by
    world.publish()
    assert check(world.url) == []


def test_a_struck_place_whose_address_is_in_use_again_stays_struck(world: World) -> None:
    world.file_site()
    strike(world)
    world.rows("UPDATE premises SET ended_date = '2020-01-01'")  # long enough ago for rule 24
    assert world.file_site() == 2
    with pytest.raises(NotReversible) as refused:
        reinstate(world)
    assert "另一备案经营场所" in refused.value.zh


def test_stations_are_numbered_from_1000_and_never_twice(world: World) -> None:
    def put(title: str, parent: int | None, number: int | None = None) -> int:
        with world.act(OPERATOR) as act:
            return put_station(act, number, title, parent).number

    first, second = put("鲁城市场监督管理所", QUFU_ID), put("钢山市场监督管理所", ZOUCHENG_ID)
    assert (first, second) == (1000, 1001)
    assert put("书院市场监督管理所", None, first) == first
    for title, parent, field in (
        ("书院市场监督管理所", QUFU_ID, "unit.title"),
        ("", QUFU_ID, "unit.title"),
        ("某所", 1, "unit.parent"),
        ("某所", first, "unit.parent"),
        ("某所", None, "unit.parent"),
    ):
        with pytest.raises(InvalidRequest) as refused:
            put(title, parent)
        assert [fault.field for fault in refused.value.fields] == [field]
    with pytest.raises(InvalidRequest):
        put("某所", ZOUCHENG_ID, first)  # a station stays where it is
    for number in (QUFU_ID, 1, 4000):
        with pytest.raises(StationUnknown):
            put("某所", None, number)
    with world.act(HOME) as act, pytest.raises(RoleMissing):
        put_station(act, None, "某所", QUFU_ID)
