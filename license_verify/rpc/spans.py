"""Spans of this process's work, and what of a call they may say.

Ours by hand, not a library's automatic ones: those write paths, statements and the texts of
exceptions, and a path of ours holds a whole face. A span holds names from the code, status codes
and reasons, never what a caller sent. Nothing is made until `start` was called.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from contextvars import Token
from typing import Any, ClassVar, Final, TypeAlias

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT: Final = "traceparent"
"""Metadata key and header of W3C Trace Context. Its companions `tracestate` and `baggage` are
neither read nor passed on: they hold whatever a caller likes."""

Entered: TypeAlias = Token[Context]
"""What `leave` needs to put back what was there before `enter`."""
_W3C: Final = TraceContextTextMapPropagator()
_NOTHING: Final = nullcontext(None)


class _Tracing:
    """The process's tracer, as its log is the process's; None while nothing is traced."""

    tracer: ClassVar[Tracer | None] = None


def start(tracer: Tracer | None) -> None:
    """Begin to make spans; with None, make no more."""
    _Tracing.tracer = tracer


def tracing() -> bool:
    """Whether spans are made."""
    return _Tracing.tracer is not None


def served(method: str, metadata: Iterable[tuple[str, str | bytes]]) -> Span | None:
    """Begin the span of a call that this process answers, `method` as `/package.Service/Method`.

    It continues the caller's trace if the metadata names one. None while nothing is traced. The
    caller ends it.
    """
    tracer = _Tracing.tracer
    if tracer is None:
        return None
    service, _, name = method[1:].partition("/")
    return tracer.start_span(
        method[1:],
        context=_parent(metadata),
        kind=SpanKind.SERVER,
        attributes={"rpc.system": "grpc", "rpc.service": service, "rpc.method": name},
    )


def asked(method: str) -> Span | None:
    """Begin the span of a call to another service, as `served`; None outside of any trace, so that
    what runs in the background for ever begins none."""
    tracer = _Tracing.tracer
    if tracer is None or not trace.get_current_span().get_span_context().is_valid:
        return None
    service, _, name = method[1:].partition("/")
    return tracer.start_span(
        method[1:],
        kind=SpanKind.CLIENT,
        attributes={"rpc.system": "grpc", "rpc.service": service, "rpc.method": name},
    )


def traceparent(span: Span) -> str:
    """What tells the other service of a span."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier, trace.set_span_in_context(span))
    return carrier[TRACEPARENT]


def finish(span: Span, code: int, *, failed: bool, reason: str = "") -> None:
    """End the span of a call with its gRPC status code, and the reason of a refusal."""
    span.set_attribute("rpc.grpc.status_code", code)
    if reason:
        span.set_attribute("yizhao.reason", reason)
    if failed:
        span.set_status(StatusCode.ERROR)
    span.end()


def inside(
    name: str, kind: SpanKind = SpanKind.INTERNAL, *, root: bool = False, **attributes: str
) -> Any:
    """A span around a `with` block, which gets it; outside of a trace nothing, and None.

    With `root` the block begins a trace of its own. What the block raises is told by its type.
    """
    tracer = _Tracing.tracer
    if tracer is None:
        return _NOTHING
    if not root and not trace.get_current_span().get_span_context().is_valid:
        return _NOTHING
    return _Inside(
        tracer.start_span(
            name, context=Context() if root else None, kind=kind, attributes=attributes
        )
    )


class _Inside:
    def __init__(self, span: Span) -> None:
        self._span = span
        self._token: Entered | None = None

    def __enter__(self) -> Span:
        self._token = enter(self._span)
        return self._span

    def __exit__(self, kind: type[BaseException] | None, _error: object, _frames: object) -> None:
        if self._token is not None:
            context.detach(self._token)
        if kind is not None:
            self._span.set_attribute("error.type", kind.__qualname__)
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


def enter(span: Span) -> Entered:
    """Make a span the current one of this thread; `leave` takes the token."""
    return context.attach(trace.set_span_in_context(span))


def leave(token: Entered) -> None:
    """Make the span before `enter` the current one again."""
    context.detach(token)


def trace_id() -> str:
    """The current trace, 32 hexadecimal digits; empty outside of any."""
    if _Tracing.tracer is None:
        return ""
    return trace_of(trace.get_current_span())


def trace_of(span: Span) -> str:
    """The trace of a span, 32 hexadecimal digits; empty for a span of none."""
    found = span.get_span_context()
    return trace.format_trace_id(found.trace_id) if found.is_valid else ""


def _parent(metadata: Iterable[tuple[str, str | bytes]]) -> Context:
    for key, value in metadata:
        if key == TRACEPARENT and isinstance(value, str):
            return _W3C.extract({TRACEPARENT: value}, Context())
    return Context()
