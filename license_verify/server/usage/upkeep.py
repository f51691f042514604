"""What an operator runs on the verifying side's tables: retention, and a recheck of all."""

import sys
from datetime import UTC, datetime
from typing import Final

import structlog

from license_verify.lists.bundle import Bundle
from license_verify.rpc.settings import ConfigRefused
from license_verify.server.config import PREFIX, Config
from license_verify.server.database import partitions
from license_verify.server.database.connections import Database
from license_verify.server.roots import read_roots
from license_verify.server.store import BundleStore
from license_verify.server.usage.ids import business_day
from license_verify.server.usage.recheck import recheck
from license_verify.trust import Anchor, Source, Trust

_BROKEN: Final = 1
_log = structlog.stdlib.get_logger()


def make_partitions(database: Database) -> None:
    """Make those of the months to come; repeat it without harm."""
    with database.transaction() as connection:
        partitions.make(connection, partitions.ahead(business_day(datetime.now(UTC))))


def retain(config: Config) -> int:
    """Drop receipts whose time is over, a month at once, each named in the log; the sums stay.

    Of this machine's clock and the database's the one behind counts: a clock that ran ahead would
    drop for good what is to be kept.

    Raises:
        ConfigRefused: no database is named.
        VerifyDatabaseAway: it does not answer.
    """
    with opened(config) as database, database.transaction() as connection:
        today = min(business_day(datetime.now(UTC)), partitions.today_by_the_server(connection))
        oldest = partitions.Month.of(today).plus(-config.retention_months)
        dropped = partitions.drop_before(connection, oldest)
    for name in dropped:
        _log.info("usage.partition_dropped", name=name, kept_from=oldest.first.isoformat())
    _log.info("usage.retained", dropped=len(dropped), kept_from=oldest.first.isoformat())
    return 0


def recheck_all(config: Config) -> int:
    """Print what is wrong with usage and receipts, one line each; 1 if anything is.

    Receipts are checked by the trust list in the cache folder.

    Raises:
        ConfigRefused: no database is named, or there is no bundle.
        VerifyDatabaseAway: it does not answer.
        Refusal, OSError: the bundle can't be believed or read.
    """
    content = BundleStore(config.cache, writes=False).bundle()
    if content is None:
        raise ConfigRefused(f"{PREFIX}CACHE: no bundle is in that folder; let the node run first")
    anchor = Anchor(read_roots(config.root), config.environment)
    trust = Trust.from_bundle(Bundle.decode(content), anchor, source=Source.CACHED)
    wrong = 0
    with opened(config) as database:
        for line in recheck(database, trust):
            sys.stdout.write(line + "\n")
            wrong += 1
    sys.stdout.write(f"{wrong} wrong\n")
    return _BROKEN if wrong else 0


def opened(config: Config) -> Database:
    """The database that the settings name, to be entered.

    Raises:
        ConfigRefused: they name none.
    """
    if config.database_url is None:
        raise ConfigRefused(f"{PREFIX}DATABASE_URL: name the verifying side's database")
    return Database(config.database_url.get_secret_value(), 1)
