"""The page's server as operators see it: each answer is counted, and is a trace of its own.

A request is known by the name of its endpoint alone: its path holds a whole face, its query and
headers what messengers add. A visitor's own traceparent is not taken up: anybody could make this
node send traces for them.
"""

import time

from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from license_verify.rpc import spans
from license_verify.server.metrics import NodeMetrics

_NO_ENDPOINT = "none"
_FAILED = 500


class ObservedSite:
    """ASGI application around the site. `metrics` None: nothing is counted."""

    def __init__(self, site: ASGIApp, metrics: NodeMetrics | None) -> None:
        self._site = site
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell how it ended."""
        if scope["type"] != "http" or not (self._metrics or spans.tracing()):
            await self._site(scope, receive, send)
            return
        started, status = time.monotonic(), _FAILED

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with spans.inside("page", SpanKind.SERVER, root=True) as span:
            try:
                await self._site(scope, receive, sending)
            finally:
                page = _page(scope)
                if span is not None:
                    span.update_name(f"page {page}")
                    span.set_attribute("http.response.status_code", status)
                if self._metrics is not None:
                    self._metrics.page(page, status, time.monotonic() - started)


def _page(scope: Scope) -> str:
    """The name of the function that answered, from the code; Starlette leaves it in the scope."""
    return str(getattr(scope.get("endpoint"), "__name__", _NO_ENDPOINT))
