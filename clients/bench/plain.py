"""`python -m clients.bench.plain serve`: an empty method and a static page, as a node serves.

Settings, TLS, interceptors, log lines, page server and headers are a node's; behind them is
nothing: what a method or a page costs beyond these is its own.
"""

import os
import signal
import sys
import threading
import zlib
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import grpc
import structlog
from google.protobuf.empty_pb2 import Empty
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from license_verify.rpc.identity import Identities
from license_verify.rpc.logging import configure
from license_verify.rpc.server import RpcServer, build_server
from license_verify.rpc.tls import TlsFiles
from license_verify.server.config import Config
from license_verify.server.page.headers import SafeHeaders
from license_verify.server.page.serving import PageServer, PageTls

SERVICE: Final = "yizhao.bench.Plain"
METHOD: Final = f"/{SERVICE}/Nothing"
PAGE: Final = "static.html"
"""In the cache folder: what the page holds."""
_HEAD_ENDS: Final = b"</head>"


def main() -> int:
    """Serve until SIGTERM."""
    configure(os.environ.get("YIZHAO_VERIFY_LOG_LEVEL", "INFO"))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config = Config.load()
    rpc, page = _rpc(config), _page(config)
    rpc.start()
    page.start()
    structlog.stdlib.get_logger().info("plain.serving")
    stop.wait()
    page.drain(0)
    rpc.drain(0)
    return 0


def _rpc(config: Config) -> RpcServer:
    return build_server(
        address=config.listen,
        tls=TlsFiles.load(config.tls_cert, config.tls_key, config.authorities.values()),
        identities=Identities.load(
            config.trust_domain, config.authorities, lambda: datetime.now(UTC)
        ),
        services={SERVICE: _add_nothing},
        workers=config.workers,
    )


def _add_nothing(server: grpc.Server) -> None:
    nothing: Any = grpc.unary_unary_rpc_method_handler(
        lambda _request, _context: Empty(),
        request_deserializer=Empty.FromString,
        response_serializer=Empty.SerializeToString,
    )
    handler = grpc.method_handlers_generic_handler(SERVICE, {"Nothing": nothing})
    server.add_generic_rpc_handlers((handler,))


def _page(config: Config) -> PageServer:
    def static(request: Request) -> Response:
        content = (config.cache / PAGE).read_bytes()
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            content = _compressed(content)
            headers["Content-Encoding"] = "gzip"
        return Response(content, 200, headers, "text/html; charset=utf-8")

    site = Starlette(routes=[Route("/", static)], middleware=[Middleware(SafeHeaders)])
    assert config.https_cert is not None  # noqa: S101 - the settings demand both
    assert config.https_key is not None  # noqa: S101 - likewise
    return PageServer(site, config.https_listen, PageTls(config.https_cert, config.https_key))


def _compressed(content: bytes) -> bytes:
    """As a verdict's page is: its head was compressed before, the rest is for each visitor."""
    head, mark, body = content.partition(_HEAD_ENDS)
    begun, packed = _begun(head + mark)
    going_on = begun.copy()
    return packed + going_on.compress(body) + going_on.flush()


@cache
def _begun(head: bytes) -> "tuple[zlib._Compress, bytes]":
    begun = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return begun, begun.compress(head)


if __name__ == "__main__":
    sys.exit(main())
