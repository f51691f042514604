"""Typed access to maps with text keys, for the lists' own formats."""

import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final, Self

from license_verify.lists.errors import ListMalformed, ListTooLarge
from license_verify.lists.status_list import moment
from license_verify.token import cbor

_ENVIRONMENT: Final = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)


class Fields:
    """A map whose keys are exactly the expected ones; every refusal names the key."""

    __slots__ = ("_fields",)

    def __init__(self, fields: dict[int | str, cbor.Value]) -> None:
        self._fields = fields

    @classmethod
    def of(
        cls,
        value: cbor.Value,
        required: AbstractSet[str],
        optional: AbstractSet[str] = frozenset(),
    ) -> Self:
        """Take a decoded map.

        Raises:
            ListMalformed: not a map, or other keys than expected.
        """
        if not isinstance(value, dict):
            raise ListMalformed("a map was expected")
        if value.keys() - optional != required:
            raise ListMalformed(f"the keys are not exactly {', '.join(sorted(required))}")
        return cls(value)

    @classmethod
    def read(
        cls,
        data: bytes,
        max_bytes: int,
        required: AbstractSet[str],
        optional: AbstractSet[str] = frozenset(),
    ) -> Self:
        """Decode a map from bytes.

        Raises:
            CborRefused: not deterministic CBOR, or more than `max_bytes`.
            ListMalformed: other keys than expected.
        """
        return cls.of(cbor.decode(data, max_bytes), required, optional)

    def __getitem__(self, key: str) -> cbor.Value:
        return self._fields[key]

    def __contains__(self, key: str) -> bool:
        return key in self._fields

    def uint(self, key: str) -> int:
        """A number from 0 to 2^53."""
        value = self._fields[key]
        if type(value) is not int or not 0 <= value <= 1 << 53:
            raise ListMalformed(f"{key} is not a number from 0 to 2^53")
        return value

    def text(self, key: str) -> str:
        """Any text."""
        value = self._fields[key]
        if not isinstance(value, str):
            raise ListMalformed(f"{key} is not a text")
        return value

    def environment(self) -> str:
        """The key `environment`: a lower-case word."""
        value = self.text("environment")
        if not _ENVIRONMENT.fullmatch(value):
            raise ListMalformed("environment is not a lower-case word")
        return value

    def digest(self, key: str) -> bytes:
        """32 bytes of SHA-256."""
        return digest(self._fields[key], key)

    def moment(self, key: str) -> datetime:
        """A time from seconds since 1970."""
        return moment(self._fields[key])

    def optional_moment(self, key: str) -> datetime | None:
        """A time, or None if the key is absent."""
        return moment(self._fields[key]) if key in self._fields else None

    def bytes(self, key: str) -> bytes:
        """A byte string."""
        value = self._fields[key]
        if not isinstance(value, bytes):
            raise ListMalformed(f"{key} is not bytes")
        return value

    def items(self, key: str, most: int) -> list[cbor.Value]:
        """An array of at most `most` members."""
        value = self._fields[key]
        if not isinstance(value, list):
            raise ListMalformed(f"{key} is not an array")
        if len(value) > most:
            raise ListTooLarge(f"{key} has {len(value)} members, more than {most}")
        return value

    def by_text(self, key: str, most: int) -> dict[str, cbor.Value]:
        """A map of at most `most` members with texts as keys."""
        value = self._fields[key]
        if not isinstance(value, dict):
            raise ListMalformed(f"{key} is not a map")
        if len(value) > most:
            raise ListTooLarge(f"{key} has {len(value)} members, more than {most}")
        named: dict[str, cbor.Value] = {}
        for name, item in value.items():
            if not isinstance(name, str):
                raise ListMalformed(f"{key} has a key that is not a text")
            named[name] = item
        return named


def digest(value: cbor.Value, what: str) -> bytes:
    """32 bytes of SHA-256.

    Raises:
        ListMalformed: something else.
    """
    if not isinstance(value, bytes) or len(value) != 32:
        raise ListMalformed(f"{what} is not a digest of 32 bytes")
    return value
