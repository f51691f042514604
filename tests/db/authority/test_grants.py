"""Roles are given and ended, never rewritten, and never one's own; all of it is told."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from registry_service.domain.china import CHINA
from registry_service.domain.errors import InvalidRequest, RoleMissing, SelfGrant
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.fsck import check
from registry_service.operations.put_staff import Wanted, put_staff
from tests.db.issuing.world import REGISTRAR, World, a_world

OPERATOR, OTHER, PERSON = "0001", "0002", "0401"
CITY, RENCHENG, QUFU = 1, 11, 20
SINCE = date(2020, 1, 1)
DAY = timedelta(days=1)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A registry with two operators."""
    with a_world(database_url, tmp_path / "keys") as made:
        with made.store.transaction() as tx:
            for number in (OPERATOR, OTHER):
                role = Assignment(CITY, Role.OPERATOR, SINCE)
                tx.staff.put(Staff(number, f"测试{number}", (role,)))
        yield made


def today(world: World) -> date:
    return world.clock().astimezone(CHINA).date()


def wanted(
    role: Role, unit: int = RENCHENG, since: date | None = SINCE, until: date | None = None
) -> Wanted:
    return Wanted("staff.assignments[0]", unit, role, since, until)


def put(
    world: World,
    *roles: Wanted,
    number: str = PERSON,
    by: str = OPERATOR,
    name: str = "测试丑",
    disabled: bool = False,
) -> Staff:
    with world.act(by) as act:
        return put_staff(act, number, name, roles, disabled=disabled)


def powers(staff: Staff, when: date) -> list[tuple[Role, int]]:
    return [(each.role, each.unit) for each in staff.assignments if each.holds_on(when)]


def told(world: World) -> list[tuple[str, str, str]]:
    return [
        (kind, actor, actor_name)
        for kind, actor, actor_name in world.rows(
            "SELECT kind, actor, actor_name FROM staff_event ORDER BY event_no"
        )
    ]


def test_a_role_left_out_ends_at_once_and_still_shows_for_the_past(world: World) -> None:
    day = today(world)
    put(world, wanted(Role.REGISTRAR), wanted(Role.HEAD))
    found = put(world, wanted(Role.HEAD))
    assert powers(found, day) == [(Role.HEAD, RENCHENG)]
    assert powers(found, day - DAY) == [(Role.HEAD, RENCHENG), (Role.REGISTRAR, RENCHENG)]
    (ended,) = [each for each in found.assignments if each.ended_at]
    assert (ended.from_date, ended.until_date) == (SINCE, day)
    with world.store.transaction() as tx:
        assert tx.staff.find(PERSON) == found
        for when, held in ((day, False), (day - DAY, True)):
            holders = tx.staff.holders(Role.REGISTRAR, RENCHENG, when)
            assert (PERSON in [each.number for each in holders]) is held


def test_a_role_may_be_given_ended_and_given_again_on_one_day(world: World) -> None:
    day = today(world)
    for _ in range(2):
        assert powers(put(world, wanted(Role.REGISTRAR, since=day)), day)
        assert not powers(put(world), day)
    assert len(put(world).assignments) == 2


def test_another_last_day_ends_the_role_and_gives_it_anew(world: World) -> None:
    last = today(world) + 9 * DAY
    put(world, wanted(Role.REGISTRAR))
    found = put(world, wanted(Role.REGISTRAR, until=last))
    assert sorted(bool(each.ended_at) for each in found.assignments) == [False, True]
    assert powers(found, last) == [(Role.REGISTRAR, RENCHENG)]
    assert powers(found, last + DAY) == []


def test_a_role_without_a_first_day_is_the_one_that_is_held(world: World) -> None:
    before = put(world, wanted(Role.REGISTRAR))
    assert put(world, wanted(Role.REGISTRAR, since=None)) == before
    (first, second) = put(
        world, wanted(Role.REGISTRAR, since=None), wanted(Role.HEAD, since=None)
    ).assignments
    assert (first.from_date, second.from_date) == (today(world), SINCE)


