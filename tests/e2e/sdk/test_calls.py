"""What one client asks: batches of any size, streams, quotas, deadlines; the same by both kinds."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from grpc_status import rpc_status

from clients.sdk import (
    BatchIncomplete,
    PartnerClient,
    ServiceError,
    Unreachable,
    UsageClient,
    verify_request,
)
from clients.sdk.batches import chunks
from license_verify.limits import BATCH_ITEMS
from license_verify.refusal import Kind, Refusal
from license_verify.rpc.errors import to_status
from tests.e2e.sdk.conftest import Opener
from tests.e2e.sdk.nodes import KINDS, NAME, Pair, bank, of_scan
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import World
from yizhao.verify.v1 import partner_pb2, receipt_pb2, verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest


def methods(log: Log, name: str) -> int:
    """Calls of one method that the nodes logged."""
    return sum(str(each["method"]).endswith(f"/{name}") for each in log.lines("rpc.call"))


def test_a_batch_of_any_number_is_split_and_keeps_its_order(
    pair: Pair, authorities: Authorities, world: World, opened: Opener, log: Log
) -> None:
    texts = [world.scan() if number % 7 else f"text {number}" for number in range(2_500)]
    with opened(pair.addresses[:1], bank(authorities), connections=2) as client:
        found = client.batch_verify(map(of_scan, texts))
    signed = [each.verdict.proof == verdict_pb2.PROOF_SIGNED for each in found]
    read = [each.verdict.reason != "SCAN_MALFORMED" for each in found]
    assert len(signed) == 2_500
    assert read == [bool(number % 7) for number in range(2_500)]
    assert methods(log, "BatchVerify") == 3


def test_no_requests_are_no_call(
    pair: Pair, authorities: Authorities, opened: Opener, log: Log
) -> None:
    with opened(pair.addresses, bank(authorities)) as client:
        assert client.batch_verify([]) == []
        assert list(client.stream([])) == []
    assert methods(log, "BatchVerify") == 0


def test_a_refused_request_has_its_error_in_its_place(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    wrong = verify_request(Subject(scan=world.scan()), purpose="curiosity")
    with opened(pair.addresses[:1], bank(authorities)) as client:
        batched = client.batch_verify([of_scan(world.scan()), wrong])
        streamed = list(client.stream([of_scan(world.scan()), wrong]))
    for results in (batched, streamed):
        assert [each.WhichOneof("result") for each in results] == ["verdict", "error"]


@pytest.mark.parametrize("field", ["item_code", "case_number", "operator_reference"])
def test_what_a_statement_is_shown_for_reaches_the_service(
    pair: Pair, authorities: Authorities, opened: Opener, field: str
) -> None:
    with (
        opened(pair.addresses[:1], bank(authorities)) as client,
        pytest.raises(ServiceError) as refused,
    ):
        client.verify_statement(b"", **{field: "长" * 129})
    assert [each.field for each in refused.value.fields] == [field]


def test_a_call_that_fails_is_told_by_position_and_the_others_have_their_results(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    huge = of_scan("9" * (5 << 20))  # more than a node takes as one message
    requests = [of_scan(world.scan())] * 1_500 + [huge] + [of_scan("hello")] * 10
    with (
        opened(pair.addresses[:1], bank(authorities)) as client,
        pytest.raises(BatchIncomplete, match=r"1 of 1511 .* numbers 1500 to 1500:") as told,
    ):
        client.batch_verify(requests)
    (failure,) = told.value.failures
    assert (failure.start, failure.stop) == (1_500, 1_501)
    assert isinstance(failure.error, ServiceError)
    assert failure.error.code == "RESOURCE_EXHAUSTED"
    assert [number for number, each in enumerate(told.value.results) if each is None] == [1_500]
    assert "1 项没有结果" in told.value.zh


def test_chunks_keep_both_bounds() -> None:
    requests = [of_scan("9" * 1_500)] * 5_000
    split = list(chunks(requests))
    assert [each.start for each in split] == [0, 1_000, 2_000, 3_000, 4_000]
    small = list(chunks(requests[:100], size=16_000))
    assert max(each.message().ByteSize() for each in small) <= 16_000
    assert [request for each in small for request in each.requests] == requests[:100]
    assert max(len(each.requests) for each in split) == BATCH_ITEMS


def test_a_slow_reader_holds_the_source_up(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    read = 0

    def source() -> Iterator[VerifyRequest]:
        nonlocal read
        for _ in range(500):
            read += 1
            yield of_scan(world.scan())

    with opened(pair.addresses, bank(authorities)) as client:
        stream = client.stream(source(), ahead=10)
        for taken in range(1, 101):
            assert next(stream).verdict.proof == verdict_pb2.PROOF_SIGNED
            assert read <= taken + 10
        stream.close()  # type: ignore[attr-defined]
    assert read < 500


def test_what_the_source_raises_comes_after_the_results_of_what_it_gave(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    def source() -> Iterator[VerifyRequest]:
        yield of_scan(world.scan())
        yield of_scan("hello")
        raise LookupError("the scanner was unplugged")

    with opened(pair.addresses, bank(authorities)) as client:
        stream = client.stream(source())
        assert [next(stream).verdict.proof, next(stream).verdict.reason] == [
            verdict_pb2.PROOF_SIGNED,
            "SCAN_MALFORMED",
        ]
        with pytest.raises(LookupError, match="unplugged"):
            next(stream)


def test_a_wrong_request_is_told_with_its_reason_and_in_chinese(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    wrong = verify_request(Subject(scan=world.scan()), purpose="curiosity")
    with (
        opened(pair.addresses, bank(authorities)) as client,
        pytest.raises(ServiceError) as refused,
    ):
        client.verify_one(wrong)
    assert refused.value.reason == "PURPOSE_UNKNOWN"
    assert refused.value.zh.startswith("没有核验用途")
    assert refused.value.request_id


def test_a_service_that_is_not_there_is_unreachable_in_words(
    authorities: Authorities, opened: Opener
) -> None:
    with (
        opened(["127.0.0.1:1", "127.0.0.1:2"], bank(authorities)) as client,
        pytest.raises(Unreachable) as told,
    ):
        client.verify_scan("hello")
    assert told.value.zh == "无法连接核验服务，请稍后重试"
    with opened("127.0.0.1:1", bank(authorities)) as client, pytest.raises(Unreachable):
        next(client.stream([of_scan("hello")]))


class QuotaUsedUp(Refusal):
    kind = Kind.EXHAUSTED
    reason = "QUOTA_USED_UP"


class Dropped(Exception):
    """What gRPC's server does to a call that it has not begun when it ends."""


