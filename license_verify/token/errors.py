"""Why a scan text or a token cannot be read; each reason is one of `reasons.Reason`."""

from license_verify.refusal import Kind, Refusal


class ScanRefused(Refusal):
    """The scanned text is not the text of a token (check READ)."""

    kind = Kind.INVALID
    reason = "SCAN_MALFORMED"


class ScanTooLong(ScanRefused):
    """The text is longer than any token's, measured before anything is read."""

    kind = Kind.TOO_LARGE
    reason = "SCAN_TOO_LONG"


class SchemeRefused(ScanRefused):
    """Not `https://` in lower case, nor `http://` on a loopback host."""

    reason = "SCHEME_REFUSED"


class HostMalformed(ScanRefused):
    """The host is not a lower-case DNS name, or has a port without being loopback."""

    reason = "HOST_MALFORMED"


class DigitsTooMany(ScanRefused):
    """More digits than a token can have, counted before conversion."""

    kind = Kind.TOO_LARGE
    reason = "DIGITS_TOO_MANY"


class DigitsMalformed(ScanRefused):
    """Not ASCII digits alone, or a leading zero, or something after the digits."""

    reason = "DIGITS_MALFORMED"


class ForeignCode(ScanRefused):
    """A national e-licence or publicity code: real perhaps, but not ours to check.

    `metadata["system"]` is `e-licence` or `publicity`.
    """

    kind = Kind.BLOCKED
    reason = "FOREIGN_CODE"


class TokenRefused(Refusal):
    """The bytes are not a token of this profile (check FORMAT)."""

    kind = Kind.INVALID
    reason = "FORMAT_REFUSED"


class CborRefused(TokenRefused):
    """Not core deterministic CBOR (RFC 8949 §4.2.1), or not of the allowed types."""

    reason = "CBOR_REFUSED"


class CborTooLarge(CborRefused):
    """More bytes or deeper nesting than allowed."""

    kind = Kind.TOO_LARGE
    reason = "CBOR_TOO_LARGE"


class CoseRefused(TokenRefused):
    """Not a COSE_Sign1 with exactly the expected headers."""

    reason = "COSE_REFUSED"


class AlgorithmRefused(CoseRefused):
    """An algorithm other than ES256, or not the key's."""

    reason = "ALGORITHM_REFUSED"


class HighS(CoseRefused):
    """The signature's other half: s above n/2, so that one token would have two texts."""

    reason = "SIGNATURE_HIGH_S"


class ClaimsRefused(TokenRefused):
    """A claim is missing, unknown, of the wrong type or out of its range."""

    reason = "CLAIMS_REFUSED"
