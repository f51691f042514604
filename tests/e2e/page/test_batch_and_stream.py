"""BatchVerify and VerifyStream over mutual TLS: order, partial refusals, limits."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import grpc
import pytest
from grpc_status import rpc_status

from license_verify.rpc.errors import from_rpc_error
from tests.e2e.page.node import Node
from tests.unit.verify.world import World
from yizhao.verify.v1 import verdict_pb2 as verdicts
from yizhao.verify.v1.verify_service_pb2 import (
    VERDICT_VIEW_BASIC,
    BatchVerifyRequest,
    BatchVerifyResponse,
    Subject,
    VerifyRequest,
    VerifyStreamRequest,
)


def of_scan(text: str) -> VerifyRequest:
    return VerifyRequest(subject=Subject(scan=text))


def batch(node: Node, *requests: VerifyRequest) -> BatchVerifyResponse:
    with node.verifier() as stub:
        answer = stub.BatchVerify(BatchVerifyRequest(requests=requests))
    assert isinstance(answer, BatchVerifyResponse)
    return answer


def test_a_batch_keeps_order_and_one_malformed_request_stops_no_other(
    node: Node, world: World
) -> None:
    wrong = VerifyRequest(subject=Subject(scan="1"), purpose="curiosity")
    found = batch(node, of_scan(world.scan()), wrong, VerifyRequest(), of_scan("hello")).results
    kinds = [each.WhichOneof("result") for each in found]
    assert kinds == ["verdict", "error", "error", "verdict"]
    assert found[0].verdict.outcome == verdicts.OUTCOME_VALID
    assert found[1].error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert any(b"PURPOSE_UNKNOWN" in detail.value for detail in found[1].error.details)
    assert found[3].verdict.outcome == verdicts.OUTCOME_INVALID
    assert found[3].verdict.reason == "SCAN_MALFORMED"


def test_batch_and_stream_say_what_verify_says(node: Node, world: World) -> None:
    requests = [of_scan(world.scan()), of_scan(world.scan()[:-1]), of_scan("https://example.cn/1")]
    with node.verifier() as stub:
        single = [stub.Verify(each) for each in requests]
        streamed = [
            each.result.verdict
            for each in stub.VerifyStream(VerifyStreamRequest(request=one) for one in requests)
        ]
    batched = [each.verdict for each in batch(node, *requests).results]
    for answers in zip(single, batched, streamed, strict=True):
        plain = [verdicts.Verdict() for _ in answers]
        for copy, answer in zip(plain, answers, strict=True):
            copy.CopyFrom(answer)
            copy.ClearField("verify_time")
            copy.ClearField("freshness")  # ages grow from one to the next
            copy.ClearField("words")
        assert plain[0] == plain[1] == plain[2]


def test_a_refused_item_has_reason_and_chinese_as_by_verify(node: Node, world: World) -> None:
    wrong = VerifyRequest(subject=Subject(scan=world.scan()), purpose="curiosity")
    for request in (wrong, VerifyRequest()):
        with node.verifier() as stub:
            with pytest.raises(grpc.RpcError) as refused:
                stub.Verify(request)
            (streamed,) = stub.VerifyStream(iter([VerifyStreamRequest(request=request)]))
        (batched,) = batch(node, request).results
        assert isinstance(refused.value, grpc.Call)
        assert from_rpc_error(refused.value).zh
        alone = rpc_status.from_call(refused.value)
        assert batched.error == streamed.result.error == alone


def test_a_thousand_is_the_most_of_a_batch(node: Node, world: World) -> None:
    request = of_scan(world.scan())
    request.view = VERDICT_VIEW_BASIC
    found = batch(node, *[request] * 1000).results
    assert {each.verdict.outcome for each in found} == {verdicts.OUTCOME_VALID}
    assert not any(each.verdict.words for each in found)
    for count, reason in ((0, "BATCH_EMPTY"), (1001, "BATCH_TOO_LARGE")):
        with pytest.raises(grpc.RpcError) as refused:
            batch(node, *[request] * count)
        assert from_rpc_error(refused.value).reason == reason


def test_a_caller_has_so_many_streams_and_gets_a_place_back(node: Node, world: World) -> None:
    done = threading.Event()

    def asking() -> Iterator[VerifyStreamRequest]:
        yield VerifyStreamRequest(request=of_scan(world.scan()))
        done.wait(20)

    with ExitStack() as stack:
        stack.callback(done.set)
        stub = stack.enter_context(node.verifier())
        streams = [stub.VerifyStream(asking()) for _ in range(4)]
        for stream in streams:
            assert next(stream).result.verdict.outcome == verdicts.OUTCOME_VALID
        with pytest.raises(grpc.RpcError) as refused:
            next(stub.VerifyStream(iter([VerifyStreamRequest()])))
        assert from_rpc_error(refused.value).reason == "STREAMS_TOO_MANY"
        assert stub.Verify(of_scan(world.scan())).outcome == verdicts.OUTCOME_VALID
        done.set()
        for stream in streams:
            assert list(stream) == []
        again = stub.VerifyStream(iter([VerifyStreamRequest(request=of_scan("1"))]))
        assert next(again).result.verdict.outcome == verdicts.OUTCOME_INVALID


def test_a_slow_reader_is_not_read_ahead_of(node: Node, world: World) -> None:
    """What the service takes in without being read is bounded by the windows of the transport."""
    asked = 0
    request = replace(world).scan()

    def many() -> Iterator[VerifyStreamRequest]:
        nonlocal asked
        for _ in range(20_000):
            asked += 1
            yield VerifyStreamRequest(request=of_scan(request))

    with node.verifier() as stub:
        stream = stub.VerifyStream(many())
        for _ in range(5):
            next(stream)
        settled, still = -1, 0
        pause = threading.Event()
        while still < 5:
            pause.wait(0.1)
            still = still + 1 if asked == settled else 0
            settled = asked
        stream.cancel()
    assert settled < 20_000
