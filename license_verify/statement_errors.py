"""Why a premises statement is not believed; each names what is wrong."""

from license_verify.refusal import Kind, Refusal


class StatementRefused(Refusal):
    """It is no statement, or no trusted statement key signed it in its time."""

    kind = Kind.INVALID
    reason = "STATEMENT_REFUSED"


class StatementMalformed(StatementRefused):
    """Its content or its envelope does not follow the format."""

    reason = "STATEMENT_MALFORMED"


class StatementTooLarge(StatementRefused):
    """More places or bytes than a statement may have."""

    kind = Kind.TOO_LARGE
    reason = "STATEMENT_TOO_LARGE"


class StatementWithoutTrust(StatementRefused):
    """There is no trust list of the expected environment to check it with."""

    kind = Kind.UNAVAILABLE
    reason = "STATEMENT_WITHOUT_TRUST"


class StatementKeyUnknown(StatementRefused):
    """No key of the trust list has its kid."""

    reason = "STATEMENT_KEY_UNKNOWN"


class StatementKeyWrongUse(StatementRefused):
    """Its key signs something else than statements."""

    reason = "STATEMENT_KEY_WRONG_USE"


class StatementKeyDistrusted(StatementRefused):
    """Its key is distrusted; all that it signed is refused."""

    reason = "STATEMENT_KEY_DISTRUSTED"


class StatementKeyNotInItsTime(StatementRefused):
    """It is dated before or after its key's time of signing."""

    reason = "STATEMENT_KEY_NOT_IN_ITS_TIME"


class StatementForged(StatementRefused):
    """The key did not sign this: it was altered or forged."""

    reason = "STATEMENT_FORGED"
