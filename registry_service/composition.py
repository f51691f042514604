"""Everything of a registry process, wired and running."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeAlias

import grpc
import structlog

from license_verify.rpc.identity import Identities
from license_verify.rpc.metrics import Metrics
from license_verify.rpc.server import RpcServer, build_server
from license_verify.rpc.tls import TlsFiles
from registry_service.config import Config
from registry_service.documents.folder import DocumentFolder
from registry_service.domain.errors import RegistryError, SignerUnavailable
from registry_service.domain.host_errors import HostRefusal
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import Actor
from registry_service.issuing.signer import KeyRing
from registry_service.metrics import follow_publishing, follow_watches
from registry_service.operations.apply_imports import Applying
from registry_service.operations.background import Background
from registry_service.operations.desk import Desk
from registry_service.operations.dormancy_clock import DormancyClock
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.finish_statements import StatementFinisher
from registry_service.operations.import_worker import ImportWorker
from registry_service.operations.key_changes import KeyKeeper
from registry_service.operations.mass_chunk import OpenRing
from registry_service.operations.mass_engine import MassEngine
from registry_service.operations.mass_makers import Making
from registry_service.operations.print_face import Titles
from registry_service.operations.printer import Printer, read_emblem
from registry_service.operations.publisher import Publisher
from registry_service.operations.read_feed import FeedReader
from registry_service.operations.recompute_deadlines import recompute_deadlines
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.operations.search_catch_up import SearchCatchUp
from registry_service.printing.printed_face import Surroundings
from registry_service.rpc.admin_servicer import AdminServicer
from registry_service.rpc.answers import Answers
from registry_service.rpc.application_servicer import ApplicationServicer
from registry_service.rpc.entity_servicer import EntityServicer
from registry_service.rpc.license_servicer import LicenseServicer
from registry_service.rpc.page_methods import Printing
from registry_service.rpc.premises_servicer import PremisesServicer
from registry_service.rpc.publication_servicer import PublicationServicer
from registry_service.rpc.watch_bundle import BundleWatch
from registry_service.rpc.watch_events import EventWatch
from registry_service.rpc.watches import Watches
from registry_service.setup import name_issuers
from registry_service.store.migrate import read_version
from registry_service.store.publishing import serving_register
from registry_service.store.transaction import Store
from registry_service.waterline import Waterline
from yizhao.registry.v1 import (
    admin_service_pb2_grpc,
    application_service_pb2_grpc,
    entity_service_pb2_grpc,
    license_service_pb2_grpc,
    premises_service_pb2_grpc,
    publication_service_pb2_grpc,
)

_PACKAGE: Final = "yizhao.registry.v1"
_INTENTS_SECONDS: Final = 10.0
_INTENTS_AGE: Final = timedelta(minutes=1)
_Finishers: TypeAlias = tuple[Finisher, StatementFinisher]
_log = structlog.stdlib.get_logger()


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


@contextmanager
def serving(
    config: Config,
    now: Callable[[], datetime] = utc_now,
    lost: Callable[[HostRefusal], None] = lambda _: None,
    metrics: Metrics | None = None,
) -> Iterator[RpcServer]:
    """A registry that answers; drained at the end.

    Args:
        config: settings.
        now: the clock.
        lost: told if the database goes back while it serves; it should end then.
        metrics: counts what happens; None: nothing does.

    Raises:
        DatabaseUnavailable, SignerUnavailable, KeyFolderRefused: it can't begin.
        ConfigRefused: ISSUER_CODES contradicts what was served with before.
        SchemaOlder, SchemaNewer: the tables are those of another release.
        DatabaseRestored, WaterlineMissing, RegisterHeld: it may not, before a recovery is done.
        OSError, ValueError: a file or address can't be used.
    """
    with ExitStack() as stack:
        store = stack.enter_context(
            Store(config.database_url.get_secret_value(), config.connections)
        )
        waterline = Waterline(config.waterline_file)
        waterline.require_writable()
        guard = RestoreGuard(waterline)
        with store.transaction() as tx:
            read_version(tx.connection).refuse_unfit()
        stack.enter_context(serving_register(store))  # before anything is looked at or signed
        with store.transaction() as tx:
            guard.require_current(tx)
            name_issuers(tx, config)
        ring = _ring(config, store)
        finisher = Finisher(store, ring, now)
        finishers = (finisher, StatementFinisher(store, ring, now))
        _finish_what_was_left(finishers)
        waiting = Background("issuing", partial(_finish_what_waits, finishers), _INTENTS_SECONDS)
        waiting.start()
        stack.callback(waiting.stop)
        recompute_deadlines(store)
        renewal = timedelta(seconds=config.publish_seconds)
        publisher = Publisher(store, ring, now, renewal, guard, lost)
        clock = DormancyClock(store, now)
        clock.start()
        stack.callback(clock.stop)
        catch_up = SearchCatchUp(store)
        catch_up.start()
        stack.callback(catch_up.stop)
        publisher.start()
        stack.callback(publisher.stop)
        imports = ImportWorker(Applying(store, JINING_2023, now, _signing(finisher), guard))
        imports.start()
        stack.callback(imports.stop)
        mass = MassEngine(
            Making(
                store,
                config.database_url.get_secret_value(),
                _opening(config),
                now,
                guard,
            )
        )
        mass.start()
        stack.callback(mass.stop)
        watches = Watches(config.watches, config.watches_per_caller)
        stack.callback(watches.close)
        bundle_watches = Watches(config.bundle_watches, config.bundle_watches)
        stack.callback(bundle_watches.close)
        desk = Desk(store, JINING_2023, now)
        keeper = KeyKeeper(ring, timedelta(hours=config.announce_hours))
        workers = (imports, mass)
        services = _services(
            config, desk, finishers, publisher, workers, watches, bundle_watches, keeper, now
        )
        pools = {"WatchEvents": watches.pool, "WatchBundle": bundle_watches.pool}
        if metrics is not None:
            follow_publishing(metrics, publisher, now)
            follow_watches(metrics, watches, bundle_watches)
        server = _server(config, services, pools, now, metrics)
        server.start()
        stack.callback(server.drain, config.drain_seconds)
        for followed in (publisher.newest, publisher.editions.numbers):
            stack.callback(followed.close)  # watches end first: they would outlast the grace
        yield server


def _ring(config: Config, store: Store) -> KeyRing:
    with store.transaction() as tx:
        active = tx.keys.active()
    return _opening(config)(active)


def _opening(config: Config) -> OpenRing:
    """What opens the keys, here or in a process that this one starts."""
    return partial(KeyRing.of, config.key_places())


def _server(
    config: Config,
    services: dict[str, Callable[[grpc.Server], object]],
    pools: dict[str, ThreadPoolExecutor],
    now: Callable[[], datetime],
    metrics: Metrics | None,
) -> RpcServer:
    return build_server(
        address=config.listen,
        tls=TlsFiles.load(config.tls_cert, config.tls_key, config.authorities.values()),
        identities=Identities.load(config.trust_domain, config.authorities, now),
        services=services,
        workers=config.workers,
        pools={f"/{_PACKAGE}.PublicationService/{name}": pool for name, pool in pools.items()},
        long_calls=config.watches + config.bundle_watches,
        count=metrics.count if metrics is not None else None,
    )


def _services(
    config: Config,
    desk: Desk,
    finishers: _Finishers,
    publisher: Publisher,
    workers: tuple[ImportWorker, MassEngine],
    watches: Watches,
    bundle_watches: Watches,
    keeper: KeyKeeper,
    now: Callable[[], datetime],
) -> dict[str, Callable[[grpc.Server], object]]:
    """What adds each service to a server, by the service's full name."""
    answers = Answers(desk, _signing(finishers[0]))
    documents = DocumentFolder(config.documents or config.keys.parent / "documents")
    events = EventWatch(
        answers, FeedReader(desk.store, publisher.newest), publisher.newest, watches
    )
    bundles = BundleWatch(publisher.editions, bundle_watches)
    adding = {
        "EntityService": partial(
            entity_service_pb2_grpc.add_EntityServiceServicer_to_server, EntityServicer(answers)
        ),
        "ApplicationService": partial(
            application_service_pb2_grpc.add_ApplicationServiceServicer_to_server,
            ApplicationServicer(answers, documents),
        ),
        "PremisesService": partial(
            premises_service_pb2_grpc.add_PremisesServiceServicer_to_server,
            PremisesServicer(answers, documents),
        ),
        "LicenseService": partial(
            license_service_pb2_grpc.add_LicenseServiceServicer_to_server,
            LicenseServicer(answers, *finishers, _printing(config, now)),
        ),
        "PublicationService": partial(
            publication_service_pb2_grpc.add_PublicationServiceServicer_to_server,
            PublicationServicer(answers, publisher.editions, events, bundles),
        ),
        "AdminService": partial(
            admin_service_pb2_grpc.add_AdminServiceServicer_to_server,
            AdminServicer(answers, workers[0].tell, workers[1].tell, keeper),
        ),
    }
    return {f"{_PACKAGE}.{name}": add for name, add in adding.items()}


