"""What a refused or failed call looks like to a caller, over real gRPC."""

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
import pytest

from clients.sdk.caller import Caller
from clients.sdk.channel import service_config
from clients.sdk.errors import ServiceError, Unreachable
from license_verify.refusal import FieldViolation, Kind, Refusal
from license_verify.rpc.errors import RefusedStatus


class NotYours(Refusal):
    kind = Kind.DENIED
    reason = "NOT_YOUR_UNIT"


class Away(Refusal):
    kind = Kind.UNAVAILABLE
    reason = "SIGNER_UNAVAILABLE"


@contextmanager
def served(behaviour: Callable[[bytes, grpc.ServicerContext], bytes]) -> Iterator[Any]:
    """A method that behaves so, on a real server and channel."""
    handler: Any = grpc.unary_unary_rpc_method_handler(behaviour)
    server = grpc.server(futures.ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("test.Service", {"Call": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel.unary_unary("/test.Service/Call")
    server.stop(0).wait()


def _refuse(error: Refusal) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    def behave(_: bytes, context: grpc.ServicerContext) -> bytes:
        context.abort_with_status(RefusedStatus.of(error, ()))
        raise AssertionError

    return behave


def test_a_refusal_reads_as_the_service_told_it() -> None:
    fields = (FieldViolation("face.person", "is missing", zh="请填写法定代表人"),)
    refusal = NotYours(
        "it belongs to 曲阜市", zh="由曲阜市管理", fields=fields, owner=20, owner_name="曲阜市"
    )
    with served(_refuse(refusal)) as method, pytest.raises(ServiceError) as caught:
        Caller("the registry").call(method, b"")
    told = caught.value
    assert (str(told), told.zh) == ("it belongs to 曲阜市", "由曲阜市管理")
    assert (told.code, told.reason, told.owner) == ("PERMISSION_DENIED", "NOT_YOUR_UNIT", "曲阜市")
    assert [(each.field, each.zh) for each in told.fields] == [("face.person", "请填写法定代表人")]


def test_a_service_that_says_unavailable_was_reached() -> None:
    with served(_refuse(Away("no signer"))) as method, pytest.raises(ServiceError) as caught:
        Caller("the registry").call(method, b"")
    assert caught.value.reason == "SIGNER_UNAVAILABLE"


def test_a_peer_that_is_not_there_is_unreachable() -> None:
    with grpc.insecure_channel("127.0.0.1:1") as channel, pytest.raises(Unreachable, match="bank"):
        Caller("the bank").call(channel.unary_unary("/test.Service/Call"), b"")


def test_an_answer_that_comes_too_late_is_unreachable() -> None:
    def slow(_: bytes, context: grpc.ServicerContext) -> bytes:
        done = futures.Future[None]()
        context.add_callback(lambda: done.set_result(None))
        done.result(10)
        return b""

    with served(slow) as method, pytest.raises(Unreachable):
        Caller("the registry", timeout_seconds=0.2).call(method, b"")


def test_an_import_is_not_sent_again_by_itself() -> None:
    assert "ImportEntities" not in service_config()
