"""Quotas: what is refused is told when to come again, and nobody else is slowed into failing."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from license_verify.rpc.errors import from_rpc_error
from tests.e2e.partners.desk import Caller, Desk, a_check, refused
from tests.unit.verify.world import World
from yizhao.verify.v1 import verdict_pb2, verify_service_pb2

_FLOODERS, _CALLS = 12, 40


def a_batch(scan: str, count: int) -> verify_service_pb2.BatchVerifyRequest:
    return verify_service_pb2.BatchVerifyRequest(requests=[a_check(scan)] * count)


def test_a_batch_beyond_what_is_left_is_refused_as_a_whole(desk: Desk, world: World) -> None:
    desk.enrol(calls_per_second=1, burst=20, checks_per_day=25)
    desk.grant()
    bank = desk.as_("partner/icbank")
    with refused("BATCH_BEYOND_BURST") as told:
        bank.verify.BatchVerify(a_batch(world.scan(), 21))
    assert told[0].metadata["limit"] == "20"
    assert told[0].retry_after is None


def test_what_comes_too_fast_is_told_when_to_come_again(desk: Desk, world: World) -> None:
    desk.enrol(calls_per_second=1, burst=6)
    desk.grant()
    bank = desk.as_("partner/icbank")
    with refused("RATE_EXHAUSTED") as told:
        for _ in range(100):
            bank.verify.Verify(a_check(world.scan()))
    assert told[0].code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert told[0].retry_after is not None
    assert timedelta(0) < told[0].retry_after <= timedelta(seconds=1)
    assert "过于频繁" in told[0].zh


def test_whose_quota_is_used_up_is_told_as_other_services_of_the_world_do(
    desk: Desk, world: World
) -> None:
    desk.enrol(burst=20)
    desk.grant()
    with pytest.raises(grpc.RpcError) as caught:
        desk.as_("partner/icbank").verify.BatchVerify(a_batch(world.scan(), 21))
    assert isinstance(caught.value, grpc.Call)
    status, quota = rpc_status.from_call(caught.value), error_details_pb2.QuotaFailure()
    assert status is not None
    (detail,) = (each for each in status.details if each.Is(quota.DESCRIPTOR))
    detail.Unpack(quota)
    (violation,) = quota.violations
    assert (violation.subject, violation.description) == ("partner:icbank", status.message)


def test_too_much_is_told_in_a_stream_as_by_verify_with_when_to_come_again(
    desk: Desk, world: World
) -> None:
    desk.enrol(checks_per_day=30)
    desk.grant()
    bank, check = desk.as_("partner/icbank").verify, a_check(world.scan())
    with pytest.raises(grpc.RpcError) as refused:
        list(map(bank.Verify, [check] * 60))
    sent = iter([verify_service_pb2.VerifyStreamRequest(request=check)])
    (answer,) = bank.VerifyStream(sent)
    assert isinstance(refused.value, grpc.Call)
    alone, told = rpc_status.from_call(refused.value), answer.result.error
    assert alone is not None
    assert (told.code, told.message) == (alone.code, alone.message)
    retry, kinds = error_details_pb2.RetryInfo(), []
    for one, other in zip(told.details, alone.details, strict=True):
        kinds.append(one.TypeName())
        assert one.Is(retry.DESCRIPTOR) or one == other  # midnight is nearer by then
    assert {"google.rpc.RetryInfo", "google.rpc.LocalizedMessage"} < set(kinds)


def test_the_day_ends_at_midnight_in_beijing(desk: Desk, world: World) -> None:
    desk.enrol(checks_per_day=30)
    desk.grant()
    bank = desk.as_("partner/icbank")
    with refused("DAILY_QUOTA_EXHAUSTED") as told:
        for _ in range(60):
            bank.verify.Verify(a_check(world.scan()))
    assert told[0].retry_after is not None
    assert timedelta(0) < told[0].retry_after <= timedelta(days=1)
    assert told[0].metadata == {"partner": "icbank", "limit": "30", "left": "0"}


def test_the_flood_of_one_partner_fails_no_call_of_another(desk: Desk, world: World) -> None:
    """The flood asks by many connections at once, for far more than it may, with batches too."""
    desk.enrol("flood", "洪水试写公司", calls_per_second=20, burst=100, calls_at_once=2)
    desk.enrol("icbank", calls_per_second=10_000, burst=10_000)
    desk.grant(partner="flood", title="洪水试写公司")
    desk.grant()
    scan, stop, told = world.scan(), threading.Event(), Counter[str]()
    bank = desk.as_("partner/icbank")
    flooders = [desk.with_certificate(desk.certificate("partner/flood")) for _ in range(_FLOODERS)]

    def flood(caller: Caller) -> None:
        while not stop.is_set():
            try:
                caller.verify.BatchVerify(a_batch(scan, 50))
                told["OK"] += 1
            except grpc.RpcError as error:
                told[from_rpc_error(error).reason] += 1

    with ThreadPoolExecutor(2 * _FLOODERS) as pool:
        running = [pool.submit(flood, caller) for caller in flooders for _ in range(2)]
        try:
            for _ in range(_CALLS):
                verdict = bank.verify.Verify(a_check(scan))
                assert verdict.outcome == verdict_pb2.OUTCOME_VALID
        finally:
            stop.set()
        for each in running:
            each.result()
    assert told["RATE_EXHAUSTED"] > 0
    assert set(told) <= {"OK", "RATE_EXHAUSTED", "CALLS_TOO_MANY"}
