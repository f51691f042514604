"""WatchEvents over mutual TLS: who sees what, and that nobody misses, doubles or reorders."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import grpc
import pytest

from clients.sdk import RegistryClient, ServiceError
from tests.database import SharedServer
from tests.rpc.registry import people
from tests.rpc.registry.feed import (
    PATIENCE,
    a_person_changed,
    acts,
    everything,
    newest,
    subscribed,
)
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.visits import an_application, drafted
from tests.rpc.registry.world import (
    Registry,
    a_filing,
    a_site,
    an_entity,
    database_of,
    filed,
    invalid,
    refused,
    running,
    settings,
    submitted,
)
from yizhao.registry.v1 import premises_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb

READERS = (people.VERIFY, people.RENCHENG, people.QUFU, people.AUDITOR)


@pytest.fixture(scope="module")
def registry(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> Iterator[Registry]:
    """A registry with one worker, whose feed is these tests' own."""
    with postgres.clone(database_of(populated[0])) as url:
        changed = {"workers": 1, "watches": 24, "watches_per_caller": 6, "publish_seconds": 0.5}
        config = settings(certificates, populated[1], url).model_copy(update=changed)
        with running(config, certificates) as started:
            yield started


def test_many_subscribers_see_every_event_once_and_in_order(registry: Registry) -> None:
    start, slow = newest(registry), threading.Event()
    with ExitStack() as stack:
        subscribers = [
            stack.enter_context(subscribed(registry, caller, start))
            for caller in READERS
            for _ in range(5)
        ]
        late = stack.enter_context(subscribed(registry, people.CITY, start, hold=slow))
        writers = [threading.Thread(target=acts, args=(registry, 8)) for _ in range(3)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(PATIENCE)
        last = newest(registry)
        for subscriber in subscribers:
            subscriber.wait_for(last)
        assert last not in late.cursors  # it held nobody up
        slow.set()
        late.wait_for(last)
        expected = everything(registry, start)
        assert [place[0] for place in expected] == list(range(start + 1, last + 1))
        assert len(expected) == 24
        for subscriber in (*subscribers, late):
            assert subscriber.seen == expected


def test_a_subscriber_goes_on_after_any_cursor(registry: Registry) -> None:
    acts(registry, 3)
    last = newest(registry)
    for after in (0, 1, last - 1, last):
        with subscribed(registry, people.VERIFY, after) as subscriber:
            subscriber.wait_for(last)
            assert subscriber.seen == everything(registry, after)


def test_a_subscriber_of_kinds_gets_these_and_a_cursor_over_the_rest(registry: Registry) -> None:
    start, client = newest(registry), registry.as_(people.RENCHENG)
    filed(client, an_entity(client), "曲阜市鲁城街道试写路81号")
    last = newest(registry)
    with (
        subscribed(registry, people.VERIFY, start, filters={"kinds": ["entity.registered"]}) as one,
        subscribed(registry, people.VERIFY, start, filters={"kinds": ["filing.*"]}) as family,
        subscribed(registry, people.VERIFY, start, filters={"kinds": ["entity.revoked"]}) as none,
    ):
        for subscriber in (one, family, none):
            subscriber.wait_for(last)
        assert [revision for _, _, revision in one.seen] == [1]
        assert [revision for _, _, revision in family.seen] == [3, 4]
        assert none.seen == []
        assert none.cursors[-1] == last


def test_a_host_unit_sees_the_entities_whose_premises_it_has(registry: Registry) -> None:
    client = registry.as_(people.RENCHENG)
    mine, other = an_entity(client), an_entity(client)
    filed(client, mine, "曲阜市鲁城街道试写路82号")
    a_filing(client, other, "曲阜市鲁城街道试写路83号")  # not filed
    last = newest(registry)
    names = {}
    for unit in ("units/20", "units/11", "units/21"):
        with subscribed(registry, people.QUFU, filters={"unit": unit}) as subscriber:
            subscriber.wait_for(last)
            names[unit] = {"/".join(s.split("/")[:2]) for _, s, _ in subscriber.seen}
    assert mine.name in names["units/20"]
    assert other.name not in names["units/20"]
    assert {mine.name, other.name} <= names["units/11"]
    assert not {mine.name, other.name} & names["units/21"]


def test_a_host_unit_sees_a_place_leave_it_and_nothing_after_that(registry: Registry) -> None:
    client = registry.as_(people.RENCHENG)
    entity = an_entity(client)
    place = filed(client, entity, "曲阜市鲁城街道试写路84号").premises
    visit, site = an_application(client, entity), a_site("邹城市钢山街道试写路85号")
    act = premises_pb2.FILING_ACT_CHANGE
    submitted(client, drafted(client, entity, visit, act=act, target=place, site=site))
    left = newest(registry)
    a_person_changed(registry, entity, "钱试九写")
    last = newest(registry)
    with subscribed(registry, people.QUFU, filters={"unit": "units/20"}) as subscriber:
        subscriber.wait_for(last)
        seen = {(number, subject) for number, subject, _ in subscriber.seen}
    theirs = {number for number, subject in seen if subject.startswith(entity.name)}
    assert place in {subject for _, subject in seen}
    assert max(theirs) == left


def test_following_one_entity_shows_its_events_and_is_recorded(registry: Registry) -> None:
    client = registry.as_(people.RENCHENG)
    entity, _ = an_entity(client), an_entity(client)
    last = newest(registry)
    with subscribed(registry, people.AUDITOR, filters={"entity": entity.name}) as subscriber:
        subscriber.wait_for(last)
        assert [(subject, revision) for _, subject, revision in subscriber.seen] == [
            (entity.name, 1)
        ]
    assert registry.rows(
        "SELECT staff_no FROM access WHERE entity_no = %s AND method = 'WatchEvents'",
        registry.number_of(entity.uscc),
    ) == [("0999",)]


def test_a_cursor_that_is_too_old_or_ahead_is_refused_by_name(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> None:
    with (
        postgres.clone(database_of(populated[0])) as url,
        running(settings(certificates, populated[1], url), certificates) as registry,
    ):
        acts(registry, 5)
        last = newest(registry)
        registry.run("UPDATE feed SET oldest_no = 4")
        watch = registry.as_(people.VERIFY).publication.WatchEvents
        with refused("CURSOR_TOO_OLD", oldest="4", resume="3") as told:
            next(watch(pb.WatchEventsRequest(after=2)))
        assert told[0].code is grpc.StatusCode.OUT_OF_RANGE
        with refused("CURSOR_AHEAD", newest=str(last)) as told:
            next(watch(pb.WatchEventsRequest(after=last + 1)))
        assert told[0].code is grpc.StatusCode.OUT_OF_RANGE
        for after in (0, 3):  # 0 asks for what there is
            with subscribed(registry, people.VERIFY, after) as subscriber:
                subscriber.wait_for(last)
                assert subscriber.seen == everything(registry, 3)
        client = RegistryClient.open(registry.address, certificates.tls(people.VERIFY))
        with client, pytest.raises(ServiceError) as caught:
            list(client.feed.watch(2))  # the SDK doesn't try for ever
        assert caught.value.reason == "CURSOR_TOO_OLD"


def test_what_a_filter_names_must_be_there(registry: Registry) -> None:
    watch = registry.as_(people.VERIFY).publication.WatchEvents
    for kind in ("revoked", "entity.*.x", "*", "Entity.revoked", ""):
        with invalid("kinds[0]"):
            next(watch(pb.WatchEventsRequest(kinds=[kind])))
    with invalid("kinds"):
        next(watch(pb.WatchEventsRequest(kinds=["a.b"] * 101)))
    with invalid("unit"):
        next(watch(pb.WatchEventsRequest(unit="units/999")))
    with invalid("entity"):
        next(watch(pb.WatchEventsRequest(entity="91370811MAJN000108")))
    with refused("ENTITY_UNKNOWN"):
        next(watch(pb.WatchEventsRequest(entity="entities/91330106673959654P")))


def test_a_partner_may_not_follow_the_feed(registry: Registry) -> None:
    with refused("ROLE_MISSING"):
        next(registry.as_(people.BANK).publication.WatchEvents(pb.WatchEventsRequest()))


def test_one_caller_has_a_bounded_number_of_watches_and_gets_them_back(registry: Registry) -> None:
    watch = registry.as_(people.ZOUCHENG).publication.WatchEvents
    running = [watch(pb.WatchEventsRequest()) for _ in range(6)]
    for each in running:
        next(each)
    with refused("TOO_MANY_WATCHES", limit="6") as told:
        next(watch(pb.WatchEventsRequest()))
    assert told[0].code is grpc.StatusCode.RESOURCE_EXHAUSTED
    an_entity(registry.as_(people.RENCHENG))  # the one worker is free
    for each in running:
        each.cancel()
    with subscribed(registry, people.ZOUCHENG) as subscriber:  # tries again until there is room
        subscriber.wait_for(newest(registry))
