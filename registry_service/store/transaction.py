"""One database transaction and the tables in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from license_verify.rpc import spans
from registry_service.store.accesses import Accesses
from registry_service.store.applications import Applications
from registry_service.store.deadlines import Deadlines
from registry_service.store.dormancies import Dormancies
from registry_service.store.entities import Entities
from registry_service.store.entity_search import EntitySearch
from registry_service.store.events import Events
from registry_service.store.feed import Feed
from registry_service.store.filings import Filings
from registry_service.store.flags import Flags
from registry_service.store.handovers import Handovers
from registry_service.store.import_copies import StagedCopies
from registry_service.store.import_entities import StagedEntities
from registry_service.store.import_premises import StagedPremises
from registry_service.store.import_remarks import ImportRemarks
from registry_service.store.import_sync import StagedSync
from registry_service.store.imports import Imports
from registry_service.store.inspections import Inspections
from registry_service.store.key_acts import KeyActs
from registry_service.store.key_documents import KeyDocuments
from registry_service.store.key_events import KeyEvents
from registry_service.store.keys import Keys
from registry_service.store.licenses import Licenses
from registry_service.store.marks import Marks
from registry_service.store.mass_entities import MassEntities
from registry_service.store.mass_licenses import MassLicenses
from registry_service.store.mass_runs import MassRuns
from registry_service.store.notices import Notices
from registry_service.store.numbers import Numbers
from registry_service.store.pending_acts import PendingActs
from registry_service.store.person_bars import PersonBars
from registry_service.store.places import Places
from registry_service.store.policies import Policies
from registry_service.store.premises import PremisesTable
from registry_service.store.printed_copies import PrintedCopies
from registry_service.store.publication import Publication
from registry_service.store.queues import Queues
from registry_service.store.recoveries import Recoveries
from registry_service.store.recovery_items import RecoveryItems
from registry_service.store.requests import Requests
from registry_service.store.restrictions import Restrictions
from registry_service.store.source_facts import SourceFacts
from registry_service.store.staff import StaffTable
from registry_service.store.staff_events import StaffEvents
from registry_service.store.statements import Statements
from registry_service.store.status_entries import StatusEntries
from registry_service.store.sync_items import SyncItems
from registry_service.store.unavailable import unavailable
from registry_service.store.unclaimed import UnclaimedPremises
from registry_service.store.units import Units
from registry_service.store.wholes import Wholes

Connection = psycopg.Connection[DictRow]
First = TypeVar("First")

_STATEMENT_SECONDS: Final = 30.0
"""For a caller who set no deadline."""
# Who read on the connection before did not wait for the disk; an act does.
_BEGIN: Final = b"""
    BEGIN; SET LOCAL statement_timeout = %d; SET LOCAL synchronous_commit TO DEFAULT
"""
_LEAST_SECONDS: Final = 2.0
"""For statements of a read: the first on a connection runs with what the last caller was given."""
_RESERVE: Final = 0.2
"""Part of a caller's patience that is kept for the answer."""


