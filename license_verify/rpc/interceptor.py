"""The one interceptor of every server: request id, caller, refusals, bugs, access log."""

from __future__ import annotations  # grpc's handlers are generic for type checkers alone

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from typing import Any, Final
from uuid import UUID, uuid4

import grpc
import structlog

from license_verify.refusal import Kind, Refusal
from license_verify.rpc.call import CURRENT, REQUEST_ID, Call, parse_request_id
from license_verify.rpc.errors import CODES, RefusedStatus
from license_verify.rpc.identity import Identified, Identities, IdentityUnknown
from license_verify.rpc.scrub import describe

_ANY_CERTIFICATE: Final = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_END: Final = object()
_MALFORMED: Final = object()
# gRPC's own word for "no deadline" is a time so far away that it overflows other clocks.
_NO_DEADLINE_SECONDS: Final = 10 * 365 * 86_400.0

_log = structlog.stdlib.get_logger()


class RequestMalformed(Refusal):
    """The bytes of a request are no message of the method's kind, or hold invalid UTF-8."""

    kind = Kind.INVALID
    reason = "REQUEST_MALFORMED"


class ServiceInterceptor(grpc.ServerInterceptor):
    """Wraps every method of a server; nothing else may abort a call."""

    def __init__(
        self, identities: Identities, pools: Mapping[str, ThreadPoolExecutor] | None = None
    ) -> None:
        """`pools` maps methods, as `/package.Service/Method`, to threads of their own."""
        self._identities = identities
        self._pools = pools or {}

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Wrap the handler of one method."""
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        request_id = _request_id(handler_call_details)
        one_call = _Guard(self._identities, handler_call_details.method, request_id)
        make, method = _form(handler)
        behavior = _refusing_malformed(method, streaming=handler.request_streaming)
        guarded = (
            one_call.stream(behavior) if handler.response_streaming else one_call.unary(behavior)
        )
        if handler_call_details.method in self._pools:
            # gRPC's own way, since 1.24; it looks at the function that it calls.
            guarded.experimental_thread_pool = (  # type: ignore[attr-defined]
                self._pools[handler_call_details.method]
            )
        wrapped: grpc.RpcMethodHandler[Any, Any] = make(
            guarded,
            request_deserializer=_marking_malformed(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )
        return wrapped


class _Guard:
    """What surrounds one call."""

    def __init__(self, identities: Identities, method: str, request_id: UUID) -> None:
        self._identities = identities
        self._method = method
        self._request_id = request_id

    def unary(self, behavior: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(request: Any, context: grpc.ServicerContext) -> Any:
            with _Outcome(self._method, context) as outcome:
                scope = self._enter(context, outcome)
                return scope.run(behavior, request, context)

        return guarded

    def stream(self, behavior: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            with _Outcome(self._method, context) as outcome:
                scope = self._enter(context, outcome)
                answers = iter(scope.run(behavior, request, context))
                while (answer := scope.run(next, answers, _END)) is not _END:
                    yield answer

        return guarded

    def _enter(self, context: grpc.ServicerContext, outcome: _Outcome) -> Context:
        """Make the context in which the method runs."""
        scope = outcome.scope = copy_context()
        scope.run(structlog.contextvars.bind_contextvars, request_id=str(self._request_id))
        outcome.metadata = ((REQUEST_ID, str(self._request_id)),)
        context.send_initial_metadata(outcome.metadata)
        context.set_trailing_metadata(outcome.metadata)
        found = self._caller(context)
        caller, certificate = (found.workload, found.certificate) if found else (None, None)
        outcome.caller = caller.name if caller is not None else ""
        call = Call(self._method, self._request_id, caller, _deadline(context), certificate)
        scope.run(CURRENT.set, call)
        return scope

    def _caller(self, context: grpc.ServicerContext) -> Identified | None:
        try:
            return self._identities.identify(_auth_context(context))
        except IdentityUnknown:
            if self._method.startswith(_ANY_CERTIFICATE):
                return None
            raise


class _Outcome:
    """Turns what a method raised into a status, and writes the access log line."""

    def __init__(self, method: str, context: grpc.ServicerContext) -> None:
        self._method = method
        self._context = context
        self._started = time.monotonic()
        self.scope = copy_context()
        self.caller = ""
        self.metadata: tuple[tuple[str, str | bytes], ...] = ()

    def __enter__(self) -> _Outcome:
        return self

    def __exit__(self, kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, Refusal):
            self._tell(CODES[error.kind], reason=error.reason)
            self._context.abort_with_status(RefusedStatus.of(error, self.metadata))
        elif error is None:
            self._tell(_code_set(self._context))
        elif isinstance(error, GeneratorExit) or not self._context.is_active():
            self._tell(grpc.StatusCode.CANCELLED)  # the client went away; nobody hears an answer
        elif isinstance(error, Exception):
            self.scope.run(_log.error, "rpc.bug", method=self._method, **describe(error))
            self._tell(grpc.StatusCode.INTERNAL)
            self._context.abort(grpc.StatusCode.INTERNAL, "internal error")

    def _tell(self, code: grpc.StatusCode, **more: str) -> None:
        milliseconds = round((time.monotonic() - self._started) * 1000, 1)
        probe = self._method.startswith(_ANY_CERTIFICATE)  # asked every few seconds
        self.scope.run(
            _log.debug if probe else _log.info,
            "rpc.call",
            method=self._method,
            code=code.name,
            milliseconds=milliseconds,
            caller=self.caller,
            **more,
        )


def _marking_malformed(
    deserialize: Callable[[bytes], Any] | None,
) -> Callable[[bytes], Any] | None:
    """Reads requests; for what can't be read a mark, since gRPC would answer INTERNAL."""
    if deserialize is None:
        return None

    def read(wire: bytes) -> Any:
        try:
            return deserialize(wire)
        except Exception:  # protobuf's decoders share no class of error
            return _MALFORMED

    return read


