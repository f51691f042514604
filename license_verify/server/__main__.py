"""Composition root of the verifying service: `python -m license_verify.server`."""

import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Final

import structlog

from license_verify.rpc.client import open_channel
from license_verify.rpc.identity import Authority, Identities
from license_verify.rpc.logging import configure
from license_verify.rpc.server import RpcServer, build_server
from license_verify.rpc.settings import ConfigRefused
from license_verify.rpc.tls import TlsFiles
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checker
from license_verify.server.config import Config
from license_verify.server.files import hold
from license_verify.server.live import LiveRegister
from license_verify.server.page.app import build_site
from license_verify.server.page.serving import PageServer, PageTls
from license_verify.server.roots import read_roots
from license_verify.server.servicer import VerifyServicer
from license_verify.server.store import BundleStore
from license_verify.server.streams import TOGETHER, Streams
from license_verify.server.workers import supervise, tell_supervisor, worker_number
from license_verify.trust import Anchor
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub
from yizhao.verify.v1.verify_service_pb2_grpc import add_VerifyServiceServicer_to_server

_REFUSED: Final = 2
_log = structlog.stdlib.get_logger()


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; 2 if it can't begin, with the cause on stderr."""
    number = worker_number(arguments)
    if number is None and arguments not in ([], ["serve"]):
        sys.stderr.write("usage: python -m license_verify.server [serve]\n")
        return _REFUSED
    configure(os.environ.get("YIZHAO_VERIFY_LOG_LEVEL", "INFO"))
    stop = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    try:
        config = Config.load()
        if number is None and config.processes > 1:
            return supervise(config, stop)
        with serving(config, number) as (rpc, page):
            _log.info("verify.serving", address=rpc.address, page=page.address)
            if number is not None:
                tell_supervisor(stop)
            stop.wait()
            _log.info("verify.draining")
    except ConfigRefused as error:
        sys.stderr.write(f"settings refused: {error}\n")
        return _REFUSED
    except (OSError, ValueError) as error:
        # Of files and addresses that the operator named; no request was taken yet.
        sys.stderr.write(f"cannot start: {error}\n")
        return _REFUSED
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def serving(
    config: Config, worker: int | None = None, *, now: Callable[[], datetime] = _now
) -> Iterator[tuple[RpcServer, PageServer]]:
    """Everything wired and running; drained at the end.

    Args:
        config: the settings.
        worker: this process's number among several on one port, whose supervisor holds the cache
            folder; the first alone writes it. None: this process is alone.
        now: the clock of verdicts; certificates go by the machine's.

    Raises:
        OSError, ValueError: a file, key, folder or address can't be used.
    """
    with ExitStack() as stack:
        if worker is None:
            stack.callback(os.close, hold(config.cache))
        channel = stack.enter_context(
            open_channel(
                config.registry,
                TlsFiles.load(config.tls_cert, config.tls_key, [config.services_ca]),
            )
        )
        registry = PublicationServiceStub(channel)
        bundles = Bundles(
            registry,
            BundleStore(config.cache, writes=not worker),
            Anchor(read_roots(config.root), config.environment),
            refresh_seconds=config.refresh_seconds,
            jitter=random.random,
        )
        checker = Checker(bundles, LiveRegister(registry), now)
        share = worker is not None
        rpc, page = _rpc(config, checker, share), _page(config, checker, bundles, share, now)
        bundles.load()
        bundles.start()
        stack.callback(bundles.stop)
        rpc.start()
        stack.callback(rpc.drain, config.drain_seconds)
        page.start()
        stack.callback(page.drain, config.drain_seconds)
        yield rpc, page


def _rpc(config: Config, checker: Checker, share_port: bool) -> RpcServer:
    authorities = {
        Authority.OFFICIALS: config.officials_ca,
        Authority.PARTNERS: config.partners_ca,
        Authority.SERVICES: config.services_ca,
    }
    servicer = VerifyServicer(checker, Streams())
    return build_server(
        address=config.listen,
        tls=TlsFiles.load(config.tls_cert, config.tls_key, authorities.values()),
        identities=Identities.load(config.trust_domain, authorities, _now),
        services={
            VerifyServicer.NAME: lambda server: add_VerifyServiceServicer_to_server(
                servicer, server
            )
        },
        workers=config.workers,
        share_port=share_port,
        pools={VerifyServicer.STREAM: ThreadPoolExecutor(TOGETHER, thread_name_prefix="stream")},
        long_calls=TOGETHER,
    )


def _page(
    config: Config,
    checker: Checker,
    bundles: Bundles,
    share_port: bool,
    now: Callable[[], datetime],
) -> PageServer:
    tls = None
    if config.https_cert is not None and config.https_key is not None and not config.plain_http:
        tls = PageTls(config.https_cert, config.https_key)
    site = build_site(
        checker,
        bundles,
        test_system=config.environment != "production",
        now=now,
    )
    return PageServer(site, config.https_listen, tls, share_port=share_port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
