"""Each rule about sources is broken by hand, and the row that breaks it is named."""

from typing import LiteralString

import psycopg
import pytest

from registry_service.fsck.sources import SOURCE_RULES
from tests.db.issuing.world import World
from tests.db.sync.deltas import Feed, Told


@pytest.fixture
def told(registry: World) -> int:
    """The number of an entity with two versions, a fact in the middle and something to decide."""
    feed = Feed(registry)
    for told in (
        Told(day=1, approved=1),
        Told(day=9, approved=8, person="乙", state="歇业"),
        Told(day=5, approved=4, person="丙"),
    ):
        feed.send(told)
    entity = feed.entity()
    assert entity is not None
    return entity.number


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE entity SET version = 3 WHERE entity_no = %s", "entity"),
        ("DELETE FROM event WHERE entity_no = %s AND revision = 3", "entity_version"),
        ("UPDATE sync_item SET source = 'another' WHERE entity_no = %s", "sync_item"),
        (
            "UPDATE sync_item SET state = 'kept', decided_at = created_at WHERE entity_no = %s",
            "sync_item",
        ),
        ("UPDATE source_fact SET after_version = 9 WHERE entity_no = %s", "source_fact"),
    ],
)
def test_what_breaks_a_rule_is_named(
    registry: World, told: int, statement: LiteralString, table: str
) -> None:
    with psycopg.connect(registry.url) as connection:
        connection.execute(statement, (told,))
        found = {
            (rule.table, row[0])
            for rule in SOURCE_RULES
            for row in connection.execute(rule.query).fetchall()
        }
        connection.rollback()
    assert (table, told) in found
