"""A channel to a service of ours: mutual TLS, a deadline on every call, the request id."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import grpc
from opentelemetry.trace import Span

from license_verify.rpc import spans
from license_verify.rpc.call import REQUEST_ID, current_request_id
from license_verify.rpc.server import MEBIBYTE
from license_verify.rpc.tls import TlsFiles

DEFAULT_DEADLINE_SECONDS: Final = 10.0
CONNECT_MS: Final = 10_000
"""Time for a connection to be made. gRPC calls it the least pause between attempts, which it is not
where one is refused at once; less than this, and a busy or distant server is never reached."""
# A bundle of a province's status lists has to fit.
MAX_RESPONSE_BYTES: Final = 256 * MEBIBYTE


def open_channel(
    address: str,
    tls: TlsFiles,
    *,
    deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
    server_name: str | None = None,
) -> grpc.Channel:
    """Open a channel; it connects with the first call and again whenever it has to.

    `server_name` is the name in the server's certificate where it is not the host of `address`.
    Calls with one answer get the deadline unless they set their own; streams set theirs.
    """
    options: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", MAX_RESPONSE_BYTES),
        ("grpc.max_metadata_size", 32 * 1024),
        ("grpc.min_reconnect_backoff_ms", CONNECT_MS),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 1_000),
    ]
    if server_name is not None:
        options.append(("grpc.ssl_target_name_override", server_name))
    channel = grpc.secure_channel(address, tls.channel_credentials(), options=options)
    return grpc.intercept_channel(channel, _Outgoing(deadline_seconds))


@dataclass(frozen=True, slots=True)
class _Details(grpc.ClientCallDetails):
    method: str
    timeout: float | None
    metadata: tuple[tuple[str, str | bytes], ...] | None
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None
    compression: grpc.Compression | None


class _Outgoing(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    def __init__(self, deadline_seconds: float) -> None:
        self._deadline_seconds = deadline_seconds

    def intercept_unary_unary(
        self, continuation: Callable[..., Any], details: grpc.ClientCallDetails, request: Any
    ) -> Any:
        ours = _with_defaults(details, self._deadline_seconds)
        span = spans.asked(ours.method)
        if span is None:
            return continuation(ours, request)
        call = continuation(_in_trace(ours, span), request)
        call.add_done_callback(partial(_asked, span))
        return call

    def intercept_stream_unary(
        self, continuation: Callable[..., Any], details: grpc.ClientCallDetails, requests: Any
    ) -> Any:
        return continuation(_with_defaults(details, self._deadline_seconds), requests)

    def intercept_unary_stream(
        self, continuation: Callable[..., Any], details: grpc.ClientCallDetails, request: Any
    ) -> Any:
        return continuation(_with_defaults(details, None), request)

    def intercept_stream_stream(
        self, continuation: Callable[..., Any], details: grpc.ClientCallDetails, requests: Any
    ) -> Any:
        return continuation(_with_defaults(details, None), requests)


def _in_trace(details: _Details, span: Span) -> _Details:
    sent = (*(details.metadata or ()), (spans.TRACEPARENT, spans.traceparent(span)))
    return replace(details, metadata=sent)


def _asked(span: Span, call: Any) -> None:
    code = call.code()
    spans.finish(span, code.value[0], failed=code is not grpc.StatusCode.OK)


def _with_defaults(details: grpc.ClientCallDetails, deadline_seconds: float | None) -> _Details:
    metadata = list(details.metadata or ())
    if all(key != REQUEST_ID for key, _ in metadata):
        metadata.append((REQUEST_ID, str(current_request_id())))
    return _Details(
        details.method,
        details.timeout if details.timeout is not None else deadline_seconds,
        tuple(metadata),
        details.credentials,
        getattr(details, "wait_for_ready", None),
        getattr(details, "compression", None),
    )