GOOD = verdict_pb2.Verdict(reason="OK")


@contextmanager
def busy(
    authorities: Authorities,
    behave: Callable[[int], object],
    method: str = "yizhao.verify.v1.VerifyService/Verify",
    told: Message = GOOD,
) -> Iterator[str]:
    """A server whose one method answers after `behave`, which is told the number of the call."""
    calls = 0

    def answer(request: bytes, context: Any) -> bytes:
        nonlocal calls
        calls += 1
        try:
            behave(calls)
        except QuotaUsedUp as error:
            context.abort_with_status(rpc_status.to_status(to_status(error)))
        except Dropped:
            context.abort(grpc.StatusCode.CANCELLED, "")
        return told.SerializeToString()

    service, _, name = method.partition("/")

    handler: Any = grpc.unary_unary_rpc_method_handler(answer)
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(service, {name: handler}),)
    )
    port = server.add_secure_port("127.0.0.1:0", authorities.server().server_credentials())
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


def used_up_until(
    last: int, come_back_in: timedelta = timedelta(milliseconds=150)
) -> Callable[[int], None]:
    def behave(call: int) -> None:
        if call <= last:
            raise QuotaUsedUp("come back later", zh="配额已用完", retry_after=come_back_in)

    return behave


def dropped_until(last: int) -> Callable[[int], None]:
    def behave(call: int) -> None:
        if call <= last:
            raise Dropped

    return behave


