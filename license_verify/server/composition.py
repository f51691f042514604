"""Everything of a verifying process, wired and running."""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Final

import grpc
import structlog

from license_verify.rpc.client import open_channel
from license_verify.rpc.identity import Identities
from license_verify.rpc.metrics import Metrics
from license_verify.rpc.server import RpcServer, build_server
from license_verify.rpc.tls import TlsFiles
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checker
from license_verify.server.config import Config
from license_verify.server.database.connections import Database, VerifyDatabaseAway
from license_verify.server.database.migrate import read_version
from license_verify.server.files import hold
from license_verify.server.live import LiveRegister
from license_verify.server.metrics import DataCollector, NodeMetrics
from license_verify.server.node_health import HealthTeller, NodeHealth
from license_verify.server.observed_checker import ObservedChecker
from license_verify.server.observed_site import ObservedSite
from license_verify.server.page.app import build_site
from license_verify.server.page.serving import PageServer, PageTls
from license_verify.server.partners.side import PartnersSide
from license_verify.server.roots import read_roots
from license_verify.server.servicer import VerifyServicer
from license_verify.server.store import BundleStore
from license_verify.server.streams import TOGETHER, Streams
from license_verify.server.usage.running import Usage, recording
from license_verify.trust import Anchor
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub
from yizhao.verify.v1.verify_service_pb2_grpc import add_VerifyServiceServicer_to_server

_THREADS: Final = 4
"""For each worker of the settings: a partner whose calls wait for their turn leaves some free. A
disk that keeps the journal waiting for a twentieth of a second is to have nobody refused."""
_WAITING: Final = 4096
"""Calls in line. A flood is refused by its own quota, within a thread: it has to get that far, or
gRPC refuses whoever comes behind it."""
_LOOK_SECONDS: Final = 5.0
"""For a look at the tables, and at the registry's data, before anything is served."""
_log = structlog.stdlib.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def serving(
    config: Config,
    worker: int | None = None,
    metrics: Metrics | None = None,
    *,
    now: Callable[[], datetime] = _now,
) -> Iterator[tuple[RpcServer, PageServer]]:
    """Everything wired and running; drained at the end.

    `worker` is this process's number among several on one port, whose supervisor holds the cache
    folder; the first alone writes it. None: this process is alone. `now` is the clock of verdicts;
    certificates go by the machine's.

    Raises:
        OSError, ValueError: a file, key, folder or address can't be used.
        SchemaOlder, SchemaNewer: the database's tables are those of another release.
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
            jitter=random.Random().random,  # noqa: S311 - its own, as it runs beside others
        )
        streams, live = Streams(), LiveRegister(registry)
        counted = NodeMetrics(metrics) if metrics is not None else None
        checker = ObservedChecker(bundles, live, now, counted)
        share = worker is not None
        database = None
        if config.database_url is not None:
            url = config.database_url.get_secret_value()
            database = stack.enter_context(Database(url, config.connections))
            _require_fit(database)
        usage = None
        if database is None:
            _log.warning("usage.no_database", told="nothing is counted, no receipt is given")
        else:
            usage = stack.enter_context(
                recording(config, database, lambda: bundles.current().trust)
            )
        partners = PartnersSide(
            database,
            registry,
            config.cache,
            writes=not worker,
            threads=_THREADS * config.workers,
            now=_now,
        )
        services = partners.services
        if usage is not None:
            services = services | usage.services(partners.desk, registry, _now)
        recorder = usage.recorder if usage else None
        servicer = VerifyServicer(checker, streams, partners.desk, recorder)
        rpc = _rpc(config, servicer, services, share, metrics)
        health = NodeHealth(bundles, now, config.stale_seconds, rpc.ends)
        page = _page(config, checker, bundles, health, counted, usage, share, now)
        if metrics is not None:
            metrics.registry.register(DataCollector(health, bundles))
            metrics.follow("yizhao_verify_open_streams", "VerifyStream calls.", streams.open_now)
            partners.tell(metrics)
            if usage is not None:
                usage.tell(metrics)
        bundles.load()
        bundles.start()
        stack.callback(bundles.stop)
        bundles.await_first(_LOOK_SECONDS)
        stack.enter_context(partners)
        # What is put on the stack down to here is closed after the last answer: journals too.
        rpc.start()
        stack.callback(rpc.drain, config.drain_seconds)
        teller = HealthTeller(rpc, VerifyServicer.NAME, health)
        teller.start()
        stack.callback(teller.stop)
        page.start()
        stack.callback(_drain, rpc, page, streams, config.drain_seconds)
        yield rpc, page


def _require_fit(database: Database) -> None:
    """Stop on tables of another release. Where none can be seen, the database being away, go on.

    Raises:
        SchemaOlder, SchemaNewer: the tables are not what this release needs.
    """
    try:
        with database.transaction(_LOOK_SECONDS) as connection:
            version = read_version(connection)
    except VerifyDatabaseAway as error:
        _log.warning("database.away_at_start", why=error.metadata["cause"])
        return
    version.refuse_unfit()


def _drain(rpc: RpcServer, page: PageServer, streams: Streams, seconds: float) -> None:
    """Calls, streams and pages together: each may take the whole time."""
    rpc.say_that_it_ends()
    streams.end()
    calls = rpc.begin_drain(seconds)
    page.drain(seconds)
    calls.wait()


def _rpc(
    config: Config,
    servicer: VerifyServicer,
    others: Mapping[str, Callable[[grpc.Server], object]],
    share_port: bool,
    metrics: Metrics | None,
) -> RpcServer:
    return build_server(
        address=config.listen,
        tls=TlsFiles.load(config.tls_cert, config.tls_key, config.authorities.values()),
        identities=Identities.load(config.trust_domain, config.authorities, _now),
        services={
            VerifyServicer.NAME: lambda server: add_VerifyServiceServicer_to_server(
                servicer, server
            ),
            **others,
        },
        workers=_THREADS * config.workers,
        share_port=share_port,
        pools={VerifyServicer.STREAM: ThreadPoolExecutor(TOGETHER, thread_name_prefix="stream")},
        long_calls=TOGETHER,
        count=metrics.count if metrics is not None else None,
        waiting_calls=_WAITING,
    )


def _page(
    config: Config,
    checker: Checker,
    bundles: Bundles,
    health: NodeHealth,
    metrics: NodeMetrics | None,
    usage: Usage | None,
    share_port: bool,
    now: Callable[[], datetime],
) -> PageServer:
    tls = None
    if config.https_cert is not None and config.https_key is not None and not config.plain_http:
        tls = PageTls(config.https_cert, config.https_key)
    site = build_site(
        checker,
        bundles,
        health,
        test_system=config.environment != "production",
        now=now,
        scanned=usage.recorder.page_scanned if usage else lambda _: None,
    )
    observed = ObservedSite(site, metrics)
    return PageServer(observed, config.https_listen, tls, share_port=share_port)
