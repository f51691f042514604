"""A licence's face as nearly all have it, read by one look at its bytes.

CBOR in its one right order and form begins each item alike, so a pattern tells a usual face as
surely as reading it item by item, and in a fifth of the time: the face was half of what reading a
token cost. What is not usual, right or wrong, is read item by item, and refused by name.
"""

import re
from datetime import date
from typing import Any, Final

from license_verify import limits
from license_verify.text import fault

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


class _Unusual(Exception):
    """It looked usual, and an item is not."""


def license_fields(data: bytes, start: int) -> dict[str, Any] | None:
    """The fields of a licence's face, ready for its constructor; None if it must be read item by
    item.

    Args:
        data: what ends with the face.
        start: where the face begins.
    """
    usual = _LICENSE.fullmatch(data, start)
    if usual is None:
        return None
    try:
        return _fields(*usual.groups())
    except (_Unusual, UnicodeDecodeError):
        return None


def _fields(
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
) -> dict[str, Any]:
    more = (capital is not None) + (many_addresses is not None) + (copy is not None)
    if items[0] != _ITEMS + more:
        raise _Unusual
    return {
        "version": _number(version, 1),
        "name": _text(name_size, name, limits.NAME_CHARACTERS),
        "type_code": _type_code(type_code),
        "person": _text(person_size, person, limits.PERSON_CHARACTERS),
        "address": _text(address_size, address, limits.ADDRESS_CHARACTERS),
        "capital": _text(capital_size, capital, limits.CAPITAL_CHARACTERS)
        if capital_size and capital
        else None,
        "established": _day(established),
        "registrar": _number(registrar, 1),
        "scope_digest": scope_digest,
        "many_addresses": many_addresses is not None,
        "approved": _day(approved),
        "copy": None if copy is None else _number(copy, 0, 9_999),
    }


def _number(written: bytes, least: int, most: int = (1 << 32) - 1) -> int:
    # A number below 24 is its own first byte.
    found = int.from_bytes(written[1:] or written, "big")
    if not least <= found <= most:
        raise _Unusual
    return found


def _type_code(written: bytes) -> int:
    found = int.from_bytes(written, "big")
    if not 1000 <= found <= 9999:
        raise _Unusual
    return found


def _text(size: bytes, written: bytes, longest: int) -> str:
    said = size[1] if len(size) == 2 else size[0] - 0x60
    text = written.decode()
    if said != len(written) or fault(text, longest) is not None:
        raise _Unusual
    return text


def _day(written: bytes) -> date:
    return date.fromordinal(int.from_bytes(written, "big") + _EPOCH)