def _printing(config: Config, now: Callable[[], datetime]) -> Printing:
    """The printer, and how units sign on paper.

    Raises:
        OSError, ValueError: the emblem can't be used.
    """
    emblem = read_emblem(config.print_emblem)
    around = Surroundings(test_system=config.environment != "production", emblem=emblem)
    titles = Titles(config.print_registrar, config.print_supervisor)
    return Printing(Printer(around, config.print_fonts, now), titles)


def _finish_what_was_left(finishers: _Finishers) -> None:
    """Sign what a crash left. A key that is away does not keep the register from being read."""
    for finisher in finishers:
        try:
            finisher.finish_all()
        except SignerUnavailable as error:
            _log.warning("issuing.waits", reason=error.reason)


def _finish_what_waits(finishers: _Finishers, stopping: threading.Event) -> None:
    """A turn: sign what waits since a key was away; nobody who is just signing is disturbed."""
    for finisher in finishers:
        try:
            finisher.finish_all(_INTENTS_AGE, stopping.is_set)
        except SignerUnavailable as error:
            _log.warning("issuing.waits", reason=error.reason)


def _signing(finisher: Finisher) -> Callable[[int, Actor], None]:
    """What signs all that an act on an entity left to be signed, and never raises."""

    def sign_waiting(entity_no: int, actor: Actor) -> None:
        try:
            finisher.finish_of(entity_no, actor)
        except RegistryError as error:  # the intent stays; the next start or act signs it
            _log.warning("issuing.waits", reason=error.reason)

    return sign_waiting
