"""Why a database can't be migrated, or not served: for the operator, so no refusal of a request."""

from typing import ClassVar

from license_verify.refusal import Kind, Refusal


class MigrationBlocked(Refusal):
    """Somebody holds what the migration needs; it gave up rather than let everybody queue."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    reason: ClassVar[str] = "MIGRATION_BLOCKED"


class MigrationTimedOut(Refusal):
    """A statement of the migration ran longer than it may."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    reason: ClassVar[str] = "MIGRATION_TIMED_OUT"


class SchemaNewer(Refusal):
    """A newer release migrated the database beyond what this one can work on."""

    kind: ClassVar[Kind] = Kind.BLOCKED
    reason: ClassVar[str] = "SCHEMA_NEWER"


class SchemaOlder(Refusal):
    """Migrations of this release were not run yet."""

    kind: ClassVar[Kind] = Kind.BLOCKED
    reason: ClassVar[str] = "SCHEMA_OLDER"
