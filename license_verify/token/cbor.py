"""CBOR in core deterministic form (RFC 8949 §4.2.1), and nothing else.

Encoding uses cbor2. Reading does not: cbor2 runs decoders of tags (dates, patterns, big
numbers, shared references) and trusts lengths before a caller can look, and its answers to odd
input differ between 5 and 6. A reader of this small profile refuses at the first wrong byte,
needs no second pass, and so proves that `encode(decode(data)) == data`.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import cbor2

from license_verify import limits
from license_verify.token.errors import CborRefused, CborTooLarge

Value: TypeAlias = "int | bytes | str | bool | list[Value] | dict[int | str, Value] | None"

_UINT, _NINT, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)
_SIMPLE: Final = {0xF4: False, 0xF5: True, 0xF6: None}
_SHORTEST: Final = {24: (1, 24), 25: (2, 1 << 8), 26: (4, 1 << 16), 27: (8, 1 << 32)}


def encode(value: object, tag: int | None = None) -> bytes:
    """Write a value in core deterministic form, tagged if `tag` is given.

    Tuples and mappings are written as arrays and maps.

    Raises:
        CborRefused: a type that the profile does not have.
    """
    ordered = _ordered(value)
    return cbor2.dumps(ordered if tag is None else cbor2.CBORTag(tag, ordered))


def _ordered(value: object) -> object:
    if isinstance(value, Mapping):
        if not all(type(key) in (int, str) for key in value):
            raise CborRefused("a map's keys are integers or texts")
        # cbor2's `canonical` sorts by length first (RFC 7049); the order wanted is bytewise.
        return {key: _ordered(value[key]) for key in sorted(value, key=cbor2.dumps)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if value is None or isinstance(value, bool | bytes | str):
        return value
    if isinstance(value, int) and -(1 << 64) <= value < 1 << 64:
        return int(value)
    raise CborRefused(f"{type(value).__name__} has no place in this profile")


def decode(data: bytes, max_bytes: int, tag: int | None = None) -> Value:
    """Read one value, nothing before and nothing behind it.

    Args:
        data: the bytes, not yet trusted.
        max_bytes: refused unread if longer.
        tag: the one tag that must stand in front; no other tag is allowed anywhere.

    Raises:
        CborTooLarge: too many bytes, or deeper than `limits.CBOR_DEPTH`.
        CborRefused: not deterministic, not well-formed, another tag, a float, a duplicate key,
            text that is not UTF-8, or bytes behind the value.
    """
    if len(data) > max_bytes:
        raise CborTooLarge(
            f"{len(data)} bytes are beyond {max_bytes}", zh="数据过大", limit=max_bytes
        )
    reader = _Reader(data)
    try:
        if tag is not None:
            reader.expect_tag(tag)
        value = reader.item(limits.CBOR_DEPTH)
    except IndexError:
        raise CborRefused("the data ends in the middle", zh="数据不完整") from None
    except UnicodeDecodeError:
        raise CborRefused("a text is not UTF-8", zh="文字编码错误") from None
    if reader.at != len(data):
        raise CborRefused("something follows the value", zh="数据末尾有多余内容")
    return value


class _Reader:
    """A position in the data; every method moves it behind what it read."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def expect_tag(self, tag: int) -> None:
        first = self.data[self.at]
        self.at += 1
        if first >> 5 != _TAG or self._argument(first & 31) != tag:
            raise CborRefused(f"the value is not tagged {tag}")

    def item(self, depth: int) -> Value:
        """Read one item. IndexError means that the data ends inside it."""
        data = self.data
        first = data[self.at]
        self.at += 1
        major, argument = first >> 5, first & 31
        if major == 7:
            if first in _SIMPLE:
                return _SIMPLE[first]
            raise CborRefused("floats and other simple values have no place here")
        if argument > 23:
            argument = self._argument(argument)
        if major == _UINT:
            return argument
        if major == _NINT:
            return -1 - argument
        if major == _TEXT:
            return self._take(argument).decode()
        if major == _BYTES:
            return self._take(argument)
        if major == _TAG:
            raise CborRefused("a tag has no place here")
        # Each member needs a byte at least: a claimed length cannot cost more than the data.
        if argument > len(data) - self.at:
            raise CborRefused("the data ends in the middle", zh="数据不完整")
        if depth == 0:
            raise CborTooLarge(f"nested deeper than {limits.CBOR_DEPTH}", zh="数据嵌套过深")
        if major == _ARRAY:
            return [self.item(depth - 1) for _ in range(argument)]
        return self._map(argument, depth - 1)

    def _argument(self, additional: int) -> int:
        if additional < 24:
            return additional
        if additional not in _SHORTEST:
            raise CborRefused("indefinite or reserved length")
        width, least = _SHORTEST[additional]
        argument = int.from_bytes(self._take(width), "big")
        if argument < least:
            raise CborRefused("a number is not in its shortest form")
        return argument

    def _take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.data):
            raise IndexError
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def _map(self, length: int, depth: int) -> dict[int | str, Value]:
        members: dict[int | str, Value] = {}
        before = b""
        for _ in range(length):
            start = self.at
            key = self.item(0)
            if type(key) is not int and type(key) is not str:
                raise CborRefused("a map's keys are integers or texts")
            encoded = self.data[start : self.at]
            # Strictly ascending bytes: order and absence of duplicates in one comparison.
            if encoded <= before:
                raise CborRefused("a map's keys are repeated or out of order")
            before = encoded
            members[key] = self.item(depth)
        return members
