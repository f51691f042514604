"""The verifying side's own database, with the partner that calls enrolled in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from clients.exits import Failure
from license_verify.policy import DEFAULT
from license_verify.server.database.connections import Database
from license_verify.server.database.migrate import migrate
from license_verify.server.database.partners import PartnerTable
from license_verify.server.partners.partner import CLAIMS, Grant, Partner, PartnerState, Quota
from license_verify.server.usage.upkeep import make_partitions
from registry_service.embedded.binaries import version_from
from registry_service.embedded.errors import EmbeddedPostgresError
from registry_service.embedded.postgres import EmbeddedPostgres

# Never reached: what a refusal costs is no part of what is measured.
_QUOTA: Final = Quota(
    calls_per_second=1_000_000, burst=1_000_000, calls_at_once=64, checks_per_day=1_000_000_000
)


@contextmanager
def a_database(folder: Path, partner: str) -> Iterator[str]:
    """A PostgreSQL of our own with tables, and one partner that may check for `general`.

    Raises:
        Failure: the server can't be started.
    """
    server = EmbeddedPostgres(folder / "database", version_from(os.environ))
    try:
        server.start()
        url = server.database("yizhao_verify")
        migrate(url)
        _enrol(url, partner)
        yield url
    except EmbeddedPostgresError as error:
        raise Failure(str(error), zh="数据库未能启动") from error
    finally:
        server.stop()


def _enrol(url: str, partner: str) -> None:
    grant = Grant(DEFAULT.purpose, DEFAULT.items, CLAIMS, date(2020, 1, 1))
    enrolled = Partner(partner, "试测银行", PartnerState.ACTIVE, _QUOTA)
    with Database(url, 1) as database:
        make_partitions(database)
        with database.transaction() as connection:
            partners = PartnerTable(connection)
            partners.add(enrolled, datetime.now(UTC))
            partners.put_grant(partner, grant)
            partners.touch()
