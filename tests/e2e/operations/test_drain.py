"""Ending a node under load, and replacing its workers: nobody who is careful notices."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from license_verify.rpc.errors import RpcFailure, from_rpc_error
from tests.e2e.operations.load import load
from tests.e2e.operations.running import Running, running
from tests.e2e.page.node import until
from tests.e2e.page.registry import Publisher
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import FACE, World
from yizhao.verify.v1.verify_service_pb2 import (
    Claims,
    Subject,
    VerifyRequest,
    VerifyStreamRequest,
)


def test_of_two_nodes_one_ends_under_load_and_no_call_fails(
    node: Running,
    told: dict[str, str],
    authorities: Authorities,
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    other_cache = tmp_path_factory.mktemp("other")
    with running(told | {"YIZHAO_VERIFY_CACHE": str(other_cache)}, authorities) as other:
        both = (node.node.rpc_address, other.node.rpc_address)
        with load(world.scan(), authorities, both) as loaded:
            until(lambda: loaded.good() > 100)
            node.process.send_signal(signal.SIGTERM)
            assert node.ended() == 0
            after = loaded.good()
            until(lambda: loaded.good() > after + 100)
    assert loaded.bad() == {}


def test_hanging_up_replaces_every_worker_and_no_call_or_page_fails(
    workers: Running, authorities: Authorities, world: World
) -> None:
    first = workers.workers()
    assert len(first) == 2
    calls, page = workers.node.rpc_address, workers.node.page_address
    with load(world.scan(), authorities, (calls,), page) as loaded:
        until(lambda: loaded.good() > 100)
        workers.process.send_signal(signal.SIGHUP)
        until(lambda: bool(workers.lines("verify.restarted")), seconds=120)
        after = loaded.good()
        until(lambda: loaded.good() > after + 100)
    assert loaded.bad() == {}
    assert workers.workers().isdisjoint(first)
    assert workers.value("yizhao_verify_worker_restarts_total") == 0, "nobody died"
    workers.process.send_signal(signal.SIGTERM)
    assert workers.ended() == 0


def test_a_worker_that_dies_under_load_is_counted_and_replaced(
    workers: Running, authorities: Authorities, world: World
) -> None:
    victim = min(workers.workers())
    with load(world.scan(), authorities, (workers.node.rpc_address,)) as loaded:
        until(lambda: loaded.good() > 50)
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(workers.workers() - {victim}) == 2)
        until(lambda: workers.value("yizhao_verify_worker_up") == 2)
        after = loaded.good()
        until(lambda: loaded.good() > after + 100)
    assert workers.value("yizhao_verify_worker_restarts_total") == 1
    # What a killed process had begun is lost to a caller, who hears UNAVAILABLE; nothing else.
    assert [how for how in loaded.bad() if "UNAVAILABLE" not in how] == []


def test_a_call_that_runs_is_answered_while_health_says_that_the_node_ends(
    told: dict[str, str], authorities: Authorities, publisher: Publisher, world: World
) -> None:
    publisher.slow_seconds = 0.4
    told = told | {"YIZHAO_VERIFY_DRAIN_NOTICE_SECONDS": "60"}
    with running(told, authorities) as node, node.node.verifier() as stub:
        tls = authorities.client("service/balancer")
        with grpc.secure_channel(node.node.rpc_address, tls.channel_credentials()) as channel:
            health: Any = health_pb2_grpc.HealthStub(channel)
            watch = health.Watch(health_pb2.HealthCheckRequest(), timeout=60)
            assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
            node.process.send_signal(signal.SIGTERM)
            assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
            assert node.node.get("/readyz").status_code == 503
            assert node.node.get("/livez").status_code == 200
            told_stale = node.node.get("/healthz").json()
            assert (told_stale["serving"], told_stale["draining"]) == (False, True)
            claims = Claims(address=FACE.address or "")
            request = VerifyRequest(subject=Subject(scan=world.scan()), claims=claims)
            assert stub.Verify(request).outcome
            node.process.send_signal(signal.SIGTERM)
            assert node.ended() == 1, "the second signal ends it at once"
    assert node.lines("ending_at_once")


def test_what_was_asked_before_the_end_is_answered(
    node: Running, publisher: Publisher, world: World
) -> None:
    publisher.slow_seconds = 0.3
    claims = Claims(address=FACE.address or "")
    request = VerifyRequest(subject=Subject(scan=world.scan()), claims=claims)
    with node.node.verifier() as stub, ThreadPoolExecutor(4) as pool:
        asked = len(publisher.requests)
        answers = [pool.submit(stub.Verify, request) for _ in range(4)]
        until(lambda: len(publisher.requests) > asked)  # the first has been answered to the node
        node.process.send_signal(signal.SIGTERM)
        ends = [each.exception() for each in answers]
        refused = [each for each in ends if isinstance(each, grpc.RpcError)]
        assert {from_rpc_error(each).code for each in refused} <= {grpc.StatusCode.UNAVAILABLE}
        assert ends.count(None) >= 1
    assert node.ended() == 0


def how_it_ends(stream: Any, more: threading.Semaphore) -> RpcFailure | None:
    try:
        for _ in stream:
            more.release()
    except grpc.RpcError as error:
        return from_rpc_error(error)
    return None


def test_a_stream_ends_between_two_answers_and_says_why(node: Running, world: World) -> None:
    request = VerifyStreamRequest(request=VerifyRequest(subject=Subject(scan=world.scan())))
    more = threading.Semaphore(1)

    def requests() -> Any:
        while True:
            more.acquire()
            yield request

    with node.node.verifier() as stub:
        stream = stub.VerifyStream(requests())
        assert next(stream).result.verdict.outcome
        more.release()
        node.process.send_signal(signal.SIGTERM)
        until(lambda: bool(node.lines("verify.draining")))
        failure = how_it_ends(stream, more)
    assert node.ended() == 0
    assert failure is not None
    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "NODE_ENDING")
