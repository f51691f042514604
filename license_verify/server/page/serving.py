"""uvicorn in a thread of this process, its limits and its silence."""

import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from license_verify.server.page.protocol import PatientProtocol

_START_SECONDS: Final = 10.0
_CLOSING_SECONDS: Final = 0.3
"""uvicorn looks every 0.1 s whether it should end, and then gives connections as long."""
_BACKLOG: Final = 512
# The longest address of ours is 1,700 bytes. A head beyond this is answered 414.
_HEAD_BYTES: Final = 16 * 1024
_MOST_CONNECTIONS: Final = 2_000


class PageUnavailable(OSError):
    """The page can't be served: the address is taken, or the certificate is unfit."""


@dataclass(frozen=True, slots=True)
class PageTls:
    """Certificate chain and key, PEM files."""

    certificate: Path
    key: Path


class PageServer:
    """Serves the site until it is told to stop."""

    def __init__(
        self, site: ASGIApp, address: str, tls: PageTls | None, *, share_port: bool = False
    ) -> None:
        """Bind the address (host:port, port 0 lets the system choose); `tls` None is plain HTTP.

        `share_port` lets several processes listen on one port.

        Raises:
            PageUnavailable: the address is taken, or the certificate is unfit.
        """
        host, _, port = address.rpartition(":")
        self._socket = _listen(host.strip("[]"), int(port), share_port)
        self.address = f"{host}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            site,
            http=PatientProtocol,  # on h11, which bounds the head of a request
            h11_max_incomplete_event_size=_HEAD_BYTES,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,  # a path holds the face
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=15,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        try:
            config.load()
        except OSError as error:  # ssl.SSLError is one
            self._socket.close()
            raise PageUnavailable(f"the page's certificate or key is unfit: {error}") from error
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="page", daemon=True
        )

    def start(self) -> None:
        """Serve; returns once requests are answered.

        Raises:
            PageUnavailable: it did not come up.
        """
        self._thread.start()
        until = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise PageUnavailable(f"the page did not come up on {self.address}")
            time.sleep(0.01)

    def drain(self, seconds: float) -> None:
        """Take no more requests, let those that run finish for so long."""
        until = time.monotonic() + seconds
        self._server.should_exit = True
        self._thread.join(timeout=_CLOSING_SECONDS)
        while self._thread.is_alive() and time.monotonic() < until:
            if not self._server.server_state.tasks:
                break  # idle phones would hold their connections for long
            self._thread.join(timeout=0.05)
        self._server.force_exit = True
        self._thread.join(timeout=2.0)
        self._socket.close()


def _listen(host: str, port: int, share_port: bool) -> socket.socket:
    try:
        listening = socket.create_server(
            (host, port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=_BACKLOG,
            reuse_port=share_port,
        )
        # Inherited by each connection. asyncio leaves it off for sockets that it did not make,
        # and then every answer waits 40 ms for the client's delayed acknowledgement.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise PageUnavailable(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return listening
