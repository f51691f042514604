"""What Prometheus gets from a real node, and what it never gets."""

import os
import signal
from collections.abc import Iterator

import grpc
import pytest

from tests.e2e.operations.running import Running, running
from tests.e2e.page.node import until
from tests.e2e.page.registry import Publisher
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import FACE, USCC, World
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest, VerifyStreamRequest

VERIFY = "/yizhao.verify.v1.VerifyService/Verify"
CALLS = "yizhao_rpc_call_duration_seconds_count"
VERDICTS = "yizhao_verify_verdicts_total"
SECRET = "curiosity-of-a-partner"


def test_a_node_tells_what_it_did_and_nothing_of_whom_it_was_about(
    node: Running, world: World
) -> None:
    scan = world.scan()
    with node.node.verifier() as stub:
        stub.Verify(
            VerifyRequest(subject=Subject(scan=scan), purpose="banking", case_number=SECRET)
        )
        with pytest.raises(grpc.RpcError):
            stub.Verify(VerifyRequest(subject=Subject(scan=scan), purpose=SECRET))
        with pytest.raises(grpc.RpcError):
            stub.Verify(VerifyRequest(), metadata=(("x-request-id", SECRET),))
    node.node.scan(scan)
    node.node.get(f"/{SECRET}?{SECRET}", **{"User-Agent": SECRET})
    assert node.value(CALLS, method=VERIFY, code="OK") == 1
    assert node.value(CALLS, method=VERIFY, code="INVALID_ARGUMENT") == 2
    assert node.value("yizhao_rpc_call_duration_seconds_sum", method=VERIFY) > 0
    valid = {"outcome": "VALID", "status": "VALID", "reason": "OK"}
    assert node.value(VERDICTS, purpose="banking", **valid) == 1
    assert node.value(VERDICTS, purpose="general", **valid) == 1
    pages = "yizhao_verify_page_request_duration_seconds_count"
    # A page is counted after it was sent.
    until(lambda: node.value(pages, page="check", status="200") == 1)
    until(lambda: node.value(pages, status="404") == 1)
    assert node.value("process_resident_memory_bytes") > 1 << 20
    written = node.metrics()
    digits = scan.rpartition("/")[2]
    said = (SECRET, digits, USCC, FACE.name or "", FACE.person, "icbank", "127.0.0.1")
    assert [text for text in said if text in written] == []


def test_the_data_of_a_node_is_told_with_its_age_and_whether_the_registry_is_there(
    node: Running, publisher: Publisher, world: World
) -> None:
    assert node.value("yizhao_verify_bundle_seq") == world.seq
    assert node.value("yizhao_verify_trust_list_version") == world.trust_version
    assert node.value("yizhao_verify_manifest_age_seconds") >= 3
    assert node.value("yizhao_verify_trust_list_age_seconds") >= 86_400
    assert node.value("yizhao_verify_oldest_list_age_seconds") >= 3
    assert node.value("yizhao_verify_data_source", source="live") == 1
    assert node.value("yizhao_verify_registry_reachable") == 1
    assert node.value("yizhao_verify_ready") == 1
    assert node.value("yizhao_verify_serving_stale") == 0
    publisher.spoil = b"no bundle at all"
    world.seq += 1
    refused = "yizhao_verify_bundles_refused_total"
    until(lambda: node.value(refused) > 0)
    assert {labels["reason"] for labels, _ in node.samples(refused)} == {"CBOR_REFUSED"}


def test_open_streams_are_counted_while_they_are_open(node: Running, world: World) -> None:
    def ask_once() -> Iterator[VerifyStreamRequest]:
        yield VerifyStreamRequest(request=VerifyRequest(subject=Subject(scan=world.scan())))
        until(lambda: node.value("yizhao_verify_open_streams") == 1)

    with node.node.verifier() as stub:
        assert len(list(stub.VerifyStream(ask_once()))) == 1
    until(lambda: node.value("yizhao_verify_open_streams") == 0)


def test_workers_are_told_apart_and_add_up(workers: Running, world: World) -> None:
    def verify() -> None:
        with workers.node.verifier() as stub:
            stub.Verify(VerifyRequest(subject=Subject(scan=world.scan())))

    def used() -> set[str]:
        found = workers.samples(CALLS, method=VERIFY, code="OK")
        return {labels["worker"] for labels, value in found if value > 0}

    calls = 0
    while used() != {"0", "1"}:  # the kernel deals connections out as it likes
        verify()
        calls += 1
        assert calls < 200, "one worker got every connection"
    assert workers.value(CALLS, method=VERIFY, code="OK") == calls
    memory = workers.samples("process_resident_memory_bytes")
    assert {labels["worker"] for labels, _ in memory} == {"0", "1"}
    victim = min(workers.workers())
    os.kill(victim, signal.SIGKILL)
    until(lambda: workers.value("yizhao_verify_worker_restarts_total") == 1)
    until(lambda: workers.value("yizhao_verify_worker_up") == 2)


def test_without_the_setting_nothing_listens_and_the_page_never_tells(
    told: dict[str, str], authorities: Authorities
) -> None:
    del told["YIZHAO_VERIFY_METRICS_LISTEN"]
    with running(told, authorities) as node:
        assert node.metrics_address == ""
        assert node.node.get("/metrics").status_code == 404
