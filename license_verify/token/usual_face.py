"""A licence's face as nearly all have it, read by one look at its bytes.

CBOR in its one right order and form begins each item alike, so a pattern tells a usual face as
surely as reading it item by item, and in a fifth of the time: the face was half of what reading a
token cost. What is not usual, right or wrong, is read item by item, and refused by name.
"""

import re
from datetime import date
from typing import Final

from license_verify import limits
from license_verify.text import fault
from license_verify.token import cbor
from license_verify.token.face import Face, LicenseFace, face_from

_NUMBER: Final = rb"([\x00-\x17] | \x18[\x18-\xff] | \x19[\x01-\xff]. | \x1a(?!\x00\x00)....)"
# A text's length, then what may be the text: a clean one has no byte below a blank, and behind it
# comes a key, which is below. Whether the length is right is asked afterwards.
_TEXT: Final = rb"([\x61-\x77] | \x78[\x18-\xff]) ([\x20-\xff]++)"
_DAY: Final = rb"\x19([\x01-\xff].)"  # to the year 2149
_LICENSE: Final = re.compile(
    rb"([\xaa-\xad]) \x00\x01 \x01" + _NUMBER + rb"\x02" + _TEXT + rb"\x03 \x19(..)"
    rb"\x04" + _TEXT + rb"\x05" + _TEXT + rb"(?:\x06" + _TEXT + rb")? \x07" + _DAY
    + rb"\x08" + _NUMBER + rb"\x09\x50(.{16}) (\x0a\xf5)? \x0b" + _DAY
    + rb"(?:\x15" + _NUMBER + rb")?",
    re.VERBOSE | re.DOTALL,
)  # fmt: skip
_ITEMS: Final = 0xAA
"""Head of a map of the ten items that all of these have."""
_EPOCH: Final = date(1970, 1, 1).toordinal()
_from_ordinal: Final = date.fromordinal


class _Unusual(Exception):
    """It looked usual, and an item is not."""


def read_face(data: bytes, start: int) -> Face:
    """Read the face map of either kind that begins at `start` and ends with the data.

    Raises:
        CborRefused: not deterministic CBOR.
        ClaimsRefused: not a face map.
    """
    usual = _LICENSE.fullmatch(data, start)
    if usual is not None:
        try:
            return _license(*usual.groups())
        except (_Unusual, UnicodeDecodeError):
            pass  # the other way refuses it by name, or finds it right
    return face_from(cbor.decode(data, limits.TOKEN_BYTES, start=start))


def _license(
    items: bytes,
    version: bytes,
    name_size: bytes,
    name: bytes,
    type_code: bytes,
    person_size: bytes,
    person: bytes,
    address_size: bytes,
    address: bytes,
    capital_size: bytes | None,
    capital: bytes | None,
    established: bytes,
    registrar: bytes,
    scope_digest: bytes,
    many_addresses: bytes | None,
    approved: bytes,
    copy: bytes | None,
) -> LicenseFace:
    more = (capital is not None) + (many_addresses is not None) + (copy is not None)
    kind = type_code[0] << 8 | type_code[1]
    if items[0] != _ITEMS + more or not 1000 <= kind <= 9999:
        raise _Unusual
    return LicenseFace(
        version=_number(version, 1),
        name=_text(name_size, name, limits.NAME_CHARACTERS),
        type_code=kind,
        person=_text(person_size, person, limits.PERSON_CHARACTERS),
        address=_text(address_size, address, limits.ADDRESS_CHARACTERS),
        capital=_text(capital_size, capital, limits.CAPITAL_CHARACTERS)
        if capital_size and capital
        else None,
        established=_from_ordinal((established[0] << 8 | established[1]) + _EPOCH),
        registrar=_number(registrar, 1),
        scope_digest=scope_digest,
        many_addresses=many_addresses is not None,
        approved=_from_ordinal((approved[0] << 8 | approved[1]) + _EPOCH),
        copy=None if copy is None else _number(copy, 0, 9_999),
    )


def _number(written: bytes, least: int, most: int = (1 << 32) - 1) -> int:
    # A number below 24 is its own first byte.
    found = written[0] if len(written) == 1 else int.from_bytes(written[1:], "big")
    if not least <= found <= most:
        raise _Unusual
    return found


def _text(size: bytes, written: bytes, longest: int) -> str:
    said = size[1] if len(size) == 2 else size[0] - 0x60
    text = written.decode()
    if said != len(written) or fault(text, longest) is not None:
        raise _Unusual
    return text
