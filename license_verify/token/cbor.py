"""CBOR in core deterministic form (RFC 8949 §4.2.1), and nothing else.

Encoding uses cbor2. Reading does not: cbor2 runs decoders of tags (dates, patterns, big
numbers, shared references) and trusts lengths before a caller can look, and its answers to odd
input differ between 5 and 6. A reader of this small profile refuses at the first wrong byte,
needs no second pass, and so proves that `encode(decode(data)) == data`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import cbor2

from license_verify import limits
from license_verify.token.errors import CborRefused, CborTooLarge

Value: TypeAlias = "int | bytes | str | bool | list[Value] | dict[int | str, Value] | None"

_UINT, _NINT, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_STRINGS: Final = (_BYTES, _TEXT)
_SIMPLES: Final = {0xF4: False, 0xF5: True, 0xF6: None}
_LONG: Final = {26: (4, 1 << 16), 27: (8, 1 << 32)}


def encode(value: object, tag: int | None = None) -> bytes:
    """Write a value in core deterministic form, tagged if `tag` is given.

    Tuples and mappings are written as arrays and maps.

    Raises:
        CborRefused: a type that the profile does not have.
    """
    ordered = _ordered(value)
    return cbor2.dumps(ordered if tag is None else cbor2.CBORTag(tag, ordered))


def head(major: int, argument: int) -> bytes:
    """The head of an item: its major type, and its argument (below 2^64) in the shortest form."""
    if argument < 1 << 8:
        return _HEADS[major][argument]
    width, additional = (
        (2, 25) if argument < 1 << 16 else (4, 26) if argument < 1 << 32 else (8, 27)
    )
    return bytes((major << 5 | additional,)) + argument.to_bytes(width, "big")


_HEADS: Final = [
    [bytes((major << 5 | n,)) if n < 24 else bytes((major << 5 | 24, n)) for n in range(256)]
    for major in range(8)
]


def leaf(value: bool | int | bytes | str) -> bytes:
    """Write a value that holds no other, as `encode` does and quicker.

    Raises:
        CborRefused: a number of more than 64 bits, or a text that is not Unicode.
    """
    try:
        if isinstance(value, str):
            text = value.encode()
            return head(_TEXT, len(text)) + text
        if isinstance(value, bytes):
            return head(_BYTES, len(value)) + value
        if value is True or value is False:
            return b"\xf5" if value else b"\xf4"
        return head(_UINT, value) if value >= 0 else head(_NINT, -1 - value)
    except (UnicodeEncodeError, OverflowError):
        raise CborRefused("a value has no place in this profile") from None


# There are few different keys; to encode them anew for every map is most of what writing costs.
@lru_cache(maxsize=1024)
def _encoded_key(key: int | str) -> bytes:
    return cbor2.dumps(key)


def _ordered(value: object) -> object:
    if isinstance(value, bytes | str):
        return value
    if isinstance(value, Mapping):
        if not all(type(key) in (int, str) for key in value):
            raise CborRefused("a map's keys are integers or texts")
        # cbor2's `canonical` sorts by length first (RFC 7049); the order wanted is bytewise.
        return {key: _ordered(value[key]) for key in sorted(value, key=_encoded_key)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -(1 << 64) <= value < 1 << 64:
        return int(value)
    raise CborRefused(f"{type(value).__name__} has no place in this profile")


def decode(data: bytes, max_bytes: int, tag: int | None = None, start: int = 0) -> Value:
    """Read one value and nothing behind it.

    Args:
        data: the bytes, not yet trusted.
        max_bytes: refused unread if longer.
        tag: the one tag that must stand in front; no other tag is allowed anywhere.
        start: where the value begins, if the caller has read what is before it.

    Raises:
        CborTooLarge: too many bytes, or deeper than `limits.CBOR_DEPTH`.
        CborRefused: not deterministic, not well-formed, another tag, a float, a duplicate key,
            text that is not UTF-8, or bytes behind the value.
    """
    if len(data) > max_bytes:
        raise CborTooLarge(
            f"{len(data)} bytes are beyond {max_bytes}", zh="数据过大", limit=max_bytes
        )
    at = start
    try:
        if tag is not None:
            at = _expect_tag(data, tag)
        value, at = _item(data, at, limits.CBOR_DEPTH)
    except IndexError:
        raise CborRefused("the data ends in the middle", zh="数据不完整") from None
    except UnicodeDecodeError:
        raise CborRefused("a text is not UTF-8", zh="文字编码错误") from None
    if at != len(data):
        raise CborRefused("something follows the value", zh="数据末尾有多余内容")
    return value


# The functions below take the position to read at and return the position behind what they
# read. IndexError means that the data ends inside it. They are the greater part of what reading
# a token costs, so they pass plain numbers and slices.


def _expect_tag(data: bytes, tag: int) -> int:
    found, at = data[0] & 31, 1
    if found > 23:
        found, at = _argument(data, at, found)
    if data[0] >> 5 != _TAG or found != tag:
        raise CborRefused(f"the value is not tagged {tag}")
    return at


def _argument(data: bytes, at: int, additional: int) -> tuple[int, int]:
    if additional == 24:
        argument, at, least = data[at], at + 1, 24
    elif additional == 25:
        argument, at, least = data[at] << 8 | data[at + 1], at + 2, 1 << 8
    elif additional in _LONG:
        width, least = _LONG[additional]
        if at + width > len(data):
            raise IndexError
        argument, at = int.from_bytes(data[at : at + width], "big"), at + width
    else:
        raise CborRefused("indefinite or reserved length")
    if argument < least:
        raise CborRefused("a number is not in its shortest form")
    return argument, at


def _item(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    first = data[at]
    at += 1
    if first < 24:
        return first, at
    major, argument = first >> 5, first & 31
    if argument > 23 and major != _SIMPLE:
        argument, at = _argument(data, at, argument)
    if major in _STRINGS:
        end = at + argument
        if end > len(data):
            raise IndexError
        return data[at:end].decode() if major == _TEXT else data[at:end], end
    if major == _UINT:
        return argument, at
    if major == _NINT:
        return -1 - argument, at
    if major == _SIMPLE:
        if first not in _SIMPLES:
            raise CborRefused("floats and other simple values have no place here")
        return _SIMPLES[first], at
    if major == _TAG:
        raise CborRefused("a tag has no place here")
    # Each member needs a byte at least: a claimed length cannot cost more than the data.
    if argument > len(data) - at:
        raise IndexError
    if depth == 0:
        raise CborTooLarge(f"nested deeper than {limits.CBOR_DEPTH}", zh="数据嵌套过深")
    if major == _MAP:
        return _map(data, at, argument, depth - 1)
    members: list[Value] = []
    for _ in range(argument):
        value, at = _item(data, at, depth - 1)
        members.append(value)
    return members, at


def _map(data: bytes, at: int, length: int, depth: int) -> tuple[dict[int | str, Value], int]:
    members: dict[int | str, Value] = {}
    before = b""
    for _ in range(length):
        start = at
        key: Value = data[at]
        at += 1
        if type(key) is not int or key > 23:
            key, at = _item(data, start, 0)
            if type(key) is not int and type(key) is not str:
                raise CborRefused("a map's keys are integers or texts")
        # Strictly ascending bytes: order and absence of duplicates in one comparison.
        encoded = data[start:at]
        if encoded <= before:
            raise CborRefused("a map's keys are repeated or out of order")
        before = encoded
        # Texts and small numbers are most of what maps hold; they are read here, without a call.
        first = data[at]
        if first < 24:
            members[key] = first
            at += 1
        elif 0x60 <= first < 0x78 and (end := at + first - 0x5F) <= len(data):
            members[key] = data[at + 1 : end].decode()
            at = end
        else:
            members[key], at = _item(data, at, depth)
    return members, at
