"""Headers that every answer of the site carries."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from license_verify.token.scan import is_loopback

_ALWAYS: Final = {
    "Referrer-Policy": "no-referrer",  # the address holds the whole face
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
_YEAR: Final = "max-age=31536000"


class SafeHeaders:
    """ASGI middleware; a page's own Content-Security-Policy is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        # On loopback it would bind every other port of this machine to TLS.
        strict = scope["scheme"] == "https" and not is_loopback(host)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", _NOTHING)
                if strict:
                    headers["Strict-Transport-Security"] = _YEAR
            await send(message)

        await self._app(scope, receive, sending)