def test_a_check_that_an_ending_node_drops_is_made_again(
    authorities: Authorities, opened: Opener
) -> None:
    with (
        busy(authorities, dropped_until(2)) as address,
        opened(address, bank(authorities)) as client,
    ):
        assert client.verify_scan("hello").reason == "OK"


def test_a_read_or_act_that_an_ending_node_drops_is_made_again(authorities: Authorities) -> None:
    usage, partners = "yizhao.verify.v1.UsageService", "yizhao.verify.v1.PartnerService"
    receipt, partner = receipt_pb2.Receipt(name="receipts/1"), partner_pb2.Partner(title="试写")
    with (
        busy(authorities, dropped_until(2), f"{usage}/GetReceipt", receipt) as address,
        UsageClient.open(address, bank(authorities)) as client,
    ):
        assert client.receipt("receipts/1") == receipt
    with (
        busy(authorities, dropped_until(2), f"{partners}/SuspendPartner", partner) as address,
        PartnerClient.open(address, bank(authorities)) as client,
    ):
        assert client.suspend("partners/icbank", "试写", "核查") == partner


def test_a_used_up_quota_says_when_to_come_back(authorities: Authorities, opened: Opener) -> None:
    with (
        busy(authorities, used_up_until(9)) as address,
        opened(address, bank(authorities)) as client,
        pytest.raises(ServiceError) as refused,
    ):
        client.verify_scan("hello")
    assert (refused.value.reason, refused.value.retry_after_seconds) == ("QUOTA_USED_UP", 0.15)


def test_a_caller_who_wishes_waits_for_its_quota_once(
    authorities: Authorities, opened: Opener
) -> None:
    begun = time.monotonic()
    with (
        busy(authorities, used_up_until(1)) as address,
        opened(address, bank(authorities), wait_for_quota=True) as client,
    ):
        assert client.verify_scan("hello").reason == "OK"
        assert time.monotonic() - begun >= 0.15
    with (
        busy(authorities, used_up_until(2)) as address,
        opened(address, bank(authorities), wait_for_quota=True) as client,
    ):
        with pytest.raises(ServiceError):
            client.verify_scan("hello")
        assert client.verify_scan("hello").reason == "OK"


def test_a_wait_beyond_the_deadline_is_not_begun(authorities: Authorities, opened: Opener) -> None:
    with (
        busy(authorities, used_up_until(1, timedelta(hours=1))) as address,
        opened(address, bank(authorities), wait_for_quota=True) as client,
        pytest.raises(ServiceError, match="come back later"),
    ):
        client.verify_one(of_scan("hello"), timeout_seconds=30)


def test_an_answer_that_comes_too_late_is_unreachable(
    authorities: Authorities, opened: Opener
) -> None:
    never = threading.Event()
    with (
        busy(authorities, lambda _: never.wait(30)) as address,
        opened(address, bank(authorities)) as client,
    ):
        with pytest.raises(Unreachable):
            client.verify_one(of_scan("hello"), timeout_seconds=0.2)
        never.set()


def test_several_addresses_need_the_name_in_their_certificates(authorities: Authorities) -> None:
    for kind in KINDS.values():
        with (
            pytest.raises(ValueError, match="server_name"),
            kind(["127.0.0.1:1", "127.0.0.1:2"], bank(authorities)),
        ):
            pass


@pytest.mark.parametrize(
    "addresses", [[], ["verify.example:1", "10.0.0.1:2"], "10.0.0.1", ["[::1]:1", "10.0.0.1:2"]]
)
def test_addresses_that_make_no_one_target_are_refused(
    authorities: Authorities, opened: Opener, addresses: object
) -> None:
    with (
        pytest.raises(ValueError, match=r"address|host:port"),
        opened(addresses, bank(authorities), server_name=NAME),
    ):
        pass
