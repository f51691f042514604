"""Which version is in force at a point, and in what versions differ."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry_service.domain.entity import COUNTER, EntityVersion
from registry_service.domain.history import Point, before, differences, in_force
from tests.unit.registry.cases import FACE

FIRST_DAY = date(2020, 1, 1)
FIRST_TIME = datetime(2020, 1, 1, 4, tzinfo=UTC)
DAYS = st.integers(0, 12)


def a_version(number: int, effective: int, recorded: int) -> EntityVersion:
    return EntityVersion(
        number,
        FACE,
        11,
        FIRST_DAY + timedelta(days=effective),
        FIRST_TIME + timedelta(days=recorded),
        COUNTER,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[EntityVersion]:
    """Versions numbered as they were recorded; they took effect in any order."""
    recorded = sorted(draw(st.lists(DAYS, min_size=1, max_size=8)))
    return [a_version(n, draw(DAYS), day) for n, day in enumerate(recorded, 1)]


def played(versions: list[EntityVersion], point: Point) -> EntityVersion | None:
    """By hand: a timeline in which each version writes over what it takes the place of."""
    timeline: dict[date, EntityVersion] = {}
    for version in versions:  # as they were recorded
        if version.recorded_at <= point.known_at:
            timeline[version.effective_date] = version
    current = None
    for day in sorted(timeline):
        if day <= point.day:
            current = timeline[day]
    return current


@given(histories(), DAYS, DAYS)
def test_the_version_in_force_is_the_one_of_a_replay_by_hand(
    versions: list[EntityVersion], day: int, known: int
) -> None:
    point = Point(FIRST_DAY + timedelta(days=day), FIRST_TIME + timedelta(days=known))
    assert in_force(versions, point) == played(versions, point)


@given(histories())
def test_each_version_took_the_place_of_one_before_it_but_for_the_first(
    versions: list[EntityVersion],
) -> None:
    chain = sorted(versions, key=lambda v: (v.effective_date, v.version))
    assert [before(versions, version) for version in chain] == [None, *chain[:-1]]


def test_differences_name_the_item_and_the_part_of_an_address() -> None:
    old = a_version(1, 0, 0)
    address = replace(FACE.address, unit=20, standard_code="3708810001")
    new = replace(old, face=replace(FACE, person="测试新", address=address), registrar=20)
    assert [(d.path, d.after) for d in differences(old, new)] == [
        ("person", "测试新"),
        ("address.unit", 20),
        ("address.standard_code", "3708810001"),
        ("registrar", 20),
    ]
    assert differences(old, old) == ()
