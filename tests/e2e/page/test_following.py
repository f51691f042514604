"""How a node keeps its data new: by watching, by pulling, and what it says of a registry."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import grpc
import pytest

from license_verify import Anchor, Bundle, Source, Status
from license_verify.lists.delta import Delta
from license_verify.server.bundles import Bundles
from license_verify.server.store import BundleStore
from tests.e2e.page.registry import SERVICE
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import INDEX, URI, World
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub

PATIENCE = 60.0
Answers = Callable[[grpc.ServicerContext], Iterator[pb.GetBundleResponse]]


@dataclass
class Clock:
    """A clock that a test moves."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


class PulledOnly:
    """A registry of an earlier release: it knows of no watch."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.pulls: list[pb.GetBundleRequest] = []

    def handlers(self) -> dict[str, Any]:
        """What it can be asked."""
        handler = grpc.unary_unary_rpc_method_handler(
            self._pull,
            request_deserializer=pb.GetBundleRequest.FromString,
            response_serializer=pb.GetBundleResponse.SerializeToString,
        )
        return {"GetBundle": handler}

    def _pull(self, request: pb.GetBundleRequest, _context: Any) -> pb.GetBundleResponse:
        self.pulls.append(request)
        content = b"" if request.if_none_match == self.bundle.etag else self.bundle.encode()
        return pb.GetBundleResponse(
            content=content, etag=self.bundle.etag, seq=self.bundle.read_manifest()[1].seq
        )


class Watched(PulledOnly):
    """A registry that answers watches as a test says."""

    def __init__(self, bundle: Bundle, answers: Answers) -> None:
        super().__init__(bundle)
        self.answers = answers
        self.watches: list[pb.WatchBundleRequest] = []

    def handlers(self) -> dict[str, Any]:
        """What it can be asked."""
        handler = grpc.unary_stream_rpc_method_handler(
            self._follow,
            request_deserializer=pb.WatchBundleRequest.FromString,
            response_serializer=pb.GetBundleResponse.SerializeToString,
        )
        return super().handlers() | {"WatchBundle": handler}

    def _follow(
        self, request: pb.WatchBundleRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.GetBundleResponse]:
        self.watches.append(request)
        yield from self.answers(context)


@dataclass
class Follower:
    """A node's data and the clock it is told."""

    bundles: Bundles
    clock: Clock
    stop_server: Callable[[], None] = field(default=lambda: None)

    def source(self) -> Source:
        return self.bundles.current().trust.source

    @property
    def seq(self) -> int:
        return self.bundles.current().trust.highest_seen.seq


