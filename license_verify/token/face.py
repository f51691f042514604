"""The signed faces 照面 of a licence and of a site, and their maps (profile L1)."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final, Self, TypeAlias

from license_verify import limits
from license_verify.codes.entity_type import EntityKind, find
from license_verify.text import fault
from license_verify.token import cbor
from license_verify.token.errors import ClaimsRefused

DIGEST_BYTES: Final = 16
LICENSE, SITE = 1, 2

# Keys of the face map.
_KIND, _VERSION, _NAME, _TYPE, _PERSON, _ADDRESS, _CAPITAL, _ESTABLISHED = range(8)
_REGISTRAR, _SCOPE, _MANY, _APPROVED, _FORM, _TERM_START = range(8, 14)
_NAME_DIGEST, _ADDRESS_DIGEST, _SITE_NAME, _SUPERVISOR, _COPY = 14, 15, 17, 18, 21

_UINT32: Final = (1 << 32) - 1
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = date(1900, 1, 1).toordinal() - _EPOCH
_LAST_DAY: Final = date(2200, 1, 1).toordinal() - _EPOCH

_Item: TypeAlias = "cbor.Value | date"


def digest(text: str) -> bytes:
    """16 bytes of SHA-256 of the text in NFC: name, address or scope that is not printed."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).digest()[:DIGEST_BYTES]


