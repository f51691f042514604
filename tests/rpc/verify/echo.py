"""A service with a method of each form, which answers or refuses as the request says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from license_verify.refusal import FieldViolation, Kind, Refusal
from license_verify.rpc.call import current_call, current_caller
from license_verify.rpc.client import open_channel
from license_verify.rpc.server import RpcServer, build_server
from license_verify.rpc.tls import TlsFiles
from tests.rpc.verify.authority import Authorities

NAME = "yizhao.test.Echo"
CALL_SECONDS = 30


class EtagMismatch(Refusal):
    kind = Kind.STALE
    reason = "ETAG_MISMATCH"


class DatabaseSays(Exception):
    """Like psycopg's errors: a SQLSTATE, and personal data in the text."""

    sqlstate = "23505"


def _answer(request: bytes) -> bytes:
    words = request.decode()
    if words == "refuse":
        raise EtagMismatch(
            "read filings/7 again",
            zh="请重新读取后再提交",
            fields=(FieldViolation("site.scope", "longer than 4,000", zh="过长"),),
            filing="filings/7",
        )
    if words.startswith("bug:"):
        raise DatabaseSays(f"DETAIL: Key (person)=({words[4:]}) exists")
    if words == "deadline":
        remaining = current_call().remaining_seconds()
        return b"none" if remaining is None else f"{remaining:.0f}".encode()
    return f"{words} from {current_caller().name} as {current_call().request_id}".encode()


def _handlers() -> grpc.GenericRpcHandler:
    def one(request: bytes, _: grpc.ServicerContext) -> bytes:
        return _answer(request)

    def many(request: bytes, _: grpc.ServicerContext) -> Iterator[bytes]:
        yield b"first"
        yield _answer(request)

    def joined(requests: Iterator[bytes], _: grpc.ServicerContext) -> bytes:
        return b"|".join(_answer(each) for each in requests)

    def each(requests: Iterator[bytes], _: grpc.ServicerContext) -> Iterator[bytes]:
        return (_answer(each) for each in requests)

    def forever(request: bytes, _: grpc.ServicerContext) -> Iterator[bytes]:
        while True:
            yield request

    return grpc.method_handlers_generic_handler(
        NAME,
        {
            "One": grpc.unary_unary_rpc_method_handler(one),
            "Many": grpc.unary_stream_rpc_method_handler(many),
            "Forever": grpc.unary_stream_rpc_method_handler(forever),
            "Joined": grpc.stream_unary_rpc_method_handler(joined),
            "Each": grpc.stream_stream_rpc_method_handler(each),
        },
    )


def echo_handlers(server: grpc.Server) -> None:
    """Add the service to a server."""
    server.add_generic_rpc_handlers((_handlers(),))


@contextmanager
def an_echo_server(authorities: Authorities) -> Iterator[RpcServer]:
    built = build_server(
        address="127.0.0.1:0",
        tls=authorities.server(),
        identities=authorities.identities(),
        services={NAME: echo_handlers},
        workers=4,
    )
    built.start()
    try:
        yield built
    finally:
        built.drain(0)


@contextmanager
def a_channel(server: RpcServer, tls: TlsFiles) -> Iterator[Any]:
    """A channel; Any, since the published types can't name methods without a serializer."""
    with open_channel(server.address, tls, deadline_seconds=CALL_SECONDS) as channel:
        yield channel
