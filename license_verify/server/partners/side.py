"""All that a node has for its partners, wired; and for a node without a database, nothing."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import grpc
import structlog

from license_verify.rpc.metrics import Metrics
from license_verify.server.database.connections import Database
from license_verify.server.database.directory import DirectoryTables
from license_verify.server.partners.desk import Desk
from license_verify.server.partners.directory import Directory
from license_verify.server.partners.follower import Follower
from license_verify.server.partners.meter import Meters
from license_verify.server.partners.office import Office
from license_verify.server.partners.officials import Officials
from license_verify.server.partners.seen import Seen
from license_verify.server.partners.servicer import PartnerServicer
from license_verify.server.partners.upkeep import Upkeep
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub
from yizhao.verify.v1.partner_service_pb2_grpc import add_PartnerServiceServicer_to_server

_log = structlog.stdlib.get_logger()


class PartnersSide:
    """The desk, and what runs behind it while it is entered."""

    def __init__(
        self,
        database: Database | None,
        registry: PublicationServiceStub,
        folder: Path,
        *,
        writes: bool,
        threads: int,
        now: Callable[[], datetime],
    ) -> None:
        """Wire it; nothing runs yet.

        Args:
            database: of the verifying side; None: partners need no grant on this node.
            registry: knows the roles of officials.
            folder: the cache folder.
            writes: whether this process writes there; one of a node does.
            threads: that serve calls; a partner's calls hold three in four of them at most.
            now: the clock, UTC.
        """
        self._upkeep: Upkeep | None = None
        self._follower: Follower | None = None
        meters, seen = Meters(max(1, threads * 3 // 4), time.monotonic), Seen()
        self.directory: Directory | None = None
        if database is None:
            _log.warning("partners.no_database", told="every partner may check for every purpose")
        else:
            tables = DirectoryTables(database)
            self.directory = directory = Directory(tables, folder, writes=writes)
            self._upkeep = Upkeep(directory, tables, meters, seen)
        self.desk = Desk(self.directory, meters, seen, now)
        self.services: dict[str, Callable[[grpc.Server], object]] = {}
        """To be added to the server, by name; none on a node without a database."""
        if database is not None and self.directory is not None:
            office = Office(database, Officials(registry), self.desk, now, self.directory.refresh)
            servicer = PartnerServicer(office)
            self._follower = Follower(database, registry)
            self.services[PartnerServicer.NAME] = partial(
                add_PartnerServiceServicer_to_server, servicer
            )

    def tell(self, metrics: Metrics) -> None:
        """Let it be followed from outside."""
        follower = self._follower
        if follower is None:
            return
        metrics.follow(
            "yizhao_verify_watched_changes_without_items",
            "Changes of watched codes told without their items, or as a possible gap alone.",
            lambda: follower.without_items,
        )
        metrics.follow(
            "yizhao_verify_feed_position",
            "Number of the registry's feed up to which watchers are told; of the one who follows.",
            lambda: follower.place,
        )

    def __enter__(self) -> Self:
        if self._upkeep is not None:
            self._upkeep.start()
        if self._follower is not None:
            self._follower.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._follower is not None:
            self._follower.stop()
        if self._upkeep is not None:
            self._upkeep.stop()