def _refusing_malformed(method: Callable[..., Any], *, streaming: bool) -> Callable[..., Any]:
    """The method, called with whole requests alone."""

    def whole(request: Any) -> Any:
        if request is _MALFORMED:
            raise RequestMalformed(
                "the bytes sent are no request of this method; texts must be UTF-8",
                zh="请求无法解析，文字须为 UTF-8 编码",
            )
        return request

    if streaming:
        return lambda requests, context: method(map(whole, requests), context)
    return lambda request, context: method(whole(request), context)


def _form(handler: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The maker and the behavior of a handler, whichever of the four forms it has."""
    if handler.request_streaming and handler.response_streaming:
        return grpc.stream_stream_rpc_method_handler, handler.stream_stream
    if handler.request_streaming:
        return grpc.stream_unary_rpc_method_handler, handler.stream_unary
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler, handler.unary_stream
    return grpc.unary_unary_rpc_method_handler, handler.unary_unary


def _request_id(details: grpc.HandlerCallDetails) -> UUID:
    for key, value in details.invocation_metadata:
        if key == REQUEST_ID and isinstance(value, str):
            return parse_request_id(value) or uuid4()
    return uuid4()


def _auth_context(context: grpc.ServicerContext) -> Mapping[str, Sequence[bytes]]:
    found: Mapping[str, Any] = context.auth_context()  # the published types know one value a key
    return found


def _deadline(context: grpc.ServicerContext) -> float | None:
    remaining = context.time_remaining()
    if remaining is None or remaining > _NO_DEADLINE_SECONDS:
        return None
    return time.monotonic() + remaining


def _code_set(context: grpc.ServicerContext) -> grpc.StatusCode:
    code = getattr(context, "code", lambda: None)()  # newer than its published types
    return code if isinstance(code, grpc.StatusCode) else grpc.StatusCode.OK
