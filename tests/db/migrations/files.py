"""Migrations that no release has, to see how any is run."""

from typing import Final

from license_verify.database.migration_files import OUTSIDE, Migration
from registry_service.store.migrate import migration_files

NUMBER: Final = 9001
COLUMN: Final = Migration("9001_column", "ALTER TABLE entity ADD COLUMN sample text")
SLOW: Final = Migration(
    "9001_slow", "ALTER TABLE entity ADD COLUMN sample text; SELECT pg_sleep(60)"
)
LOST: Final = Migration(
    "9001_lost",
    "ALTER TABLE entity ADD COLUMN sample text; SELECT pg_terminate_backend(pg_backend_pid())",
)
INDEX: Final = Migration(
    "9001_index",
    f"{OUTSIDE}\n-- For tests.\nCREATE INDEX CONCURRENTLY entity_sample ON entity (state);",
)


def with_more(*more: Migration) -> list[Migration]:
    """This release's migrations, and more behind them."""
    return [*migration_files(), *more]
