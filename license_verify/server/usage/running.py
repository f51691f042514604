"""Journal, recorder and drain of one process, together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import grpc

from license_verify.rpc.metrics import Metrics
from license_verify.server.config import Config
from license_verify.server.database.connections import Database
from license_verify.server.partners.desk import Desk
from license_verify.server.partners.officials import Officials
from license_verify.server.usage.drain import Drain
from license_verify.server.usage.ids import business_day
from license_verify.server.usage.journal import Backlog, Journal
from license_verify.server.usage.readers import Readers
from license_verify.server.usage.receipt_keys import ReceiptKeys
from license_verify.server.usage.recorder import Recorder
from license_verify.server.usage.register import Register
from license_verify.server.usage.servicer import UsageServicer
from license_verify.trust import Trust
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub
from yizhao.verify.v1.usage_service_pb2_grpc import add_UsageServiceServicer_to_server


@dataclass(frozen=True, slots=True)
class Usage:
    """What is written down, and how far it came."""

    recorder: Recorder
    _database: Database
    _journal: Journal
    _drain: Drain

    def services(
        self, desk: Desk, registry: PublicationServiceStub, now: Callable[[], datetime]
    ) -> dict[str, Callable[[grpc.Server], object]]:
        """What tells of it, to be added to the server, by name."""
        servicer = UsageServicer(
            self._database,
            Readers(desk, Officials(registry)),
            Register(registry),
            lambda: business_day(now()),
        )
        return {UsageServicer.NAME: partial(add_UsageServiceServicer_to_server, servicer)}

    @property
    def backlog(self) -> Backlog:
        """What waits for the database."""
        return self._journal.backlog

    @property
    def trouble(self) -> str:
        """Why the database does not take it, as the name of an error; empty: it does."""
        return self._drain.trouble

    def tell(self, metrics: Metrics) -> None:
        """Let it be followed from outside."""
        follow = metrics.follow
        follow(
            "yizhao_verify_journal_entries",
            "Verdicts in this worker's journal that the database has not.",
            lambda: self.backlog.entries,
        )
        follow(
            "yizhao_verify_journal_bytes",
            "Of them.",
            lambda: self.backlog.bytes,
        )
        follow(
            "yizhao_verify_journal_oldest_seconds",
            "For how long the oldest of them waits.",
            lambda: self.backlog.age_seconds,
        )
        follow(
            "yizhao_verify_journal_refused_entries",
            "Entries that the database will never take.",
            lambda: self.refused,
        )
        follow(
            "yizhao_verify_journal_taking",
            "1 while the journal and its disk have room; 0: no verdict is given.",
            lambda: float(self._journal.takes),
        )
        follow(
            "yizhao_verify_database_taking",
            "1 while the database takes what the journal holds.",
            lambda: float(not self.trouble),
        )
        follow(
            "yizhao_verify_receipts_signed",
            "1 while verdicts get receipts; 0: no key is here that checkers know.",
            lambda: float(self.recorder.signs),
        )

    @property
    def refused(self) -> int:
        """Entries that the database will never take; people have to look at the journal."""
        return self._journal.refused()


@contextmanager
def recording(config: Config, database: Database, trust: Callable[[], Trust]) -> Iterator[Usage]:
    """Write down what this process answers, until the block ends; then what waits is sent once
    more, and stays in the journal's file if the database does not take it.

    Raises:
        OSError, sqlite3.Error: the journal's folder can't be written.
        ReceiptKeysRefused: the keys can't be read.
    """
    keys = ReceiptKeys(config.receipt_keys, config.receipt_secret())
    journal = Journal(config.journal_folder, config.journal_bytes)
    recorder = Recorder(journal, keys, trust)
    drain = Drain(journal, config.journal_folder, database, recorder.put_scans_down)
    drain.start()
    try:
        yield Usage(recorder, database, journal, drain)
    finally:
        drain.stop()
        journal.close()
