"""The register's own migrations, and what brings its database up to them."""

from importlib import resources
from typing import Any, Final

import psycopg

from license_verify.database import migrate as tables
from license_verify.database import schema_version
from license_verify.database.migrate import Patience
from license_verify.database.migration_files import Migration, read_folder
from license_verify.database.schema_version import SchemaVersion
from registry_service.store.unavailable import unavailable

PREVIOUS_NEWEST: Final = 7
"""Newest migration of the release before this one, which goes on running while this one takes over:
docs/migrations.md says what a migration may do for that. Set anew with each release."""


def migration_files() -> list[Migration]:
    """All migrations of this release, in order."""
    return read_folder(resources.files("registry_service.store") / "migrations")


def migrate(
    dsn: str, files: list[Migration] | None = None, patience: Patience | None = None
) -> list[int]:
    """Bring the register's database up to this release, or to other files.

    Returns and raises as `license_verify.database.migrate.migrate`, but:

    Raises:
        DatabaseUnavailable: nothing answers there, or not any more.
    """
    try:
        return tables.migrate(dsn, files or migration_files(), PREVIOUS_NEWEST, patience)
    except psycopg.OperationalError as error:
        raise unavailable(error) from None


def read_version(
    connection: "psycopg.Connection[Any]", files: list[Migration] | None = None
) -> SchemaVersion:
    """Compare the register's database with this release, or with other files."""
    return schema_version.read_version(connection, files or migration_files())
