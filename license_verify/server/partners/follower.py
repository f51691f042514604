"""Follows the registry's feed for watch lists: each change once, by one process of all nodes."""

import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date
from typing import Any, Final, Protocol

import grpc
import structlog

from license_verify.refusal import Refusal
from license_verify.rpc.errors import from_rpc_error
from license_verify.rpc.scrub import describe
from license_verify.server import live
from license_verify.server.database.connections import Database
from license_verify.server.database.watching import Change, WatchTable
from license_verify.server.partners.change_words import INTERRUPTED, KINDS
from license_verify.server.partners.changed_items import BASIS, ChangedItems, Ending, code_of
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb

_CALL_SECONDS: Final = 300.0
"""A watch is begun anew so often: a connection that died silently is noticed."""
_AGAIN_SECONDS: Final = 2.0
_TRIES: Final = 5
"""Of a batch that this program can't read; then each of its events is tried alone."""
_BEYOND: Final = 2**63 - 1
_PLACE: Final = re.compile(r"/premises/(\d{1,9})(?:/|$)", re.ASCII)
_LOST: Final = frozenset({"CURSOR_TOO_OLD", "CURSOR_AHEAD"})
"""The registry no longer has, or never had, what follows our place: it was restored."""
_AGAIN: Final = (Ending, Refusal, grpc.RpcError)
"""No bugs: something is away, or this process ends."""
_log = structlog.stdlib.get_logger()


class Registry(live.Registry, Protocol):
    """What is asked of the registry; `PublicationServiceStub` has it."""

    def WatchEvents(self, request: pb.WatchEventsRequest, *, timeout: float) -> Any:  # noqa: N802
        """A stream of `pb.WatchEventsResponse` that can be cancelled."""


