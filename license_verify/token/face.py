"""The signed faces 照面 of a licence and of a site, and their maps (profile L1)."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self, TypeAlias

from license_verify import limits
from license_verify.codes.entity_type import EntityKind, find
from license_verify.token import cbor, face_items
from license_verify.token.errors import ClaimsRefused
from license_verify.token.face_items import DIGEST_BYTES, days

__all__ = ["DIGEST_BYTES", "Face", "LicenseFace", "SiteFace", "days", "digest", "face_from"]

LICENSE, SITE = face_items.LICENSE.kind, face_items.SITE.kind


def digest(text: str) -> bytes:
    """16 bytes of SHA-256 of the text in NFC: name, address or scope that is not printed."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).digest()[:DIGEST_BYTES]


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

    def to_map(self) -> dict[int | str, cbor.Value]:
        """The face map.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        self._check_name()
        return face_items.LICENSE.write(self)

    def encode(self) -> bytes:
        """The face map as CBOR.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        self._check_name()
        return face_items.LICENSE.encode(self)

    @classmethod
    def from_map(cls, fields: Mapping[int | str, cbor.Value]) -> Self:
        """Read a face map whose kind is 1.

        Raises:
            ClaimsRefused: a key is missing, unknown, of the wrong type or out of range.
        """
        face = cls(**face_items.LICENSE.read(fields))
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

    def to_map(self) -> dict[int | str, cbor.Value]:
        """The face map.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        return face_items.SITE.write(self)

    def encode(self) -> bytes:
        """The face map as CBOR.

        Raises:
            ClaimsRefused: a value is out of its range.
        """
        return face_items.SITE.encode(self)

    @classmethod
    def from_map(cls, fields: Mapping[int | str, cbor.Value]) -> Self:
        """Read a face map whose kind is 2.

        Raises:
            ClaimsRefused: a key is missing, unknown, of the wrong type or out of range.
        """
        return cls(**face_items.SITE.read(fields))


Face: TypeAlias = LicenseFace | SiteFace


def face_from(value: cbor.Value) -> Face:
    """Read a face map of either kind.

    Raises:
        ClaimsRefused: not a face map.
    """
    if not isinstance(value, dict):
        raise ClaimsRefused("the face is not a map", zh="照面数据格式错误")
    kind = value.get(face_items.KIND)
    if type(kind) is int and kind == LICENSE:
        return LicenseFace.from_map(value)
    if type(kind) is int and kind == SITE:
        return SiteFace.from_map(value)
    raise ClaimsRefused("the face is of no known kind", zh="照面种类未知")