@contextmanager
def following(folder: Path, world: World, registry: PulledOnly) -> Iterator[Follower]:
    """A node's data, with that registry behind it, whose thread does not run yet."""
    server = grpc.server(ThreadPoolExecutor(4))
    service = grpc.method_handlers_generic_handler(SERVICE, registry.handlers())
    server.add_generic_rpc_handlers((service,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    clock = Clock()

    def stop_server() -> None:
        server.stop(None).wait()

    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub: Any = PublicationServiceStub(channel)
        bundles = Bundles(
            stub,
            BundleStore(folder),
            Anchor((world.root.public,), world.environment),
            refresh_seconds=1.0,
            jitter=lambda: 0.0,
            clock=clock,
        )
        try:
            yield Follower(bundles, clock, stop_server)
        finally:
            bundles.stop()
            stop_server()


@pytest.fixture
def newer(world: World) -> Bundle:
    return replace(world, seq=world.seq + 1, statuses={INDEX: Status.REVOKED}).bundle()


def test_a_registry_that_knows_of_no_watch_is_pulled_from(
    tmp_path: Path, world: World, log: Log
) -> None:
    registry = PulledOnly(world.bundle())
    with following(tmp_path, world, registry) as node:
        assert node.bundles.refresh()
        assert not node.bundles.watch()
        assert node.bundles.refresh()
        assert node.source() is Source.LIVE
    (ended,) = log.lines("bundle.watch_ended")
    assert ended["code"] == "UNIMPLEMENTED"
    assert log.lines("bundle.registry_away") == []


def test_what_comes_by_watch_is_believed_and_kept(
    tmp_path: Path, world: World, newer: Bundle, log: Log
) -> None:
    first = world.bundle()

    def answers(context: grpc.ServicerContext) -> Iterator[pb.GetBundleResponse]:
        yield pb.GetBundleResponse(content=first.encode(), etag=first.etag, seq=world.seq)
        delta = Delta.between(first, newer).encode()
        yield pb.GetBundleResponse(delta=delta, etag=newer.etag, seq=world.seq + 1)
        yield pb.GetBundleResponse(etag=newer.etag, seq=world.seq + 1)
        context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "the time agreed on is over")

    registry = Watched(first, answers)
    with following(tmp_path, world, registry) as node:
        assert node.bundles.watch()  # ended well: it may watch again at once
        assert node.bundles.current().trust.lists[URI].status(INDEX) is Status.REVOKED
        node.bundles.watch()
        assert registry.watches[1].if_none_match == newer.etag
        assert registry.watches[1].seq == world.seq + 1
    assert (tmp_path / "bundle.cbor").read_bytes() == newer.encode()
    assert registry.pulls == []


def test_after_a_delta_that_does_not_fit_the_whole_is_pulled(
    tmp_path: Path, world: World, newer: Bundle, log: Log
) -> None:
    first = world.bundle()
    wrong = Delta.between(newer, first).encode()

    def answers(context: grpc.ServicerContext) -> Iterator[pb.GetBundleResponse]:
        yield pb.GetBundleResponse(content=first.encode(), etag=first.etag, seq=world.seq)
        yield pb.GetBundleResponse(delta=wrong, etag=newer.etag, seq=world.seq + 1)

    registry = Watched(newer, answers)
    with following(tmp_path, world, registry) as node:
        assert not node.bundles.watch()
        assert node.seq == world.seq  # what it had is still good
        assert node.bundles.refresh()
        assert node.seq == world.seq + 1
        assert node.bundles.refresh()
    assert [pull.accept_delta for pull in registry.pulls] == [False, True]
    assert [each["reason"] for each in log.lines("bundle.refused")] == ["DELTA_UNFIT"]


def test_older_data_by_watch_is_a_rollback_and_changes_nothing(
    tmp_path: Path, world: World, newer: Bundle, log: Log
) -> None:
    first = world.bundle()

    def answers(context: grpc.ServicerContext) -> Iterator[pb.GetBundleResponse]:
        yield pb.GetBundleResponse(content=first.encode(), etag=first.etag, seq=world.seq)

    with following(tmp_path, world, Watched(newer, answers)) as node:
        assert node.bundles.refresh()
        assert not node.bundles.watch()
        assert node.seq == world.seq + 1
    assert [each["reason"] for each in log.lines("bundle.refused")] == ["ROLLBACK"]


def test_a_registry_that_is_only_slow_is_called_live_for_longer_than_one_that_failed(
    tmp_path: Path, world: World, log: Log
) -> None:
    with following(tmp_path, world, PulledOnly(world.bundle())) as node:
        assert node.bundles.refresh()
        node.clock.seconds += 10
        assert node.source() is Source.LIVE
        node.clock.seconds += 10
        assert node.source() is Source.CACHED
        assert node.bundles.refresh()
        assert node.source() is Source.LIVE
        node.stop_server()
        assert not node.bundles.refresh()
        assert node.source() is Source.LIVE  # one failed pull is not an outage
        node.clock.seconds += 5
        assert node.source() is Source.CACHED


def test_a_node_that_stops_ends_its_watch(tmp_path: Path, world: World, log: Log) -> None:
    first, asked = world.bundle(), threading.Event()

    def answers(context: grpc.ServicerContext) -> Iterator[pb.GetBundleResponse]:
        ended = threading.Event()
        context.add_callback(ended.set)
        asked.set()
        yield pb.GetBundleResponse(content=first.encode(), etag=first.etag, seq=world.seq)
        ended.wait(PATIENCE)

    with following(tmp_path, world, Watched(first, answers)) as node:
        node.bundles.start()
        assert asked.wait(PATIENCE)
        node.bundles.stop()
        assert not any(thread.name == "bundles" for thread in threading.enumerate())
    assert log.lines("bundle.watch_ended") == []
