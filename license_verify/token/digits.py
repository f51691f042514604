"""DIGITS: the token's bytes as one big-endian integer in decimal."""

from license_verify import limits
from license_verify.token.errors import DigitsMalformed, DigitsTooMany


def encode(data: bytes) -> str:
    """Write a token as decimal digits.

    Raises:
        DigitsTooMany: the token is larger than the profile allows.
        DigitsMalformed: it is empty or begins with a zero byte, which digits cannot carry.
    """
    if len(data) > limits.TOKEN_BYTES:
        raise DigitsTooMany(f"a token of {len(data)} bytes is beyond {limits.TOKEN_BYTES}")
    if not data or data[0] == 0:
        raise DigitsMalformed("a token is not empty and does not begin with a zero byte")
    digits = str(int.from_bytes(data, "big"))
    if len(digits) > limits.DIGITS:
        raise DigitsTooMany(f"{len(digits)} digits are beyond {limits.DIGITS}")
    return digits


def decode(digits: str) -> bytes:
    """Read decimal digits back; exactly one text gives each token.

    Raises:
        DigitsTooMany: more than `limits.DIGITS`, counted before conversion.
        DigitsMalformed: other characters than 0-9, or a leading zero.
    """
    if len(digits) > limits.DIGITS:
        raise DigitsTooMany(
            f"{len(digits)} digits are beyond {limits.DIGITS}", zh="数字过长", limit=limits.DIGITS
        )
    # `isdigit` of bytes knows ASCII alone; that of texts would take four times as long.
    if not digits.isascii() or not digits.encode().isdigit() or digits[0] == "0":
        raise DigitsMalformed(
            "after the host come the digits 0-9 only, the first not zero",
            zh="网址后应只有数字",
        )
    number = int(digits)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
