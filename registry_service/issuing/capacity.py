"""How large a symbol a token needs, before it is signed (GB/T 18284, ISO/IEC 18004)."""

from functools import lru_cache
from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import BIT_LIMIT_TABLE

from license_verify.token import cose
from license_verify.token.claims import Claims
from license_verify.token.errors import CborTooLarge, DigitsTooMany
from license_verify.token.scan import ScanText

WANTED_VERSION: Final = 18
LARGEST_VERSION: Final = 22

_KID: Final = bytes(cose.KID_BYTES)
# A signature's place filled: digits depend on the length and the first bytes alone.
_SIGNATURE: Final = bytes(31) + b"\x01" + bytes(31) + b"\x01"


def symbol_version(prefix: int, digits: int) -> int | None:
    """The smallest QR version at level M that holds one byte segment and one numeric segment.

    Args:
        prefix: bytes of `https://HOST/`.
        digits: decimal digits behind it.

    Returns:
        1 to 40; None if not even 40 holds them.
    """
    content = 8 * prefix + digits // 3 * 10 + (0, 4, 7)[digits % 3]
    for version in range(1, 41):
        # Two mode indicators of 4 bits, two counts whose width grows at versions 10 and 27.
        counts = 8 + 10 if version < 10 else 16 + (12 if version < 27 else 14)
        if content + 8 + counts <= BIT_LIMIT_TABLE[ERROR_CORRECT_M][version]:
            return version
    return None


def version_of(claims: Claims, host: str) -> int | None:
    """The QR version that these claims will need once signed; None if no token can hold them.

    Raises:
        ClaimsRefused: a value that no token may carry.
    """
    try:
        return version_of_payload(len(claims.encode()), host)
    except CborTooLarge:
        return None


# Tokens of a mass issue have few different lengths; digits depend on the length and on the first
# bytes alone, which every token has.
@lru_cache(maxsize=4096)
def version_of_payload(size: int, host: str) -> int | None:
    """The QR version of a token with a payload of so many bytes; None if no token holds them."""
    try:
        token = cose.assemble(cose.protected_header(_KID), bytes(size), _SIGNATURE)
        text = ScanText.of(host, token)
    except DigitsTooMany:
        return None
    return symbol_version(len(str(text)) - len(text.digits), len(text.digits))
