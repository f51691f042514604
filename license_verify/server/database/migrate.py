"""This side's own migrations, and what brings its database up to them."""

from importlib import resources
from typing import Any, Final

import psycopg

from license_verify.database import migrate as tables
from license_verify.database import schema_version
from license_verify.database.migrate import Patience
from license_verify.database.migration_files import Migration, read_folder
from license_verify.database.schema_version import SchemaVersion
from license_verify.server.database.connections import away

PREVIOUS_NEWEST: Final = 0
"""Newest migration of the release before this one, which had no database on this side."""


def migration_files() -> list[Migration]:
    """All migrations of this release, in order."""
    return read_folder(resources.files("license_verify.server.database") / "migrations")


def migrate(dsn: str, patience: Patience | None = None) -> list[int]:
    """Bring the verifying side's database up to this release.

    Returns:
        The numbers applied, in order; empty if it was up to date.

    Raises:
        VerifyDatabaseAway: nothing answers there, or not any more.
        SchemaNewer: the database has had migrations that are unknown here.
        MigrationBlocked, MigrationTimedOut: that one changed nothing; those before it stay.
    """
    try:
        return tables.migrate(dsn, migration_files(), PREVIOUS_NEWEST, patience)
    except psycopg.OperationalError as error:
        raise away(error) from None


def read_version(connection: "psycopg.Connection[Any]") -> SchemaVersion:
    """Compare the verifying side's database with this release."""
    return schema_version.read_version(connection, migration_files())
