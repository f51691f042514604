"""Alive, ready, fresh: a node tells the three apart, by gRPC and on the page's server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from license_verify.rpc.server import RpcServer
from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import World

SERVICE = "yizhao.verify.v1.VerifyService"
FRESH = f"{SERVICE}/fresh"
NOWHERE = "127.0.0.1:1"


@contextmanager
def health_of(node: Node) -> Iterator[Any]:
    tls = node.authorities.client("service/balancer")
    with grpc.secure_channel(node.rpc_address, tls.channel_credentials()) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)

        def serving(name: str) -> bool:
            answer = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=60)
            return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

        yield serving


def test_a_node_without_data_lives_and_is_not_ready(
    tmp_path: Path, authorities: Authorities, world: World
) -> None:
    config = settings(tmp_path, authorities, world, NOWHERE)
    with a_node(config, authorities) as node, health_of(node) as serving:
        assert [serving(name) for name in ("", SERVICE, FRESH)] == [True, False, False]
        assert node.get("/livez").status_code == 200
        assert (node.get("/readyz").status_code, node.get("/readyz").text) == (503, "no data yet\n")
        told = node.get("/healthz")
        assert told.status_code == 503
        assert (told.json()["serving"], told.json()["data"]) == (False, "none")
        assert told.json()["age_seconds"] == {
            "manifest": None,
            "trust_list": None,
            "oldest_list": None,
        }


def test_a_node_with_live_data_is_ready_and_fresh(
    tmp_path: Path, authorities: Authorities, world: World, registry: RpcServer
) -> None:
    config = settings(tmp_path, authorities, world, registry.address)
    with a_node(config, authorities) as node, health_of(node) as serving:
        until(lambda: bool(serving(FRESH)))
        assert serving(SERVICE)
        assert node.get("/readyz").status_code == 200
        told = node.get("/healthz").json()
        assert (told["serving"], told["serving_stale"], told["stale"]) == (True, False, [])
        assert (told["data"], told["seq"]) == ("live", world.seq)
        assert told["age_seconds"]["manifest"] >= 3


def test_a_node_whose_data_grows_old_goes_on_serving_and_says_so(
    tmp_path: Path, authorities: Authorities, world: World, publisher: Publisher
) -> None:
    world.published_at -= timedelta(minutes=6)
    with a_registry(publisher, authorities) as registry:
        config = settings(tmp_path, authorities, world, registry.address)
        with a_node(config, authorities) as node:
            until(lambda: node.has("live"))
    config = settings(tmp_path, authorities, world, NOWHERE)
    with a_node(config, authorities) as node, health_of(node) as serving:
        assert [serving(name) for name in ("", SERVICE, FRESH)] == [True, True, False]
        assert node.get("/readyz").status_code == 200
        told = node.get("/healthz")
        assert told.status_code == 200
        assert (told.json()["serving"], told.json()["serving_stale"]) == (True, True)
        assert (told.json()["data"], told.json()["stale"]) == ("cached", ["manifest"])


def test_a_list_past_its_end_is_stale_though_the_manifest_is_new(
    tmp_path: Path, authorities: Authorities, world: World, registry: RpcServer
) -> None:
    world.list_life = timedelta(seconds=2)  # published three seconds ago
    config = settings(tmp_path, authorities, world, registry.address)
    with a_node(config, authorities) as node:
        until(lambda: node.has("live"))
        assert node.get("/healthz").json()["stale"] == ["lists"]


def test_watches_of_health_take_no_workers_thread_and_do_not_hold_a_drain(
    tmp_path: Path, authorities: Authorities, world: World, registry: RpcServer
) -> None:
    config = settings(
        tmp_path, authorities, world, registry.address, WORKERS="2", DRAIN_SECONDS="60"
    )
    tls = authorities.client("service/balancer")
    with a_node(config, authorities) as node, health_of(node) as serving:
        until(lambda: bool(serving(FRESH)))
        channel = grpc.secure_channel(node.rpc_address, tls.channel_credentials())
        stub: Any = health_pb2_grpc.HealthStub(channel)
        of = health_pb2.HealthCheckRequest(service=SERVICE)
        watches = [stub.Watch(of, timeout=120) for _ in range(8)]
        assert {next(each).status for each in watches} == {health_pb2.HealthCheckResponse.SERVING}
        assert stub.Check(health_pb2.HealthCheckRequest(), timeout=60)
    last = [[answer.status for answer in each] for each in watches]  # each ends, without an error
    assert last == [[health_pb2.HealthCheckResponse.NOT_SERVING]] * 8
    channel.close()
