"""Ways to spoil a genuine scan. Each takes a source of chance and gives another text."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from license_verify.token import cose
from tests.fuzz.seeds import SCANS, TOKENS
from tests.unit.verify.world import HOST, Signer

_FORGER: Final = Signer(secret=7)
_STRANGE: Final = "0123456789 /?#%.:-_+eE\n\x00\u202e１二"
_HEADS: Final = (0x00, 0x18, 0x1B, 0x3B, 0x5F, 0x7F, 0x9F, 0xBF, 0xC0, 0xD2, 0xF6, 0xF9, 0xFB, 0xFF)


def scan(chance: Random) -> str:
    """A spoiled scan text; by bad luck it may be genuine still."""
    return chance.choice(_WAYS)(chance)


def token(chance: Random) -> bytes:
    """A genuine token, spoiled."""
    return data(TOKENS, chance)


def data(genuine: Sequence[bytes], chance: Random) -> bytes:
    """One of these with bytes flipped, set, cut, added or taken from another one."""
    made = bytearray(chance.choice(genuine))
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at = chance.randrange(len(made))
        match chance.randrange(6):
            case 0:
                made[at] ^= 1 << chance.randrange(8)
            case 1:
                made[at] = chance.randrange(256)
            case 2:
                made[at] = chance.choice(_HEADS)
            case 3:
                del made[at : at + chance.choice((1, 2, 8, 64))]
            case 4:
                made[at:at] = chance.randbytes(chance.choice((1, 2, 9, 70)))
            case _:
                other = chance.choice(genuine)
                made[at : at + 40] = other[at : at + 40]
        if not made:
            return b"\xd2"
    return bytes(made)


def _digits(chance: Random) -> str:
    text = chance.choice(SCANS)
    at = chance.randrange(len(text) - 900, len(text))
    return text[:at] + chance.choice("0123456789") + text[at + chance.randrange(3) :]


def _text(chance: Random) -> str:
    text = chance.choice(SCANS)
    at = chance.randrange(min(60, len(text)))
    return text[:at] + chance.choice(_STRANGE) + text[at + chance.randrange(2) :]


def _bytes(chance: Random) -> str:
    return _as_scan(token(chance))


def _nonsense(chance: Random) -> str:
    return _as_scan(chance.randbytes(chance.randrange(1, 600)))


def _behind(chance: Random) -> str:
    return chance.choice(SCANS) + chance.choice(_STRANGE) * chance.choice((1, 2, 900))


def _forged(chance: Random) -> str:
    """Well made in every way, but signed by a stranger under the trusted key's id."""
    genuine = cose.decode(chance.choice(TOKENS), max_bytes=1024)
    signature = _FORGER.sign(genuine.signed_bytes)
    return _as_scan(cose.assemble(genuine.protected, genuine.payload, signature))


def _as_scan(data: bytes) -> str:
    return f"https://{HOST}/{int.from_bytes(data, 'big')}"


# Spoiled bytes are most of what can go wrong; forging costs a signature each, so it is rare.
_WAYS: Final[tuple[Callable[[Random], str], ...]] = (
    (_bytes,) * 8 + (_digits,) * 4 + (_text,) * 3 + (_nonsense,) * 3 + (_behind, _forged)
)
