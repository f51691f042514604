"""The one interceptor of every server: request id, caller, refusals, bugs, access log, spans.

It runs on every call, and an empty method takes no longer than what is done here. So what is the
same for all calls of a method is made once, and a call makes little: no context of its own where
one thread serves it from start to end, no structlog for its line.
"""

from __future__ import annotations  # grpc's handlers are generic for type checkers alone

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Token, copy_context
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

import grpc
import structlog

from license_verify.refusal import Kind, Refusal
from license_verify.rpc import access_log, spans
from license_verify.rpc.call import CURRENT, REQUEST_ID, Call, parse_request_id
from license_verify.rpc.errors import CODES, RefusedStatus
from license_verify.rpc.identity import Identified, Identities, IdentityUnknown
from license_verify.rpc.scrub import describe

_ANY_CERTIFICATE: Final = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_END: Final = object()
_MALFORMED: Final = object()
# gRPC's own word for "no deadline" is a time so far away that it overflows other clocks.
_NO_DEADLINE_SECONDS: Final = 10 * 365 * 86_400.0
_OUR_FAULT: Final = frozenset({grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE})

_log = structlog.stdlib.get_logger()


class RequestMalformed(Refusal):
    """The bytes of a request are no message of the method's kind, or hold invalid UTF-8."""

    kind = Kind.INVALID
    reason = "REQUEST_MALFORMED"


class Counting(Protocol):
    """Counts calls that ended, for metrics."""

    def __call__(self, method: str, code: str, seconds: float) -> None:
        """A call of `/package.Service/Method` ended with this code after so long."""


