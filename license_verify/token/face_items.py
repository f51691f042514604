"""The items of a face map by key: field, type and range; one table reads and writes them."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, Final, TypeAlias

from license_verify import limits
from license_verify.text import fault
from license_verify.token import cbor
from license_verify.token.errors import ClaimsRefused

DIGEST_BYTES: Final = 16
KIND: Final = 0
ADDRESS, ADDRESS_DIGEST = 5, 15

_MAP: Final = 5
"""Major type of CBOR."""
_UINT32: Final = (1 << 32) - 1
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = date(1900, 1, 1).toordinal() - _EPOCH
_LAST_DAY: Final = date(2200, 1, 1).toordinal() - _EPOCH

Read: TypeAlias = Callable[[int, cbor.Value], object]
"""Takes a key, for naming it in a refusal, and its value; gives the field's value.

Raises `ClaimsRefused` for another type or range. A refusal never holds the value.
"""


@dataclass(frozen=True, slots=True)
class Items:
    """The keys that a face of one kind may have, and those that it must have."""

    kind: int
    by_key: Mapping[int | str, tuple[str, Read]]
    """Field name and reader."""
    required: frozenset[str]
    """Field names."""
    order: tuple[tuple[bytes, int, str, Read], ...] = field(init=False)
    """The same in the order in which they are written, each behind its key as it is written."""

    def __post_init__(self) -> None:
        """Write the keys once for all faces."""
        items = [(cbor.leaf(key), int(key), *item) for key, item in self.by_key.items()]
        object.__setattr__(self, "order", tuple(sorted(items, key=itemgetter(0))))

    def read(self, fields: Mapping[int | str, cbor.Value]) -> dict[str, Any]:
        """The fields of a face map of this kind, ready for the face's constructor.

        Raises:
            ClaimsRefused: a key is missing, unknown, of the wrong type or out of range.
        """
        values: dict[str, Any] = {"name": None, "address": None}
        by_key = self.by_key
        for key, value in fields.items():
            if key in by_key:
                name, read = by_key[key]
                values[name] = read(key, value)  # type: ignore[arg-type] # our keys are numbers
            elif key != KIND:
                raise ClaimsRefused("the face has a key that is not of this profile")
        self._require(values.keys(), (ADDRESS in fields, ADDRESS_DIGEST in fields))
        return values

    def write(self, face: object) -> dict[int | str, cbor.Value]:
        """The face map; what is None or False is absent.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        written: dict[int | str, cbor.Value] = {KIND: self.kind}
        for key, (name, _) in self.by_key.items():
            value = getattr(face, name)
            if value is not None and value is not False:
                written[key] = days(value) if isinstance(value, date) else value
        self.read(written)
        return written

    def encode(self, face: object) -> bytes:
        """The face map of `write` as CBOR, at once: a city's licences are written one by one.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        written = [cbor.leaf(KIND), cbor.leaf(self.kind)]
        names = set[str]()
        for encoded, key, name, read in self.order:
            value = getattr(face, name)
            if value is not None and value is not False:
                plain = days(value) if isinstance(value, date) else value
                read(key, plain)
                written += (encoded, cbor.leaf(plain))
                names.add(name)
        self._require(names, ("address" in names, "address_digest" in names))
        return cbor.head(_MAP, len(written) // 2) + b"".join(written)

    def _require(self, names: AbstractSet[str], addresses: tuple[bool, bool]) -> None:
        if not self.required <= names:
            missing = ", ".join(sorted(self.required - names))
            raise ClaimsRefused(f"the face lacks {missing}")
        if addresses[0] == addresses[1]:
            raise ClaimsRefused("the face has either an address or its digest")


def days(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def number(least: int = 1, most: int = _UINT32) -> Read:
    """A whole number within bounds."""

    def read(key: int, value: cbor.Value) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ClaimsRefused(f"face key {key} is not a number from {least} to {most}")
        return value

    return read


def text(longest: int) -> Read:
    """A clean text of at most so many characters."""

    def read(key: int, value: cbor.Value) -> str:
        if type(value) is not str:
            raise ClaimsRefused(f"face key {key} is not a text")
        problem = fault(value, longest)
        if problem is not None:
            raise ClaimsRefused(f"face key {key} {problem}")
        return value

    return read


def day(key: int, value: cbor.Value) -> date:
    """A day of 1900 to 2200."""
    if type(value) is not int or not _FIRST_DAY <= value <= _LAST_DAY:
        raise ClaimsRefused(f"face key {key} is not a day of 1900 to 2200")
    return date.fromordinal(value + _EPOCH)


def digest_bytes(key: int, value: cbor.Value) -> bytes:
    """16 bytes of a digest."""
    if type(value) is not bytes or len(value) != DIGEST_BYTES:
        raise ClaimsRefused(f"face key {key} is not a digest of {DIGEST_BYTES} bytes")
    return value


def mark(key: int, value: cbor.Value) -> bool:
    """True, or the key is absent."""
    if value is not True:
        raise ClaimsRefused(f"face key {key} is true or absent")
    return True


_COMMON: Final[dict[int | str, tuple[str, Read]]] = {
    1: ("version", number()),
    2: ("name", text(limits.NAME_CHARACTERS)),
    ADDRESS: ("address", text(limits.ADDRESS_CHARACTERS)),
    8: ("registrar", number()),
    9: ("scope_digest", digest_bytes),
    11: ("approved", day),
    ADDRESS_DIGEST: ("address_digest", digest_bytes),
}
LICENSE: Final = Items(
    1,
    _COMMON
    | {
        3: ("type_code", number(1000, 9999)),
        4: ("person", text(limits.PERSON_CHARACTERS)),
        6: ("capital", text(limits.CAPITAL_CHARACTERS)),
        7: ("established", day),
        10: ("many_addresses", mark),
        12: ("form", text(limits.FORM_CHARACTERS)),
        13: ("term_start", day),
        14: ("name_digest", digest_bytes),
        21: ("copy", number(0, 9_999)),
    },
    frozenset(
        {"version", "type_code", "person", "established", "registrar", "scope_digest", "approved"}
    ),
)
SITE: Final = Items(
    2,
    _COMMON
    | {
        17: ("site_name", text(limits.NAME_CHARACTERS)),
        18: ("supervisor", number()),
    },
    frozenset({"version", "registrar", "approved", "supervisor"}),
)
