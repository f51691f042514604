"""HTTP/1.1 as uvicorn speaks it, with an answer that also those hear who sent far too much."""

import asyncio
import sys
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_HEAD_SECONDS: Final = 10.0
_DISCARD_SECONDS: Final = 3.0
_DISCARD_BYTES: Final = 8 << 20
_TOO_LONG: Final = 431
"""What h11 suggests for a head beyond the limit; for us it is nearly always the address."""
_WORDS: Final = {
    414: "网址过长，不是本系统的二维码。\nThe address is too long: no symbol of this system.\n",
    400: "请求无效，请用浏览器打开二维码中的网址。\nThis is no HTTP request.\n",
}
_REASONS: Final = {414: "URI Too Long", 400: "Bad Request"}


class PatientProtocol(H11Protocol):
    """Reads on for a while after a refusal: closing at once would reset the connection, and the
    sender would never see why. Hangs up on those who connect and send no request."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.access_log = False  # whatever its logger is told: an address holds the whole face
        self._to_discard: int | None = None

    # uvicorn narrows the type of the argument likewise.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self.loop.call_later(_HEAD_SECONDS, self._hang_up_if_silent)

    def data_received(self, data: bytes) -> None:
        """Take data, or throw it away after a refusal."""
        if self._to_discard is None:
            super().data_received(data)
            return
        self._to_discard -= len(data)
        if self._to_discard < 0:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what h11 could not read; called while its error is being handled."""
        error = sys.exception()
        too_long = isinstance(error, h11.RemoteProtocolError) and (
            error.error_status_hint == _TOO_LONG
        )
        status = 414 if too_long else 400
        body = _WORDS[status].encode()
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nConnection: close\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self._to_discard = _DISCARD_BYTES
        self.loop.call_later(_DISCARD_SECONDS, self.transport.close)

    def _hang_up_if_silent(self) -> None:
        if self.cycle is None and self._to_discard is None:
            self.transport.close()
