"""A delta that breaks off goes on where it was, and ends as if nothing had happened."""

import pytest

from registry_service.operations.apply_imports import ShareStuck, apply_next
from tests.db.issuing.world import World
from tests.db.sync.deltas import Feed, Told

_BREAK = """
    CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the power fails'; END $$;
    CREATE TRIGGER break_off BEFORE INSERT ON event FOR EACH ROW
        WHEN (NEW.kind = 'entity.revoked') EXECUTE FUNCTION break_off();
"""
_MEND = "DROP TRIGGER break_off ON event; DROP FUNCTION break_off();"
ROWS = (
    Told(day=9, approved=3, person="甲"),
    Told(day=9, approved=7, person="丙", state="吊销"),
    Told(day=9, approved=5, person="乙"),
)


def test_a_chunk_that_broke_off_is_done_again(registry: World) -> None:
    whole, broken = Feed(registry), Feed(registry)
    whole.load(*ROWS)
    while apply_next(whole.applying):
        pass
    run = broken.load(*ROWS)
    assert apply_next(broken.applying, rows=1)
    registry.rows(_BREAK)
    with pytest.raises(ShareStuck) as stuck:
        apply_next(broken.applying, rows=2)
    assert "the power fails" in str(stuck.value.__cause__)
    assert broken.entity() is not None
    assert broken.picture()["state"] == "active"
    registry.rows(_MEND)
    while apply_next(broken.applying, rows=1):
        pass
    assert broken.picture() == whole.picture()
    with registry.store.transaction() as tx:
        (share,) = tx.imports.find(run.number).shares
    assert share.new + share.changed + share.late + share.unchanged + share.decide == len(ROWS)


def test_a_share_that_is_stuck_holds_up_no_other(registry: World) -> None:
    stuck, other = Feed(registry), Feed(registry)
    stuck.load(*ROWS)
    other.load(Told(day=9, approved=3, person="甲"))
    registry.rows(_BREAK)
    with pytest.raises(ShareStuck) as error:
        apply_next(stuck.applying)
    while apply_next(stuck.applying, skip=[error.value.share]):
        pass
    assert other.entity() is not None
    assert stuck.entity() is None
    registry.rows(_MEND)
    while apply_next(stuck.applying):
        pass
    assert stuck.picture()["state"] == "revoked"


def test_what_was_committed_and_not_signed_is_signed_at_the_next_start(registry: World) -> None:
    feed = Feed(registry)
    feed.send(Told(day=1, approved=1, person="甲"))
    registry.issue(feed.code)
    feed.load(Told(day=9, approved=5, person="乙"))
    lost = type(feed.applying)(
        registry.store, feed.applying.policy, registry.clock, lambda *_: None
    )
    while apply_next(lost):
        pass
    query = (
        "SELECT l.state FROM license_version l JOIN code_directory d USING (entity_no)"
        " WHERE d.code = %s ORDER BY l.version"
    )
    assert registry.rows(query, feed.code) == [("superseded",), ("intent",)]
    registry.finisher.finish_all()
    assert registry.rows(query, feed.code) == [("superseded",), ("issued",)]
