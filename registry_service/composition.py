"""Everything of a registry process, wired and running."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from license_verify.rpc.identity import Authority, Identities
from license_verify.rpc.server import RpcServer, build_server
from license_verify.rpc.tls import TlsFiles
from registry_service.config import Config
from registry_service.documents.folder import DocumentFolder
from registry_service.domain.errors import RegistryError
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import Actor
from registry_service.issuing.signer import KeyRing
from registry_service.operations.desk import Desk
from registry_service.operations.dormancy_clock import DormancyClock
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.publisher import Publisher
from registry_service.operations.read_feed import FeedReader
from registry_service.operations.recompute_deadlines import recompute_deadlines
from registry_service.rpc.admin_servicer import AdminServicer
from registry_service.rpc.answers import Answers
from registry_service.rpc.application_servicer import ApplicationServicer
from registry_service.rpc.entity_servicer import EntityServicer
from registry_service.rpc.license_servicer import LicenseServicer
from registry_service.rpc.premises_servicer import PremisesServicer
from registry_service.rpc.publication_servicer import PublicationServicer
from registry_service.rpc.watch_events import EventWatch
from registry_service.rpc.watches import Watches
from registry_service.store.transaction import Store
from yizhao.registry.v1 import (
    admin_service_pb2_grpc,
    application_service_pb2_grpc,
    entity_service_pb2_grpc,
    license_service_pb2_grpc,
    premises_service_pb2_grpc,
    publication_service_pb2_grpc,
)

_PACKAGE: Final = "yizhao.registry.v1"
_log = structlog.stdlib.get_logger()


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


@contextmanager
def serving(config: Config, now: Callable[[], datetime] = utc_now) -> Iterator[RpcServer]:
    """A registry that answers; drained at the end.

    Raises:
        DatabaseUnavailable, SignerUnavailable, KeyFolderRefused: it can't begin.
        OSError, ValueError: a file or address can't be used.
    """
    with ExitStack() as stack:
        store = stack.enter_context(
            Store(config.database_url.get_secret_value(), config.connections)
        )
        ring = _ring(config, store)
        finisher = Finisher(store, ring, now)
        finisher.finish_all()
        recompute_deadlines(store)
        publisher = Publisher(store, ring, now, timedelta(seconds=config.publish_seconds))
        clock = DormancyClock(store, now)
        clock.start()
        stack.callback(clock.stop)
        publisher.start()
        stack.callback(publisher.stop)
        watches = Watches(config.watches, config.watches_per_caller)
        stack.callback(watches.close)
        server = _server(config, Desk(store, JINING_2023, now), finisher, publisher, watches, now)
        server.start()
        stack.callback(server.drain, config.drain_seconds)
        stack.callback(publisher.newest.close)  # watches end first: they would outlast the grace
        yield server


def _ring(config: Config, store: Store) -> KeyRing:
    secret = config.keys_passphrase
    passphrase = secret.get_secret_value().encode() if secret else None
    with store.transaction() as tx:
        active = tx.keys.active()
    return KeyRing.open(config.keys, active, passphrase)


def _server(
    config: Config,
    desk: Desk,
    finisher: Finisher,
    publisher: Publisher,
    watches: Watches,
    now: Callable[[], datetime],
) -> RpcServer:
    def sign_waiting(entity_no: int, actor: Actor) -> None:
        try:
            finisher.finish_of(entity_no, actor)
        except RegistryError as error:  # the intent stays; the next start or act signs it
            _log.warning("issuing.waits", reason=error.reason)

    answers = Answers(desk, sign_waiting)
    authorities = {
        Authority.OFFICIALS: config.officials_ca,
        Authority.PARTNERS: config.partners_ca,
        Authority.SERVICES: config.services_ca,
    }
    documents = DocumentFolder(config.documents or config.keys.parent / "documents")
    entities = EntityServicer(answers)
    applications = ApplicationServicer(answers, documents)
    premises = PremisesServicer(answers, documents)
    licenses = LicenseServicer(answers, finisher)
    newest = publisher.newest
    watch = EventWatch(answers, FeedReader(desk.store, newest), newest, watches)
    publication = PublicationServicer(answers, publisher, watch)
    admin = AdminServicer(answers)
    return build_server(
        address=config.listen,
        tls=TlsFiles.load(config.tls_cert, config.tls_key, authorities.values()),
        identities=Identities.load(config.trust_domain, authorities, now),
        services={
            f"{_PACKAGE}.EntityService": lambda server: (
                entity_service_pb2_grpc.add_EntityServiceServicer_to_server(entities, server)
            ),
            f"{_PACKAGE}.ApplicationService": lambda server: (
                application_service_pb2_grpc.add_ApplicationServiceServicer_to_server(
                    applications, server
                )
            ),
            f"{_PACKAGE}.PremisesService": lambda server: (
                premises_service_pb2_grpc.add_PremisesServiceServicer_to_server(premises, server)
            ),
            f"{_PACKAGE}.LicenseService": lambda server: (
                license_service_pb2_grpc.add_LicenseServiceServicer_to_server(licenses, server)
            ),
            f"{_PACKAGE}.PublicationService": lambda server: (
                publication_service_pb2_grpc.add_PublicationServiceServicer_to_server(
                    publication, server
                )
            ),
            f"{_PACKAGE}.AdminService": lambda server: (
                admin_service_pb2_grpc.add_AdminServiceServicer_to_server(admin, server)
            ),
        },
        workers=config.workers,
        pools={f"/{_PACKAGE}.PublicationService/WatchEvents": watches.pool},
        long_calls=config.watches,
    )