def days(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseFace:
    """What a licence prints. Texts are clean NFC; digests are of the full NFC text."""

    kind: ClassVar[int] = LICENSE

    version: int
    name: str | None
    """None for a household without one; the first 40 characters if `name_digest` is there."""
    type_code: int
    person: str
    address: str | None
    """The domicile; None if only its digest is signed."""
    established: date
    registrar: int
    """Own unit id."""
    scope_digest: bytes
    approved: date
    """核准日期: the date of this version."""
    capital: str | None = None
    form: str | None = None
    """组成形式."""
    many_addresses: bool = False
    """一照多址."""
    term_start: date | None = None
    name_digest: bytes | None = None
    address_digest: bytes | None = None
    copy: int | None = None
    """None electronic, 0 正本, n 副本 n."""

    def with_address_digest(self) -> Self:
        """The same face with the address as digest only."""
        if self.address is None:
            return self
        return replace(self, address=None, address_digest=digest(self.address))

    def with_name_shortened(self) -> Self:
        """The same face with the first 40 characters of the name and the whole one's digest."""
        if self.name is None or len(self.name) <= limits.SHORTENED_NAME_CHARACTERS:
            return self
        short = self.name[: limits.SHORTENED_NAME_CHARACTERS]
        return replace(self, name=short, name_digest=digest(self.name))

    def to_map(self) -> dict[int, cbor.Value]:
        """The face map.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        fields: dict[int, _Item] = {
            _KIND: LICENSE, _VERSION: self.version, _NAME: self.name, _TYPE: self.type_code,
            _PERSON: self.person, _ADDRESS: self.address, _CAPITAL: self.capital,
            _ESTABLISHED: self.established, _REGISTRAR: self.registrar,
            _SCOPE: self.scope_digest, _MANY: self.many_addresses or None,
            _APPROVED: self.approved, _FORM: self.form, _TERM_START: self.term_start,
            _NAME_DIGEST: self.name_digest, _ADDRESS_DIGEST: self.address_digest,
            _COPY: self.copy,
        }  # fmt: skip
        written = _present(fields)
        LicenseFace.from_map(written)
        return written

    @classmethod
    def from_map(cls, fields: dict[int, cbor.Value]) -> Self:
        """Read a face map whose kind is 1.

        Raises:
            ClaimsRefused: a key is missing, unknown, of the wrong type or out of range.
        """
        read = _Fields(fields, _LICENSE_KEYS)
        many = fields.get(_MANY)
        if many is not None and many is not True:
            raise ClaimsRefused("face key 10 is true or absent")
        face = cls(
            version=read.uint(_VERSION),
            name=read.optional_text(_NAME, limits.NAME_CHARACTERS),
            type_code=read.uint(_TYPE, 1000, 9999),
            person=read.text(_PERSON, limits.PERSON_CHARACTERS),
            address=read.optional_text(_ADDRESS, limits.ADDRESS_CHARACTERS),
            established=read.day(_ESTABLISHED),
            registrar=read.uint(_REGISTRAR),
            scope_digest=read.digest(_SCOPE),
            approved=read.day(_APPROVED),
            capital=read.optional_text(_CAPITAL, limits.CAPITAL_CHARACTERS),
            form=read.optional_text(_FORM, limits.FORM_CHARACTERS),
            many_addresses=many is True,
            term_start=read.day(_TERM_START) if _TERM_START in fields else None,
            name_digest=read.digest(_NAME_DIGEST) if _NAME_DIGEST in fields else None,
            address_digest=read.digest(_ADDRESS_DIGEST) if _ADDRESS_DIGEST in fields else None,
            copy=read.uint(_COPY, 0, 9_999) if _COPY in fields else None,
        )
        _one_address(fields)
        face._check_name()
        return face

    def _check_name(self) -> None:
        if self.name is None:
            row = find(self.type_code)
            if self.name_digest is not None or (row and row.kind is not EntityKind.HOUSEHOLD):
                raise ClaimsRefused("only a household may lack a name")
        elif self.name_digest and len(self.name) != limits.SHORTENED_NAME_CHARACTERS:
            raise ClaimsRefused("a shortened name has 40 characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFace:
    """What a site code on a shop wall prints. It names its firm by code, never by version."""

    kind: ClassVar[int] = SITE

    version: int
    address: str | None
    """The site's own; None if only its digest is signed."""
    registrar: int
    """Own unit id of the home registrar."""
    approved: date
    """Date of this version of the site's filing."""
    supervisor: int
    """Own unit id of the unit that supervises the site."""
    name: str | None = None
    """The firm's name."""
    site_name: str | None = None
    scope_digest: bytes | None = None
    address_digest: bytes | None = None

    def with_address_digest(self) -> Self:
        """The same face with the address as digest only."""
        if self.address is None:
            return self
        return replace(self, address=None, address_digest=digest(self.address))

    def with_name_shortened(self) -> Self:
        """The same face without a firm's name beyond 40 characters: a site has no name digest
        and its firm is named by code anyway."""
        if self.name is None or len(self.name) <= limits.SHORTENED_NAME_CHARACTERS:
            return self
        return replace(self, name=None)

    def to_map(self) -> dict[int, cbor.Value]:
        """The face map.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        fields: dict[int, _Item] = {
            _KIND: SITE, _VERSION: self.version, _NAME: self.name, _ADDRESS: self.address,
            _REGISTRAR: self.registrar, _SCOPE: self.scope_digest, _APPROVED: self.approved,
            _ADDRESS_DIGEST: self.address_digest, _SITE_NAME: self.site_name,
            _SUPERVISOR: self.supervisor,
        }  # fmt: skip
        written = _present(fields)
        SiteFace.from_map(written)
        return written

    @classmethod
    def from_map(cls, fields: dict[int, cbor.Value]) -> Self:
        """Read a face map whose kind is 2.

        Raises:
            ClaimsRefused: a key is missing, unknown, of the wrong type or out of range.
        """
        read = _Fields(fields, _SITE_KEYS)
        face = cls(
            version=read.uint(_VERSION),
            address=read.optional_text(_ADDRESS, limits.ADDRESS_CHARACTERS),
            registrar=read.uint(_REGISTRAR),
            approved=read.day(_APPROVED),
            supervisor=read.uint(_SUPERVISOR),
            name=read.optional_text(_NAME, limits.NAME_CHARACTERS),
            site_name=read.optional_text(_SITE_NAME, limits.NAME_CHARACTERS),
            scope_digest=read.digest(_SCOPE) if _SCOPE in fields else None,
            address_digest=read.digest(_ADDRESS_DIGEST) if _ADDRESS_DIGEST in fields else None,
        )
        _one_address(fields)
        return face


Face: TypeAlias = LicenseFace | SiteFace

_LICENSE_KEYS: Final = frozenset(
    (_KIND, _VERSION, _NAME, _TYPE, _PERSON, _ADDRESS, _CAPITAL, _ESTABLISHED, _REGISTRAR, _SCOPE,
     _MANY, _APPROVED, _FORM, _TERM_START, _NAME_DIGEST, _ADDRESS_DIGEST, _COPY)
)  # fmt: skip
_SITE_KEYS: Final = frozenset(
    (_KIND, _VERSION, _NAME, _ADDRESS, _REGISTRAR, _SCOPE, _APPROVED, _ADDRESS_DIGEST,
     _SITE_NAME, _SUPERVISOR)
)  # fmt: skip


def face_from(value: cbor.Value) -> Face:
    """Read a face map of either kind.

    Raises:
        ClaimsRefused: not a face map.
    """
    if not isinstance(value, dict):
        raise ClaimsRefused("the face is not a map", zh="照面数据格式错误")
    fields: dict[int, cbor.Value] = {}
    for key, item in value.items():
        if not isinstance(key, int):
            raise ClaimsRefused("the face has a key that is not a number", zh="照面数据格式错误")
        fields[key] = item
    kind = fields.get(_KIND)
    if type(kind) is int and kind == LICENSE:
        return LicenseFace.from_map(fields)
    if type(kind) is int and kind == SITE:
        return SiteFace.from_map(fields)
    raise ClaimsRefused("the face is of no known kind", zh="照面种类未知")


def _present(fields: Mapping[int, _Item]) -> dict[int, cbor.Value]:
    return {
        key: days(value) if isinstance(value, date) else value
        for key, value in fields.items()
        if value is not None
    }


def _one_address(fields: Mapping[int, cbor.Value]) -> None:
    if (_ADDRESS in fields) == (_ADDRESS_DIGEST in fields):
        raise ClaimsRefused("the face has either an address or its digest")


class _Fields:
    """Typed access to a face map; every refusal names the key, never the value."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[int, cbor.Value], allowed: frozenset[int]) -> None:
        unknown = fields.keys() - allowed
        if unknown:
            raise ClaimsRefused(f"face key {min(unknown)} is not of this profile")
        self._fields = fields

    def uint(self, key: int, least: int = 1, most: int = _UINT32) -> int:
        value = self._fields.get(key)
        if type(value) is not int or not least <= value <= most:
            raise ClaimsRefused(f"face key {key} is not a number from {least} to {most}")
        return value

    def text(self, key: int, longest: int) -> str:
        value = self._fields.get(key)
        if not isinstance(value, str):
            raise ClaimsRefused(f"face key {key} is not a text")
        problem = fault(value, longest)
        if problem is not None:
            raise ClaimsRefused(f"face key {key} {problem}")
        return value

    def optional_text(self, key: int, longest: int) -> str | None:
        return self.text(key, longest) if key in self._fields else None

    def day(self, key: int) -> date:
        value = self._fields.get(key)
        if type(value) is not int or not _FIRST_DAY <= value <= _LAST_DAY:
            raise ClaimsRefused(f"face key {key} is not a day of 1900 to 2200")
        return date.fromordinal(value + _EPOCH)

    def digest(self, key: int) -> bytes:
        value = self._fields.get(key)
        if not isinstance(value, bytes) or len(value) != DIGEST_BYTES:
            raise ClaimsRefused(f"face key {key} is not a digest of {DIGEST_BYTES} bytes")
        return value
