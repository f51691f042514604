"""An event that the follower can't read stops nobody's watch, and is told as a possible gap."""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from google.type.date_pb2 import Date
from psycopg.conninfo import make_conninfo

from clients.sample.codes import uscc
from license_verify.server.database.connections import Database
from license_verify.server.database.partners import PartnerTable
from license_verify.server.database.watching import Change, WatchTable
from license_verify.server.partners.change_words import words
from license_verify.server.partners.follower import Follower
from license_verify.server.partners.partner import USUAL, Partner, PartnerState
from tests.e2e.page.node import until
from tests.rpc.verify.logs import Log
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1.entity_pb2 import Event

FIRST, SECOND = uscc("91", "370811", 1), uscc("91", "370811", 2)
TRIES = 5
NO_DAY = Date(year=2026, month=13, day=1)


class Batches:
    """One batch, then silence until the call is cancelled."""

    def __init__(self, batch: pb.WatchEventsResponse) -> None:
        self._batch = batch
        self._cancelled = threading.Event()

    def __iter__(self) -> Iterator[pb.WatchEventsResponse]:
        if self._batch.events:
            yield self._batch
            self._cancelled.wait()

    def cancel(self) -> None:
        self._cancelled.set()


class Feed:
    """A registry with these events, whose records fail some times before they can be read."""

    def __init__(self, *events: Event, failing: int = 0) -> None:
        self._events = events
        self._failing = failing

    def WatchEvents(  # noqa: N802 - the contract's name
        self, request: pb.WatchEventsRequest, *, timeout: float
    ) -> Batches:
        assert timeout > 0
        left = [each for each in self._events if each.feed_number > request.after]
        return Batches(pb.WatchEventsResponse(events=left, cursor=len(self._events)))

    def GetPublicRecord(  # noqa: N802 - the contract's name
        self, request: pb.GetPublicRecordRequest, *, timeout: float
    ) -> pb.PublicRecord:
        assert timeout > 0
        self._failing -= 1
        if self._failing >= 0:
            raise RuntimeError("a bug")
        return pb.PublicRecord()


def happened(number: int, code: str, kind: str, **more: Any) -> Event:
    event = Event(feed_number=number, subject=f"entities/{code}", kind=kind, **more)
    event.record_time.FromDatetime(datetime(2026, 11, 2, 9, number, tzinfo=UTC))
    return event


@pytest.fixture
def database(verify_database_url: str) -> Iterator[Database]:
    """With a bank that watches both firms."""
    with Database(verify_database_url, 3) as opened:
        now = datetime.now(UTC)
        with opened.transaction() as connection:
            bank = Partner("icbank", "济宁试写银行", PartnerState.ACTIVE, USUAL)
            PartnerTable(connection).add(bank, now)
            WatchTable(connection).add("icbank", [FIRST, SECOND], now)
        yield opened


def told(database: Database) -> Sequence[Change]:
    with database.transaction() as connection:
        return WatchTable(connection).changes("icbank", 0, 100)


def follow(database: Database, feed: Feed) -> Follower:
    """Follows until all three events were told of."""
    follower = Follower(database, feed, again_seconds=0.01)
    follower.start()
    try:
        until(lambda: follower.place == 3)
    finally:
        follower.stop()
    return follower


def test_an_event_that_cannot_be_read_is_told_as_a_gap_and_those_behind_it_as_ever(
    database: Database, log: Log
) -> None:
    feed = Feed(
        happened(1, FIRST, "entity.revoked"),
        happened(2, FIRST, "entity.reinstated", effective_date=NO_DAY),
        happened(3, SECOND, "entity.suspended"),
    )
    assert follow(database, feed).without_items == 1
    found = told(database)
    assert [(each.number, each.code, each.kind) for each in found] == [
        (1, FIRST, "entity.revoked"),
        (2, "", "watch.interrupted"),
        (3, SECOND, "entity.suspended"),
    ]
    assert all("无法读取" in text or "can't be read" in text for text in words(found[1]))
    (line,) = log.lines("watch.event_passed_over")
    assert (line["number"], line["level"], line["error"]) == (2, "error", "ValueError")
    assert FIRST not in log.getvalue()


def test_an_event_that_fails_for_a_while_is_told_whole(database: Database, log: Log) -> None:
    feed = Feed(*(happened(n, FIRST, "entity.changed") for n in (1, 2, 3)), failing=3)
    follow(database, feed)
    assert [each.kind for each in told(database)] == ["entity.changed"] * 3
    assert len(log.lines("watch.bug")) == 3
    assert not log.lines("watch.event_passed_over")


def test_a_database_that_takes_no_writes_is_no_reason_to_pass_an_event_over(
    database: Database, verify_database_url: str, log: Log
) -> None:
    """A standby reads and takes the lock, while another server becomes the first."""
    feed = Feed(*(happened(n, FIRST, "entity.revoked") for n in (1, 2, 3)))
    with database.transaction() as connection:
        WatchTable(connection).begin_at(0)
    standby = make_conninfo(verify_database_url, options="-c default_transaction_read_only=on")
    with Database(standby, 3) as opened:
        follower = Follower(opened, feed, again_seconds=0.01)
        follower.start()
        try:
            until(lambda: len(log.lines("watch.database_away")) > 2 * TRIES)
        finally:
            follower.stop()
    assert not log.lines("watch.bug")
    assert not log.lines("watch.event_passed_over")
    follow(database, feed)
    assert [each.kind for each in told(database)] == ["entity.revoked"] * 3


class Overtaken(Feed):
    """Another process takes the first event, just before the last try here."""

    def __init__(self, database: Database, *events: Event) -> None:
        super().__init__(*events, failing=100)
        self._database = database
        self._asked = 0

    def GetPublicRecord(  # noqa: N802 - the contract's name
        self, request: pb.GetPublicRecordRequest, *, timeout: float
    ) -> pb.PublicRecord:
        self._asked += 1
        if self._asked == TRIES - 1:
            with self._database.transaction() as connection:
                WatchTable(connection).move(1)
        return super().GetPublicRecord(request, timeout=timeout)


def test_tries_of_a_batch_that_another_process_took_are_not_those_of_the_next(
    database: Database, log: Log
) -> None:
    with database.transaction() as connection:
        WatchTable(connection).begin_at(0)
    follow(
        database, Overtaken(database, *(happened(n, FIRST, "entity.changed") for n in (1, 2, 3)))
    )
    assert len(log.lines("watch.bug")) == 2 * (TRIES - 1)
    assert [each["number"] for each in log.lines("watch.event_passed_over")] == [2, 3]