class Follower:
    """One thread. It works while it holds the lock of the database that one of all may hold."""

    def __init__(
        self, database: Database, registry: Registry, again_seconds: float = _AGAIN_SECONDS
    ) -> None:
        self._database = database
        self._registry = registry
        self._stop = threading.Event()
        self._items = ChangedItems(registry, self._stop.is_set)
        self._again_seconds = again_seconds
        self._place: int | None = None
        self._stuck_at: int | None = None
        """Behind which place a batch could not be read last."""
        self._bugs = 0
        """How often it could not."""
        self._passed_over = 0
        self._call: Any = None
        self._thread = threading.Thread(target=self._run, name="watch-lists", daemon=True)

    @property
    def place(self) -> float:
        """Up to which number of the feed all is told; NaN: another process follows, or none."""
        return math.nan if self._place is None else self._place

    @property
    def without_items(self) -> int:
        """Changes that this process told without their items, or as a possible gap alone."""
        return self._items.given_up + self._passed_over

    def start(self) -> None:
        """Begin; the database and the registry may be away."""
        self._thread.start()

    def stop(self) -> None:
        """End what it is at."""
        self._stop.set()
        if self._call is not None:
            self._call.cancel()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._database.alone("watch lists") as alone:
                    if alone:
                        self._follow()
            except Ending:
                return
            except Refusal as error:
                _log.info("watch.database_away", reason=error.reason)
            except grpc.RpcError as error:
                code = error.code().name if isinstance(error, grpc.Call) else type(error).__name__
                _log.info("watch.registry_away", code=code)
            except Exception as error:  # the thread must live: partners are told nothing else
                _log.error("watch.bug", **describe(error))
            self._place = None
            self._stop.wait(self._again_seconds)

    def _follow(self) -> None:
        """Take batches until the call ends or this process stops."""
        after = self._position()
        try:
            self._follow_from(after)
        except grpc.RpcError as error:
            told = from_rpc_error(error)
            if told.reason not in _LOST:
                raise
            resume = told.metadata.get("resume") or told.metadata["newest"]
            self._go_on_after_a_loss(after, int(resume))

    def _go_on_after_a_loss(self, after: int, resume: int) -> None:
        """Every watcher is told that changes are missing, or did not happen after all."""
        _log.error("watch.changes_lost", after=after, until=resume)
        with self._database.transaction() as connection:
            table = WatchTable(connection)
            table.tell_everybody(resume, INTERRUPTED)
            table.begin_at(resume)

    def _follow_from(self, after: int) -> None:
        self._place = after
        request = pb.WatchEventsRequest(after=after, kinds=KINDS, basis=BASIS)
        with self._calling(request) as batches:
            for batch in batches:
                if batch.events or batch.cursor != after:
                    self._take_or_pass_over(batch)
                    after = self._place = batch.cursor
                if self._stop.is_set():
                    return

    def _position(self) -> int:
        """Where to go on; the first time, from what the registry did last."""
        with self._database.transaction() as connection:
            found = WatchTable(connection).position()
        if found is not None:
            return found
        newest = self._newest()
        with self._database.transaction() as connection:
            WatchTable(connection).begin_at(newest)
        return newest

    def _newest(self) -> int:
        """The last number given: whoever asks beyond it is told."""
        try:
            with self._calling(pb.WatchEventsRequest(after=_BEYOND)) as batches:
                next(iter(batches), None)
        except grpc.RpcError as error:
            told = from_rpc_error(error)
            if told.reason == "CURSOR_AHEAD":
                return int(told.metadata["newest"])
            raise
        return 0

    @contextmanager
    def _calling(self, request: pb.WatchEventsRequest) -> Iterator[Any]:
        call = self._call = self._registry.WatchEvents(request, timeout=_CALL_SECONDS)
        if self._stop.is_set():
            call.cancel()  # whoever stops us came before there was a call
        try:
            yield call
        finally:
            self._call = None
            call.cancel()

    def _take_or_pass_over(self, batch: pb.WatchEventsResponse) -> None:
        """Take a batch; what can't be read in several tries is told as a possible gap."""
        try:
            self._take(batch)
        except _AGAIN:
            raise
        except Exception:
            self._bugs = self._bugs + 1 if self._place == self._stuck_at else 1
            self._stuck_at = self._place
            if self._bugs < _TRIES:
                raise
            for event in batch.events:
                self._take_alone(event)
            self._take(pb.WatchEventsResponse(cursor=batch.cursor))

    def _take_alone(self, event: entity_pb2.Event) -> None:
        number = event.feed_number
        try:
            self._take(pb.WatchEventsResponse(events=[event], cursor=number))
        except _AGAIN:
            raise
        except Exception as error:  # nobody else's changes wait until the bug is mended
            with self._database.transaction() as connection:
                table = WatchTable(connection)
                table.tell_everybody(number, INTERRUPTED)
                table.move(number)
            _log.error("watch.event_passed_over", number=number, **describe(error))
            self._passed_over += 1

    def _take(self, batch: pb.WatchEventsResponse) -> None:
        """Tell watchers of a batch, and move on, in one transaction."""
        codes = {code for event in batch.events for code in _codes(event)}
        with self._database.transaction() as connection:
            watched = WatchTable(connection).watched(codes)
        events = [event for event in batch.events if not watched.isdisjoint(_codes(event))]
        items = self._items.of(events)  # asks the registry, so no transaction is open
        changes = [
            _change(event, code, items[event.feed_number])
            for event in events
            for code in _codes(event)
            if code in watched
        ]
        with self._database.transaction() as connection:
            table = WatchTable(connection)
            for change in changes:
                table.tell(change)
            table.move(batch.cursor)


def _codes(event: entity_pb2.Event) -> list[str]:
    """By which the entity may be watched: the one in force, then those that it had."""
    return [code_of(event), *event.former_codes]


def _change(event: entity_pb2.Event, code: str, items: tuple[str, ...] | None) -> Change:
    place = _PLACE.search(event.subject)
    return Change(
        number=event.feed_number,
        code=code,
        kind=event.kind,
        items=items or (),
        place=int(place[1]) if place else None,
        effective_date=_day(event.effective_date),
        happened_at=event.record_time.ToDatetime(tzinfo=UTC),
        items_known=items is not None,
        current_code="" if code == code_of(event) else code_of(event),
    )


def _day(told: Any) -> date | None:
    return date(told.year, told.month, told.day) if told.year else None
