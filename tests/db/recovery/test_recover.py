"""A recovery by itself, and the guard before it."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import pytest

from license_verify.lists.status import Status
from registry_service.domain.host_errors import (
    BundleDamaged,
    BundleForeign,
    BundleNotNewest,
    BundleOlder,
    DatabaseRestored,
    HostRefusal,
    RegisterHeld,
    WaterlineMissing,
)
from registry_service.domain.printed_copy import CopyKind
from registry_service.fsck import check
from registry_service.issuing.keys import load
from registry_service.issuing.signer import KeyRing
from registry_service.operations.keep_copies import void_lost_copy
from registry_service.operations.print_copy import print_copy
from registry_service.operations.published import believe, own, require_newest
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.store.publishing import publishing
from registry_service.waterline import Mark, Waterline
from tests.database import SharedServer
from tests.db.issuing.world import CODE, World, a_world
from tests.db.recovery.conftest import Restored
from tests.rpc.registry.world import database_of

NOW = datetime(2026, 11, 2, 1, 2, 3, tzinfo=UTC)


def test_a_recovery_is_whole_and_done_once(restored: Restored) -> None:
    world = restored.world
    done = restored.recover()
    assert done.edition is not None
    assert world.verdict(world.document(1), done.edition).status == "REVOKED"
    assert check(world.url) == []
    again = restored.recover()
    assert again.edition is None
    assert (again.recovery, again.items) == (done.recovery, 1)
    assert world.rows("SELECT count(*) FROM recovery") == [(1,)]


def test_the_next_numbers_are_those_of_the_epoch(restored: Restored) -> None:
    world = restored.world
    restored.recover()
    world.change(person="测试改")
    (document,) = world.finisher.finish_of(1)
    assert (document.version, document.facts_version, document.list_no, document.index) == (
        *(10_001, 10_001),
        *(64, 0),
    )
    assert world.file_site() == 10_001
    receipts = world.rows("SELECT receipt_number FROM application ORDER BY application_no")
    numbers = [receipt.rpartition("-")[2] for (receipt,) in receipts]
    assert numbers == ["000001", "10000001", "10000002"]
    assert world.rows("SELECT version FROM trust_list ORDER BY version") == [(1,), (1_001,)]
    world.publish()
    assert check(world.url) == []


def test_keys_go_back_to_what_was_published_of_them(restored: Restored) -> None:
    """A key distrusted after the backup must not sign again."""
    world = restored.world
    world.rows("UPDATE signing_key SET state = 'next' WHERE use = 'status'")
    restored.recover()
    states = world.rows("SELECT DISTINCT state FROM signing_key")
    assert states == [("active",)]


def test_without_the_root_key_the_published_trust_list_goes_on(restored: Restored) -> None:
    world = restored.world
    for file in world.keys.glob("root-*.pem"):
        file.unlink()
    world.ring = KeyRing(load(world.keys), {})
    done = restored.recover()
    assert not done.trust_signed
    assert world.rows("SELECT max(version), max(trust_floor) FROM trust_list, recovery") == [
        (1, 1_001)
    ]
    assert check(world.url) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE status_entry SET floor = 14", (6, "status_entry")),
        ("DELETE FROM recovery_item", (6, "status_entry")),
        ("INSERT INTO lost_entry VALUES (0, 0, 1, 0)", (9, "status_entry")),
        ("SELECT setval('status_entry_seq', 5)", (9, "recovery")),
        ("SELECT setval('receipt_seq', 5)", (9, "recovery")),
        ("UPDATE event SET feed_no = 1000 WHERE revision = 3", (9, "event")),
        ("UPDATE recovery_item SET closed_at = now()", (7, "recovery_item")),
    ],
)
def test_fsck_names_what_a_recovery_forbids(
    restored: Restored, statement: LiteralString, fault: tuple[int, str]
) -> None:
    restored.recover()
    restored.world.rows(statement)
    found = {(each.invariant, each.table) for each in check(restored.world.url)}
    assert fault in found


def test_a_bundle_is_refused_by_name(restored: Restored, tmp_path: Path) -> None:
    world, bundle = restored.world, restored.bundle
    content = bundle.bundle.encode()
    other_roots = tuple(key for _, use, key in world.ring.public_keys() if use == "token")
    roots = tuple(key for _, use, key in world.ring.public_keys() if use == "root")
    with pytest.raises(BundleForeign):
        believe("b", content, other_roots, "test")
    with pytest.raises(BundleForeign, match="this register is production"):
        believe("b", content, roots, "production")
    with pytest.raises(BundleDamaged):
        believe("b", content[:-1], roots, "test")
    with world.store.transaction() as tx:
        known = own(tx, roots, "test")
        assert known is not None
        require_newest(tx, bundle, Mark(bundle.manifest.seq, NOW))
        with pytest.raises(BundleNotNewest, match="number 900 was published"):
            require_newest(tx, bundle, Mark(900, NOW))
    restored.recover()
    with world.store.transaction() as tx:
        with pytest.raises(BundleOlder):
            require_newest(tx, known, None)
        require_newest(tx, bundle, None)  # it was recovered from: nothing will change


def test_a_recovery_waits_for_nobody(restored: Restored) -> None:
    with publishing(restored.world.store), pytest.raises(RegisterHeld, match="stop every"):
        restored.recover()
    with (
        publishing(restored.world.store, alone=True),
        pytest.raises(RegisterHeld, match="being recovered"),
        publishing(restored.world.store),
    ):
        pass


def guarded(world: World, folder: Path) -> RestoreGuard:
    return RestoreGuard(Waterline(folder / "published.json"))


def test_a_database_that_went_back_is_not_served(world: World, tmp_path: Path) -> None:
    world.register()
    edition = world.publish(world.publisher(guard=guarded(world, tmp_path)))
    with world.store.transaction() as tx:
        guarded(world, tmp_path).require_current(tx)
    world.rows("UPDATE manifest SET seq = seq - 1")
    with (
        world.store.transaction() as tx,
        pytest.raises(DatabaseRestored, match=f"number {edition.seq} was published") as caught,
    ):
        guarded(world, tmp_path).require_current(tx)
    assert "yizhao recover" in caught.value.zh


def test_without_the_file_a_database_that_has_published_is_not_served(
    world: World, tmp_path: Path
) -> None:
    world.publish(world.publisher(guard=guarded(world, tmp_path)))
    (tmp_path / "published.json").unlink()
    with world.store.transaction() as tx, pytest.raises(WaterlineMissing):
        guarded(world, tmp_path).require_current(tx)


def test_a_database_of_an_earlier_release_is_served(world: World, tmp_path: Path) -> None:
    """It kept no such file; the first publication makes it."""
    world.publish()
    world.rows("UPDATE manifest SET marked = false")
    with world.store.transaction() as tx:
        guarded(world, tmp_path).require_current(tx)
    world.publish(world.publisher(guard=guarded(world, tmp_path)))
    assert (tmp_path / "published.json").exists()


def test_a_registry_under_which_the_database_goes_back_ends(world: World, tmp_path: Path) -> None:
    ended, heard = threading.Event(), []

    def lost(error: HostRefusal) -> None:
        heard.append(error.reason)
        ended.set()

    publisher = world.publisher(guard=guarded(world, tmp_path), lost=lost)
    publisher.start()
    try:
        world.rows("UPDATE manifest SET seq = seq - 1")
        world.register()  # its event wakes the publisher
        assert ended.wait(20)
    finally:
        publisher.stop()
    assert heard == ["DATABASE_RESTORED"]


def test_a_document_that_was_lost_is_counted_by_its_status(restored: Restored) -> None:
    world = restored.world
    world.rows("DELETE FROM license_version")
    world.rows("DELETE FROM event WHERE kind LIKE 'license.%%'")
    world.rows("DELETE FROM status_entry")
    done = restored.recover()
    assert done.lost == {Status.REVOKED: 1}
    assert done.edition is not None
    (published,) = {each.status(0) for each in world.trust(done.edition).lists.values()}
    assert published is Status.INVALID


def test_a_copy_declared_void_after_the_backup_stays_so_until_it_is_declared_again(
    postgres: SharedServer, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    with postgres.clone() as lost:
        with a_world(lost, keys) as world:
            world.register()
            world.issue()
            printed(world)
            printed(world)
            world.publish()
        with postgres.clone(database_of(lost)) as backup:
            with a_world(lost, keys) as world:
                lose(world, 1)
                content = world.publish().content
                roots = tuple(key for _, use, key in world.ring.public_keys() if use == "root")
            with a_world(backup, keys) as world:
                restored = Restored(world, believe("bundle", content, roots, "test"))
                done = restored.recover()
                assert (done.items, done.edition is not None) == (1, True)
                with world.store.transaction() as tx:
                    (item,) = tx.recovery_items.page(None, ("", 0), 10)
                assert item.document == "copies/1"
                assert check(world.url) == []
                assert statuses(world) == ["LOST_VOID", "VALID"]
                lose(world, 1)
                with world.store.transaction() as tx:
                    assert tx.recovery_items.open_of(item.entity_no) == []
                assert statuses(world) == ["LOST_VOID", "VALID"]
                assert printed(world) == 10_001
                assert check(world.url) == []


def test_the_number_of_a_copy_that_a_restore_lost_is_not_printed_again(restored: Restored) -> None:
    """Of a licence version from after it nothing is lost, and its copies count from 1."""
    world = restored.world
    restored.recover()
    printed(world)
    world.change(person="测试改")
    world.finisher.finish_all()
    printed(world)
    query = "SELECT license_no, duplicate_no FROM copy_token ORDER BY copy_no"
    assert world.rows(query) == [(1, 101), (10_001, 1)]
    world.publish()
    assert check(world.url) == []


def printed(world: World) -> int:
    with world.act() as act:
        copy = print_copy(act, CODE, CopyKind.DUPLICATE)
    world.finisher.finish_all()
    return copy.number


def lose(world: World, number: int) -> None:
    with world.act() as act:
        void_lost_copy(act, CODE, number, "公示声明作废")


def statuses(world: World) -> list[str]:
    """What checkers say of the first two copies."""
    edition = world.publish()
    with world.store.transaction() as tx:
        entity = tx.entities.find(CODE)
        copies = tx.copies.page(entity.number, 0, 2)
    return [world.verdict(c.document, edition).status for c in copies if c.document is not None]