class Transaction:
    """Every table, all on one connection: what is done through it is done whole or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.accesses = Accesses(connection)
        self.applications = Applications(connection)
        self.dormancies = Dormancies(connection)
        self.deadlines = Deadlines(connection)
        self.copies = PrintedCopies(connection)
        self.entities = Entities(connection)
        self.entity_search = EntitySearch(connection)
        self.events = Events(connection)
        self.feed = Feed(connection)
        self.filings = Filings(connection)
        self.flags = Flags(connection)
        self.handovers = Handovers(connection)
        self.import_remarks = ImportRemarks(connection)
        self.imports = Imports(connection)
        self.inspections = Inspections(connection)
        self.key_acts = KeyActs(connection)
        self.key_documents = KeyDocuments(connection)
        self.key_events = KeyEvents(connection)
        self.keys = Keys(connection)
        self.licenses = Licenses(connection)
        self.marks = Marks(connection)
        self.mass_entities = MassEntities(connection)
        self.mass_licenses = MassLicenses(connection)
        self.mass_runs = MassRuns(connection)
        self.person_bars = PersonBars(connection)
        self.places = Places(connection)
        self.policies = Policies(connection)
        self.pending_acts = PendingActs(connection)
        self.notices = Notices(connection)
        self.numbers = Numbers(connection)
        self.premises = PremisesTable(connection)
        self.publication = Publication(connection)
        self.queues = Queues(connection)
        self.recoveries = Recoveries(connection)
        self.recovery_items = RecoveryItems(connection)
        self.requests = Requests(connection)
        self.restrictions = Restrictions(connection)
        self.source_facts = SourceFacts(connection)
        self.staff = StaffTable(connection)
        self.staff_events = StaffEvents(connection)
        self.staged_copies = StagedCopies(connection)
        self.staged_entities = StagedEntities(connection)
        self.staged_premises = StagedPremises(connection)
        self.staged_sync = StagedSync(connection)
        self.statements = Statements(connection)
        self.status_entries = StatusEntries(connection)
        self.sync_items = SyncItems(connection)
        self.unclaimed = UnclaimedPremises(connection)
        self.units = Units(connection)
        self.wholes = Wholes(connection)


def _first(
    connection: Connection, first: Callable[[Transaction, int], First], limit: int
) -> tuple[Transaction, First]:
    tx = Transaction(connection)
    return tx, first(tx, limit)


class Store:
    """The register's database, through a pool of connections."""

    def __init__(self, database_url: str, size: int, wait_seconds: float = 5.0) -> None:
        """Prepare the pool; nothing connects before `open`."""
        self._database_url = database_url
        self._wait_seconds = wait_seconds
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            database_url,
            connection_class=psycopg.Connection[DictRow],
            # Each transaction is begun in words of ours, which say more than BEGIN.
            kwargs={
                "row_factory": dict_row,
                "application_name": "yizhao-registry",
                "autocommit": True,
            },
            min_size=1,
            max_size=size,
            timeout=wait_seconds,
            open=False,
        )

    def open(self) -> None:
        """Connect.

        Raises:
            DatabaseUnavailable: nothing answers at that address.
        """
        try:
            self._pool.open(wait=True, timeout=self._wait_seconds)
        except PoolTimeout as error:
            self._pool.close()
            raise unavailable(error) from None

    def close(self) -> None:
        """Give every connection back to the server."""
        self._pool.close()

    def __enter__(self) -> "Store":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self, seconds: float | None = None) -> Iterator[Transaction]:
        """A transaction that commits when its block ends, and rolls back on any error.

        Args:
            seconds: the time left to answer the caller; statements that run longer are stopped.

        Raises:
            DatabaseUnavailable: the server is away, or a statement ran out of time.
        """
        wait, run = self._patience(seconds)
        begin = _BEGIN % int(run * 1000)
        with (
            spans.inside("registry.transaction"),
            self._connected(wait, lambda on: on.execute(begin, prepare=False)) as (connection, _),
        ):
            yield Transaction(connection)

    @contextmanager
    def reading(
        self, first: Callable[[Transaction, int], First], seconds: float | None = None
    ) -> Iterator[tuple[Transaction, First]]:
        """The tables for one who only reads, and what they read first: no BEGIN and no COMMIT.

        Each statement is a transaction of its own, which sees what is committed when it begins, as
        it would within a longer one. What it writes, who looked, does not wait for the disk (ADR
        0008).

        Args:
            first: reads; told in how many milliseconds the statements that follow are to end, it
                sets the connection up for that (`staff.TO_READ`).
            seconds: as in `transaction`.

        Raises:
            DatabaseUnavailable: the server is away, or a statement ran out of time.
        """
        wait, run = self._patience(seconds)
        limit = int(max(run, _LEAST_SECONDS) * 1000)
        with (
            spans.inside("registry.reading"),
            self._connected(wait, lambda on: _first(on, first, limit)) as (_, done),
        ):
            yield done

    @contextmanager
    def _connected(
        self, wait: float, first: Callable[[Connection], First]
    ) -> Iterator[tuple[Connection, First]]:
        """A connection on which `first` is done; the pool ends what it began.

        Raises:
            DatabaseUnavailable: the server is away, or a statement ran out of time.
        """
        try:
            with self._alive(wait, first) as found:
                yield found
        except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise unavailable(error) from None

    @contextmanager
    def _alive(
        self, wait: float, first: Callable[[Connection], First]
    ) -> Iterator[tuple[Connection, First]]:
        """`first` shows whether the server still holds a connection.

        If not, nothing was done, so it is done on the next; after a restart all that the pool has
        are dead.
        """
        for _ in range(self._pool.max_size + 1):
            with self._pool.connection(wait) as connection:
                try:
                    done = first(connection)
                except psycopg.OperationalError:
                    if not connection.closed:
                        raise
                    continue  # the pool makes another in its place
                yield connection, done
                return
        raise PoolTimeout("every connection of the pool was dead")

    def _patience(self, seconds: float | None) -> tuple[float, float]:
        """How long to wait for a connection and for a statement: less than the caller does."""
        if seconds is None:
            return self._wait_seconds, _STATEMENT_SECONDS
        ours = max(0.05, seconds * (1 - _RESERVE))
        return min(self._wait_seconds, ours), ours

    def connection_for_listening(self) -> "psycopg.Connection[Any]":
        """A connection of its own, outside the pool and in autocommit, for LISTEN."""
        return psycopg.connect(self._database_url, autocommit=True)
