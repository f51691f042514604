"""Refusals to whoever runs the registry: it does not begin, or a recovery does not.

No call is answered with them; docs/recovery.md says what to do about each.
"""

from license_verify.refusal import Kind, Refusal


class HostRefusal(Refusal):
    """The registry may not serve, or not be recovered so."""


class DatabaseRestored(HostRefusal):
    """The database is older than what was published from this host."""

    kind, reason = Kind.BLOCKED, "DATABASE_RESTORED"


class WaterlineMissing(HostRefusal):
    """The database has published, and the file that tells how far is not on this host."""

    kind, reason = Kind.BLOCKED, "WATERLINE_MISSING"


class RegisterHeld(HostRefusal):
    """A registry serves on the database, or a recovery works on it."""

    kind, reason = Kind.BLOCKED, "REGISTER_HELD"


class NothingPublished(HostRefusal):
    """The database has published nothing, and no bundle was given."""

    kind, reason = Kind.NOT_FOUND, "NOTHING_PUBLISHED"


class BundleForeign(HostRefusal):
    """The bundle was not published by this register."""

    kind, reason = Kind.INVALID, "BUNDLE_FOREIGN"


class BundleDamaged(HostRefusal):
    """The bundle can't be read, or a signature in it does not hold."""

    kind, reason = Kind.INVALID, "BUNDLE_DAMAGED"


class BundleOlder(HostRefusal):
    """The bundle is older than the database; metadata `database` is the database's number."""

    kind, reason = Kind.STALE, "BUNDLE_OLDER"


class BundleNotNewest(HostRefusal):
    """This host published a newer bundle; metadata `published` is its number."""

    kind, reason = Kind.STALE, "BUNDLE_NOT_NEWEST"
