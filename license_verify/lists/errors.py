"""Why published data cannot be taken; each names the part at fault."""

from license_verify.refusal import Kind, Refusal


class ListRefused(Refusal):
    """A signed list, manifest or bundle is not what it should be."""

    kind = Kind.INVALID
    reason = "LIST_REFUSED"


class ListMalformed(ListRefused):
    """Its content does not follow the format."""

    reason = "LIST_MALFORMED"


class ListTooLarge(ListRefused):
    """It is, or would inflate, beyond a limit."""

    kind = Kind.TOO_LARGE
    reason = "LIST_TOO_LARGE"


class ListNotSigned(ListRefused):
    """No trusted key of the right use, in the right time, signed it."""

    reason = "LIST_NOT_SIGNED"


class RootUnknown(ListRefused):
    """The trust list is not signed by a pinned root or one that a pinned root named."""

    reason = "ROOT_UNKNOWN"


class DigestMismatch(ListRefused):
    """A part of the bundle is not the one that the manifest names."""

    reason = "DIGEST_MISMATCH"


class ListMissing(ListRefused):
    """The manifest names a part that the bundle lacks, or the other way round."""

    reason = "LIST_MISSING"


class DeltaUnfit(ListRefused):
    """The delta is for another bundle than the one at hand; the whole is to be fetched."""

    kind = Kind.STALE
    reason = "DELTA_UNFIT"


class EnvironmentMismatch(ListRefused):
    """Manifest and trust list are of two environments."""

    reason = "ENVIRONMENT_DIFFERS"


class Rollback(ListRefused):
    """Older than what this checker has already seen; somebody replays old data."""

    kind = Kind.STALE
    reason = "ROLLBACK"
