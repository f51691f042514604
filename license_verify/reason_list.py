"""Which check gives which reason. With `reasons` and `wordings` it is the documented list, from
which `make docs` writes docs/reasons.md; it only grows."""

from collections.abc import Mapping
from typing import Final

from license_verify.checks import CheckName
from license_verify.reasons import Reason

ANY_CHECK: Final = (
    Reason.OK,
    Reason.NOT_REACHED,
    Reason.TRUST_MISSING,
    Reason.ROLLBACK,
    Reason.CLOCK_BEHIND_DATA,
    Reason.DATA_STALE,
    Reason.LIVE_RECORD_STALE,
)
"""Reasons that several checks give."""

BY_CHECK: Final[Mapping[CheckName, tuple[Reason, ...]]] = {
    CheckName.READ: (
        Reason.SCAN_MALFORMED,
        Reason.SCAN_TOO_LONG,
        Reason.SCHEME_REFUSED,
        Reason.HOST_MALFORMED,
        Reason.DIGITS_TOO_MANY,
        Reason.DIGITS_MALFORMED,
        Reason.FOREIGN_CODE,
        Reason.USCC_INVALID,
    ),
    CheckName.FORMAT: (
        Reason.FORMAT_REFUSED,
        Reason.CBOR_REFUSED,
        Reason.CBOR_TOO_LARGE,
        Reason.COSE_REFUSED,
        Reason.ALGORITHM_REFUSED,
        Reason.SIGNATURE_HIGH_S,
        Reason.CLAIMS_REFUSED,
        Reason.NO_LICENSE_PRESENTED,
    ),
    CheckName.HOST: (Reason.HOST_DIFFERS, Reason.HOST_NOT_ACCEPTED),
    CheckName.KEY_TRUST: (
        Reason.KEY_UNKNOWN,
        Reason.KEY_WRONG_USE,
        Reason.KEY_DISTRUSTED,
        Reason.KEY_NOT_IN_ITS_TIME,
        Reason.ENVIRONMENT_MISMATCH,
    ),
    CheckName.SIGNATURE: (Reason.SIGNATURE_WRONG,),
    CheckName.TIME: (Reason.EXPIRED, Reason.NOT_YET_VALID),
    CheckName.STATUS: (
        Reason.STATUS_INVALID,
        Reason.STATUS_SUSPENDED,
        Reason.STATUS_SUPERSEDED,
        Reason.STATUS_REVOKED,
        Reason.STATUS_DEREGISTERED,
        Reason.STATUS_ANNULLED,
        Reason.STATUS_LOST_VOID,
        Reason.STATUS_ACCEPTED,
        Reason.STATUS_UNKNOWN_VALUE,
        Reason.LIST_UNKNOWN,
        Reason.LIST_EXPIRED,
        Reason.LIST_PREDATES_TOKEN,
        Reason.AS_OF_NOT_KNOWN,
        Reason.AS_OF_BEFORE_RECORD,
        Reason.AS_OF_NOT_YET,
        Reason.AS_OF_IN_FUTURE,
        Reason.AS_OF_LOST_SINCE,
        Reason.LIVE_RECORD_REQUIRED,
        Reason.SUBJECT_NEEDS_LIVE_RECORD,
    ),
    CheckName.PLACE: (
        Reason.PLACE_NOT_ASKED,
        Reason.PLACE_IS_DOMICILE,
        Reason.PLACE_IS_SITE,
        Reason.PLACE_FILED,
        Reason.PLACE_NOT_FILED,
        Reason.PLACE_ENDED,
        Reason.PLACE_NEEDS_LIVE_RECORD,
        Reason.PLACE_ON_STATEMENT,
        Reason.PLACE_NOT_ON_STATEMENT,
        Reason.STATEMENT_OF_ANOTHER,
        Reason.STATEMENT_SUPERSEDED,
        Reason.STATEMENT_OF_DORMANT,
        Reason.RECORD_OF_ANOTHER,
    ),
    CheckName.LOGGED: (Reason.LOG_NOT_KEPT,),
    CheckName.HOLDER: (Reason.HOLDER_NOT_CHECKED,),
}
"""Reasons by the check that gives them. NO_LICENSE_PRESENTED stands at each check of 2 to 6."""
