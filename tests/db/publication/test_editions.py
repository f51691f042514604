"""Editions at hand: deltas between them, waiting for them, and bursts that become few."""

import threading
import time
from contextvars import copy_context
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from license_verify import Bundle
from license_verify.lists.delta import Delta
from license_verify.rpc.call import CURRENT, Call
from license_verify.rpc.identity import Workload
from registry_service.domain.errors import ServerDraining, SignerUnavailable, TooManyWatches
from registry_service.operations.editions import Editions
from registry_service.operations.publish import Edition
from registry_service.operations.publisher import BETWEEN_SECONDS
from registry_service.rpc import watch_bundle
from registry_service.rpc.watch_bundle import BundleWatch
from registry_service.rpc.watches import Watches
from registry_service.store.publishing import publishing
from tests.db.issuing.world import World
from yizhao.registry.v1 import publication_service_pb2 as pb

PATIENCE = 60.0


class Reader:
    """The context of a call: alive until it hangs up."""

    def __init__(self) -> None:
        self.there = True
        self._ended: list[Any] = []

    def is_active(self) -> bool:
        return self.there

    def add_callback(self, ended: Any) -> None:
        self._ended.append(ended)

    def hang_up(self) -> None:
        self.there = False
        for ended in self._ended:
            ended()


class Watching:
    """Takes answers of `BundleWatch.follow` one by one, as the interceptor does."""

    def __init__(self, watch: BundleWatch, etag: str = "", seq: int = 0) -> None:
        caller = Workload.parse("spiffe://jining.yizhao.test/service/verify")
        self._scope = copy_context()
        self._scope.run(CURRENT.set, Call("/WatchBundle", UUID(int=0), caller, None))
        self.reader = Reader()
        request = pb.WatchBundleRequest(if_none_match=etag, seq=seq)
        context: Any = self.reader  # all that is asked of one
        self._answers = watch.follow(request, context)

    def next(self) -> pb.GetBundleResponse | None:
        """The next answer; None once it ended."""
        return self._scope.run(next, self._answers, None)


@pytest.fixture
def editions(world: World) -> Editions:
    """One edition of a register with one licence."""
    world.register()
    world.issue()
    made = Editions()
    made.add(world.publish())
    return made


def one_more(world: World, editions: Editions) -> Edition:
    """Revoke or reinstate, and publish."""
    if world.rows("SELECT 1 FROM entity WHERE state = 'revoked'"):
        world.reinstate()
    else:
        world.revoke()
    edition = world.publish()
    editions.add(edition)
    return edition


def test_a_slow_watcher_gets_the_newest_and_no_backlog(world: World, editions: Editions) -> None:
    watching = Watching(BundleWatch(editions, Watches(1, 1)))
    first = watching.next()
    assert first is not None
    bundle = Bundle.decode(first.content)
    for _ in range(3):
        last = one_more(world, editions)
    second = watching.next()
    assert second is not None
    assert second.seq == last.seq
    assert Delta.decode(second.delta).apply(bundle) == last.bundle


def test_a_watcher_who_hangs_up_gives_its_place_back(editions: Editions) -> None:
    watch = BundleWatch(editions, Watches(1, 1))
    first = Watching(watch)
    first.next()
    with pytest.raises(TooManyWatches):
        Watching(watch).next()
    first.reader.hang_up()
    assert first.next() is None
    assert Watching(watch).next() is not None


def test_a_process_that_stops_ends_its_watches(editions: Editions) -> None:
    watching = Watching(BundleWatch(editions, Watches(1, 1)))
    watching.next()
    editions.numbers.close()
    with pytest.raises(ServerDraining):
        watching.next()


def test_who_saw_a_newer_edition_elsewhere_waits_for_it_here(
    world: World, editions: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_bundle, "_CATCH_UP_SECONDS", PATIENCE)  # on a busy machine too
    first = editions.newest()
    world.revoke()
    newer = world.publish()
    arriving = threading.Timer(0.05, editions.add, [newer])
    arriving.start()
    request = pb.GetBundleRequest(if_none_match=newer.bundle.etag, seq=newer.seq)
    answer = BundleWatch(editions, Watches(1, 1)).answer(request)
    arriving.join()
    assert (answer.seq, answer.content) == (newer.seq, b"")
    assert first.seq < newer.seq


def test_who_saw_what_never_comes_is_shown_what_there_is(editions: Editions) -> None:
    newest = editions.newest()
    request = pb.GetBundleRequest(if_none_match='"of a lost database"', seq=newest.seq + 9)
    answer = BundleWatch(editions, Watches(1, 1)).answer(request)
    assert (answer.seq, answer.content) == (newest.seq, newest.content)


def test_an_edition_that_is_no_newer_changes_nothing(world: World, editions: Editions) -> None:
    first = editions.newest()
    last = one_more(world, editions)
    editions.add(first)
    assert editions.newest() is last


def test_editions_are_forgotten_in_time_and_then_the_whole_is_sent(world: World) -> None:
    world.register()
    world.issue()
    few = Editions(kept=2)
    few.add(world.publish())
    oldest = few.newest()
    one_more(world, few)
    assert few.delta(oldest.bundle.etag, few.newest()) is not None
    last = one_more(world, few)
    assert few.delta(oldest.bundle.etag, last) is None
    assert few.delta(last.bundle.etag, oldest) is None  # nobody goes back


def test_before_the_first_publication_a_watch_says_so() -> None:
    with pytest.raises(SignerUnavailable):
        Watching(BundleWatch(Editions(), Watches(1, 1))).next()


def test_a_burst_of_acts_is_published_in_few_editions(world: World) -> None:
    world.register()
    publisher = world.publisher()
    publisher.start()
    try:
        first = publisher.edition()
        begun = time.monotonic()
        for _ in range(20):
            world.revoke()
            world.reinstate()
        ((last,),) = world.rows("SELECT count(*) FROM event")
        found = publisher.wait_for(lambda edition: edition.watermark == last, PATIENCE)
        took = time.monotonic() - begun
    finally:
        publisher.stop()
    assert found is not None
    assert found.seq - first.seq <= took / BETWEEN_SECONDS + 2


def test_what_one_process_publishes_the_others_take_over_at_once(world: World) -> None:
    """Also a manifest that was only renewed, of which no event tells."""
    world.register()
    idle = world.publisher(renew_after=timedelta(days=1))
    busy = world.publisher(renew_after=timedelta(0))
    idle.start()
    try:
        with publishing(world.store) as database:
            renewed = [busy.publish(database) for _ in range(3)]
        taken = idle.wait_for(lambda edition: edition.seq >= renewed[-1].seq, PATIENCE)
    finally:
        idle.stop()
    assert taken is not None
    assert taken.content == renewed[-1].content
    assert all(one.seq < other.seq for one, other in pairwise(renewed))