class ServiceInterceptor(grpc.ServerInterceptor):
    """Wraps every method of a server; nothing else may abort a call."""

    def __init__(
        self,
        identities: Identities,
        pools: Mapping[str, ThreadPoolExecutor] | None = None,
        count: Counting | None = None,
    ) -> None:
        """`pools` maps methods, as `/package.Service/Method`, to threads of their own."""
        self._identities = identities
        self._pools = pools or {}
        self._count = count
        self._wrapped: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Wrap the handler of a method when it is first called."""
        name = handler_call_details.method
        known = self._wrapped.get(name)
        if known is not None:
            return known
        handler = continuation(handler_call_details)
        if handler is None:
            return None  # and not remembered: callers may invent any number of names
        wrapped = self._wrapped[name] = self._wrap(name, handler)
        return wrapped

    def _wrap(
        self, name: str, handler: grpc.RpcMethodHandler[Any, Any]
    ) -> grpc.RpcMethodHandler[Any, Any]:
        make, behavior = _form(handler)
        method = _Method(name, self._identities, self._count)
        if getattr(behavior, "experimental_non_blocking", False):  # a watch of health
            return _wrapped(make, method.pushing(behavior), handler)
        whole = _refusing_malformed(behavior, streaming=handler.request_streaming)
        guarded = method.stream(whole) if handler.response_streaming else method.unary(whole)
        if name in self._pools:
            # gRPC's own way, since 1.24; it looks at the function that it calls.
            guarded.experimental_thread_pool = self._pools[name]  # type: ignore[attr-defined]
        return _wrapped(make, guarded, handler)


class _Method:
    """What surrounds every call of a method."""

    def __init__(self, name: str, identities: Identities, count: Counting | None) -> None:
        self.name = name
        self.identities = identities
        self.count = count
        self.any_certificate = name.startswith(_ANY_CERTIFICATE)

    def unary(self, behavior: Callable[..., Any]) -> Callable[..., Any]:
        """One thread serves the call from start to end, and its context is put back after it."""

        def guarded(request: Any, context: grpc.ServicerContext) -> Any:
            served = _Served(self, context)
            try:
                served.begin()
                answer = behavior(request, context)
            except BaseException as error:
                served.fail(error)
                raise
            else:
                served.succeed()
                return answer
            finally:
                served.leave()

        return guarded

    def stream(self, behavior: Callable[..., Any]) -> Callable[..., Any]:
        """Each step runs in the call's own context, for others run in between."""

        def guarded(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            served = _Served(self, context)
            scope = copy_context()
            try:
                context.send_initial_metadata(served.metadata)  # the first answer may be far away
                scope.run(served.begin)
                answers = iter(scope.run(behavior, request, context))
                while (answer := scope.run(next, answers, _END)) is not _END:
                    yield answer
            except BaseException as error:
                scope.run(served.fail, error)
                raise
            scope.run(served.succeed)

        return guarded

    def pushing(self, behavior: Callable[..., Any]) -> Callable[..., Any]:
        """The method returns at once, and answers by a callback for as long as the client stays.

        The call is told of when it begins.
        """

        def guarded(
            request: Any, context: grpc.ServicerContext, send_response_callback: Callable[..., Any]
        ) -> None:
            served = _Served(self, context)
            try:
                served.begin()
                behavior(_whole(request), context, send_response_callback)
            except BaseException as error:
                served.fail(error)
                raise
            else:
                served.succeed()
            finally:
                served.leave()

        guarded.experimental_non_blocking = True  # type: ignore[attr-defined]
        return guarded


class _Served:
    """One call: what it is, and how it ended."""

    __slots__ = (
        "_caller",
        "_context",
        "_entered",
        "_method",
        "_request_id",
        "_request_id_text",
        "_span",
        "_started",
        "_token",
        "metadata",
    )

    def __init__(self, method: _Method, context: grpc.ServicerContext) -> None:
        self._started = time.monotonic()
        self._method = method
        self._context = context
        sent = context.invocation_metadata()
        self._request_id = _request_id(sent)
        self._span = spans.served(method.name, sent)
        self._caller = ""
        self._token: Token[Call] | None = None
        self._entered: spans.Entered | None = None
        self._request_id_text = str(self._request_id)
        self.metadata: tuple[tuple[str, str | bytes], ...] = ((REQUEST_ID, self._request_id_text),)

    def begin(self) -> None:
        """Name the caller, and let the method know its call.

        Raises:
            IdentityUnknown: the certificate names nobody known here.
        """
        if self._span is not None:
            self._entered = spans.enter(self._span)
        self._context.set_trailing_metadata(self.metadata)
        found = self._identify()
        caller, certificate = (found.workload, found.certificate) if found else (None, None)
        self._caller = caller.name if caller is not None else ""
        deadline = _deadline(self._context)
        call = Call(self._method.name, self._request_id, caller, deadline, certificate)
        self._token = CURRENT.set(call)

    def leave(self) -> None:
        """Put the thread's context back as it was before `begin`."""
        if self._token is not None:
            CURRENT.reset(self._token)
        if self._entered is not None:
            spans.leave(self._entered)

    def succeed(self) -> None:
        """Tell of a call that raised nothing."""
        self._tell(_code_set(self._context))

    def fail(self, error: BaseException) -> None:
        """Turn what a call raised into a status, and tell of it; raises what gRPC expects then."""
        if isinstance(error, Refusal):
            self._tell(CODES[error.kind], error.reason)
            self._context.abort_with_status(RefusedStatus.of(error, self.metadata))
        elif isinstance(error, GeneratorExit) or not self._context.is_active():
            self._tell(grpc.StatusCode.CANCELLED)  # the client went away; nobody hears an answer
        elif isinstance(error, Exception):
            told = {"method": self._method.name, "request_id": self._request_id_text}
            _log.error("rpc.bug", **told, **describe(error))
            self._tell(grpc.StatusCode.INTERNAL)
            self._context.abort(grpc.StatusCode.INTERNAL, "internal error")

    def _identify(self) -> Identified | None:
        try:
            return self._method.identities.identify(_auth_context(self._context))
        except IdentityUnknown:
            if self._method.any_certificate:
                return None
            raise

    def _tell(self, code: grpc.StatusCode, reason: str = "") -> None:
        method, seconds = self._method, time.monotonic() - self._started
        if method.count is not None:
            method.count(method.name, code.name, seconds)
        trace_id = ""
        if self._span is not None:
            trace_id = spans.trace_of(self._span)
            spans.finish(self._span, code.value[0], failed=code in _OUR_FAULT, reason=reason)
        access_log.tell(
            method.name,
            code.name,
            seconds,
            self._caller,
            self._request_id_text,
            reason=reason,
            trace_id=trace_id,
            debug=method.any_certificate,  # asked every few seconds
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
    if streaming:
        return lambda requests, context: method(map(_whole, requests), context)
    return lambda request, context: method(_whole(request), context)


def _whole(request: Any) -> Any:
    if request is _MALFORMED:
        raise RequestMalformed(
            "the bytes sent are no request of this method; texts must be UTF-8",
            zh="请求无法解析，文字须为 UTF-8 编码",
        )
    return request


def _wrapped(
    make: Callable[..., Any], guarded: Callable[..., Any], handler: Any
) -> grpc.RpcMethodHandler[Any, Any]:
    wrapped: grpc.RpcMethodHandler[Any, Any] = make(
        guarded,
        request_deserializer=_marking_malformed(handler.request_deserializer),
        response_serializer=handler.response_serializer,
    )
    return wrapped


def _form(handler: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The maker and the behavior of a handler, whichever of the four forms it has."""
    if handler.request_streaming and handler.response_streaming:
        return grpc.stream_stream_rpc_method_handler, handler.stream_stream
    if handler.request_streaming:
        return grpc.stream_unary_rpc_method_handler, handler.stream_unary
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler, handler.unary_stream
    return grpc.unary_unary_rpc_method_handler, handler.unary_unary


def _request_id(metadata: Sequence[tuple[str, str | bytes]]) -> UUID:
    for key, value in metadata:
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
