"""What another release wrote is made findable, in the background, and stays so."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_service.fsck import check
from registry_service.operations import search_catch_up
from registry_service.operations.search_catch_up import SearchCatchUp, catch_up
from registry_service.store.transaction import Store
from tests.db.issuing.world import World, a_world
from tests.load.bench_fsck import prepare

COUNT = 30


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with a_world(database_url, tmp_path / "keys") as made:
        yield made


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> str:
    """A register of 30 entities, as it was before the search."""
    prepare(database_url, tmp_path, COUNT)
    with Store(database_url, 1) as store, store.transaction() as tx:
        tx.connection.execute("DELETE FROM entity_search")
    return database_url


def caught_up(url: str) -> int:
    with Store(url, 1) as store:
        return catch_up(store, threading.Event())


@pytest.mark.parametrize(("window", "batch"), [(20_000, 200), (7, 200), (20_000, 4), (7, 3)])
def test_every_entity_from_before_is_made_findable_once(
    url: str, monkeypatch: pytest.MonkeyPatch, window: int, batch: int
) -> None:
    monkeypatch.setattr(search_catch_up, "_WINDOW", window)
    monkeypatch.setattr(search_catch_up, "_BATCH", batch)
    assert caught_up(url) == COUNT
    assert check(url) == []
    assert caught_up(url) == 0


def test_what_was_made_stays_made_when_it_is_stopped(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_catch_up, "_BATCH", 4)
    stopping = threading.Event()
    stops = iter((False, False, True))
    monkeypatch.setattr(stopping, "is_set", lambda: next(stops))
    with Store(url, 1) as store:
        assert catch_up(store, stopping) == 8
    assert caught_up(url) == COUNT - 8


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entity SET state = 'revoked'",
        "UPDATE entity SET registrar_unit_id = 20",
        "UPDATE entity SET uscc = '91370811MAJN00029L'",
        "UPDATE entity SET version = 1",
    ],
)
def test_what_the_release_before_changes_in_an_upgrade_is_followed(
    world: World, statement: str
) -> None:
    world.register()
    world.change(business_name="济宁市白露物流有限公司")
    assert caught_up(world.url) == 0
    with Store(world.url, 1) as store, store.transaction() as tx:
        tx.connection.execute(statement.encode())
    assert caught_up(world.url) == 1
    assert not [fault for fault in check(world.url) if fault.invariant == 11]


def test_an_act_makes_the_row_that_it_finds_missing(world: World) -> None:
    world.register()
    with Store(world.url, 1) as store, store.transaction() as tx:
        tx.connection.execute("DELETE FROM entity_search")
    world.revoke()
    assert check(world.url) == []


def test_two_processes_that_catch_up_at_once_do_no_harm(url: str) -> None:
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(caught_up(url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert check(url) == []


def test_the_thread_catches_up_and_ends_when_told(url: str) -> None:
    with Store(url, 1) as store:
        thread = SearchCatchUp(store)
        thread.start()
        thread.stop()
    assert caught_up(url) in (0, COUNT), "it is stopped between two transactions"
    assert check(url) == []
