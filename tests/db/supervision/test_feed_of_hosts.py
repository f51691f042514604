"""The feed of a unit has what was handed to it, whether it answered or not."""

from registry_service.domain.feed import Wanted
from registry_service.operations.put_station import put_station
from tests.db.issuing.world import World
from tests.db.supervision.people import (
    OPERATOR,
    QUFU,
    QUFU_ID,
    ZOUCHENG,
    ZOUCHENG_ID,
    acknowledge,
    forward,
)

ALL = 1_000_000
"""More than any feed here has."""


def seen(world: World, *units: int) -> list[str]:
    """Kinds of events in the feed of these units, in order."""
    with world.store.transaction() as tx:
        tx.feed.number_waiting()
        found = tx.feed.between(0, ALL, Wanted(frozenset(), frozenset(units), None))
    return [each.event.kind for each in found]


def test_a_unit_sees_what_was_forwarded_to_it_before_it_takes_it(world: World) -> None:
    world.file_site()
    assert "filing.filed" in seen(world, QUFU_ID)
    assert seen(world, ZOUCHENG_ID) == []
    forward(world, QUFU, ZOUCHENG_ID)
    assert seen(world, ZOUCHENG_ID)[-1] == "handover.forwarded"
    acknowledge(world, ZOUCHENG)
    assert "handover.acknowledged" in seen(world, QUFU_ID)
    assert "handover.acknowledged" in seen(world, ZOUCHENG_ID)


def test_a_station_watches_its_own_hand_overs(world: World) -> None:
    world.file_site()
    with world.act(OPERATOR) as act:
        station = put_station(act, None, "鲁城市场监督管理所", QUFU_ID).number
    assert seen(world, station) == []
    forward(world, QUFU, station, "")
    assert seen(world, station)[-1] == "handover.forwarded"