def test_the_past_is_not_rewritten(world: World) -> None:
    day = today(world)
    put(world, wanted(Role.REGISTRAR), wanted(Role.HEAD, until=day - DAY))
    with pytest.raises(InvalidRequest, match="until_date"):
        put(world, wanted(Role.REGISTRAR, until=day - DAY))
    with pytest.raises(InvalidRequest, match="until_date"):
        put(world, wanted(Role.HEAD))
    over = put(world)
    assert [each.ended_at for each in over.assignments if each.role is Role.HEAD] == [None]


def test_rows_are_only_ever_added_or_ended(world: World) -> None:
    put(world, wanted(Role.REGISTRAR), wanted(Role.HEAD))
    rows = "SELECT assignment_no, unit_id, role, from_date FROM staff_assignment"
    before = set(world.rows(rows))
    put(world, wanted(Role.SUPERVISOR, QUFU))
    put(world, name="测试寅")
    assert before < set(world.rows(rows))


def test_nobody_changes_their_own_roles(world: World) -> None:
    own = wanted(Role.OPERATOR, CITY)
    name = f"测试{OPERATOR}"
    for roles, disabled in (
        ((own, wanted(Role.HEAD)), False),
        ((), False),
        ((wanted(Role.OPERATOR, CITY, until=today(world) + DAY),), False),
        ((own,), True),
    ):
        with pytest.raises(SelfGrant) as stopped:
            put(world, *roles, number=OPERATOR, name=name, disabled=disabled)
        assert stopped.value.zh == "不能调整本人的角色，请由其他运维员办理"
    assert told(world) == []
    assert put(world, own, number=OPERATOR, name="测试新名").person_name == "测试新名"
    assert put(world, own, wanted(Role.HEAD), number=OPERATOR, by=OTHER)


def test_only_operators_put_people(world: World) -> None:
    with pytest.raises(RoleMissing):
        put(world, by=REGISTRAR)


def test_every_change_is_told_with_who_made_it_and_nothing_else_is(world: World) -> None:
    put(world, wanted(Role.REGISTRAR))
    put(world, wanted(Role.REGISTRAR))
    put(world, wanted(Role.REGISTRAR), name="测试寅", by=OTHER)
    put(world, wanted(Role.REGISTRAR), name="测试寅", disabled=True)
    put(world, name="测试寅", disabled=True)
    assert told(world) == [
        ("staff.added", OPERATOR, f"测试{OPERATOR}"),
        ("staff.changed", OTHER, f"测试{OTHER}"),
        ("staff.changed", OPERATOR, f"测试{OPERATOR}"),
        ("staff.changed", OPERATOR, f"测试{OPERATOR}"),
    ]
    names = "SELECT person_name FROM staff_event ORDER BY event_no"
    assert [name for (name,) in world.rows(names)] == ["测试丑"] + 3 * ["测试寅"]
    ((detail,),) = world.rows("SELECT detail FROM staff_event ORDER BY event_no LIMIT 1")
    role = {
        "unit": RENCHENG, "role": "registrar", "from_date": "2020-01-01", "until_date": None
    }  # fmt: skip
    assert detail == {"added": [role], "ended": [], "disabled": False}


def test_a_change_that_fails_leaves_no_event(world: World) -> None:
    def fail() -> None:
        with world.act(OPERATOR) as act:
            put_staff(act, PERSON, "测试丑", [wanted(Role.HEAD)], disabled=False)
            act.tx.connection.execute("DO $$ BEGIN RAISE EXCEPTION 'x'; END $$")

    with pytest.raises(psycopg.errors.RaiseException):
        fail()
    assert told(world) == []
    assert world.rows("SELECT FROM staff WHERE staff_no = %s", PERSON) == []


def test_the_recheck_names_an_event_that_was_changed(world: World) -> None:
    put(world, wanted(Role.REGISTRAR))
    assert check(world.url) == []
    world.rows("UPDATE staff_event SET detail = detail || '{\"added\": []}'")
    (fault,) = check(world.url)
    assert (fault.invariant, fault.table) == (7, "staff_event")
