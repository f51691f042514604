"""Which migrations a database has had, and whether this release may work on it."""

from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.rows import tuple_row

from license_verify.database.migration_errors import SchemaNewer, SchemaOlder
from license_verify.database.migration_files import Migration

# Made before the first migration, so by none. `oldest_program` is the newest migration of the
# oldest release that works on the schema since; NULL: only one that knows this migration does.
PREPARE: LiteralString = """
    CREATE TABLE IF NOT EXISTS schema_migration (
        number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
    ALTER TABLE schema_migration ADD COLUMN IF NOT EXISTS oldest_program integer
"""
PREPARED: LiteralString = """
    SELECT EXISTS (SELECT FROM pg_attribute
                    WHERE attrelid = to_regclass('schema_migration') AND attname = 'oldest_program')
"""
_EXISTS: LiteralString = "SELECT to_regclass('schema_migration') IS NOT NULL"
# Read as JSON: a database that the first release made lacks the column.
_APPLIED: LiteralString = """
    SELECT number, (to_jsonb(m) ->> 'oldest_program')::integer FROM schema_migration m
"""


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """What a database has had, beside what this release knows."""

    missing: tuple[str, ...]
    """Names of this release's migrations that were not run."""
    unknown: tuple[int, ...]
    """Numbers that were run and that this release does not know."""
    too_new: bool
    """Some of the unknown ones were not made for a release as old as this one."""
    newest_known: int
    """Number of this release's newest migration."""

    def refuse_unknown(self) -> None:
        """Refuse to migrate a database of a newer release.

        Raises:
            SchemaNewer: it has had migrations that this release does not know.
        """
        if self.unknown:
            raise self._newer()

    def refuse_unfit(self) -> None:
        """Refuse to serve from a database whose tables are not what this release needs.

        Raises:
            SchemaNewer: only a newer release works on it.
            SchemaOlder: migrations wait.
        """
        if self.too_new:
            raise self._newer()
        if self.missing:
            names = ", ".join(self.missing)
            raise SchemaOlder(
                f"the database waits for migrations: {names}; run `yizhao db migrate`, then start"
                " again",
                zh=f"数据库结构落后于程序，待执行迁移：{names}。请先运行 `yizhao db migrate`",
                missing=names,
            )

    def _newer(self) -> SchemaNewer:
        numbers = ", ".join(f"{number:04}" for number in self.unknown)
        return SchemaNewer(
            f"the database has had migrations that this release does not know: {numbers} (its own"
            f" end at {self.newest_known:04}); nothing was changed; use the release that made them",
            zh=f"数据库结构比本程序新（未知迁移 {numbers}），未作任何更改，请使用更新版本的程序",
            unknown=numbers,
            known=f"{self.newest_known:04}",
        )


def read_version(connection: "psycopg.Connection[Any]", files: list[Migration]) -> SchemaVersion:
    """Compare the database with a release's files."""
    known = {each.number: each.name for each in files}
    with connection.cursor(row_factory=tuple_row) as cursor:
        exists = cursor.execute(_EXISTS).fetchone()
        rows = cursor.execute(_APPLIED).fetchall() if exists and exists[0] else []
    applied: dict[int, int | None] = dict(rows)
    unknown = {number: oldest for number, oldest in applied.items() if number not in known}
    newest = max(known, default=0)
    return SchemaVersion(
        missing=tuple(name for number, name in known.items() if number not in applied),
        unknown=tuple(sorted(unknown)),
        too_new=any(oldest is None or oldest > newest for oldest in unknown.values()),
        newest_known=newest,
    )
