"""The face as a verdict shows it: narrowed to the purpose, with titles and names of units."""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, Self

from license_verify.codes.entity_type import EntityKind, find
from license_verify.codes.unit import UNITS
from license_verify.policy import ALL_ITEMS
from license_verify.token.claims import BEIJING, Claims
from license_verify.token.face import LicenseFace, SiteFace


class ShownFace(NamedTuple):
    """Face items that the purpose may see; the others are None, as are absent ones.

    A `NamedTuple`, since one is made for every verdict that is told.
    """

    uscc: str
    site: int | None
    """Site number, None for a licence."""
    version: int
    name: str | None = None
    name_complete: bool = True
    """False: the first 40 characters only were printed."""
    type_code: int | None = None
    type_label: str | None = None
    person: str | None = None
    person_title: str | None = None
    address: str | None = None
    address_title: str | None = None
    capital: str | None = None
    capital_title: str | None = None
    form: str | None = None
    established: date | None = None
    approved: date | None = None
    term_start: date | None = None
    term_end: date | None = None
    """The last day on which it is good."""
    registrar: int | None = None
    registrar_name: str | None = None
    many_addresses: bool | None = None
    copy: int | None = None
    site_name: str | None = None
    supervisor: int | None = None
    supervisor_name: str | None = None

    @classmethod
    def of(cls, claims: Claims, items: AbstractSet[str]) -> Self:
        """Narrow the face of claims whose signature passed.

        Args:
            claims: of the token.
            items: names of `policy.ALL_ITEMS`.
        """
        face = claims.face
        shown = _of_license(face, claims) if isinstance(face, LicenseFace) else _of_site(face)
        if items != ALL_ITEMS:
            fields = _fields_of(frozenset(items))
            shown = {field: shown[field] for field in fields if field in shown}
        return cls(claims.subject[:18], claims.site, face.version, **shown)


def _of_license(face: LicenseFace, claims: Claims) -> dict[str, Any]:
    row = find(face.type_code)
    labels = (row.kind if row else EntityKind.COMPANY).labels
    return {
        "name": face.name,
        "address": face.address,
        "address_title": labels.address,
        "approved": face.approved,
        "registrar": face.registrar,
        "registrar_name": unit_name(face.registrar),
        "name_complete": face.name_digest is None,
        "type_code": face.type_code,
        "type_label": row.label if row else f"类型代码 {face.type_code}",
        "person": face.person,
        "person_title": labels.person,
        "capital": face.capital,
        "capital_title": labels.capital,
        "form": face.form,
        "established": face.established,
        "term_start": face.term_start,
        "term_end": _last_day(claims),
        "many_addresses": face.many_addresses,
        "copy": face.copy,
    }


def _of_site(face: SiteFace) -> dict[str, Any]:
    return {
        "name": face.name,
        "address": face.address,
        "address_title": "经营场所",
        "approved": face.approved,
        "registrar": face.registrar,
        "registrar_name": unit_name(face.registrar),
        "site_name": face.site_name,
        "supervisor": face.supervisor,
        "supervisor_name": unit_name(face.supervisor),
    }


_ITEM_OF = {
    "name": "name", "name_complete": "name", "type_code": "type", "type_label": "type",
    "person": "person", "person_title": "person", "address": "address",
    "address_title": "address", "capital": "capital", "capital_title": "capital",
    "form": "form", "established": "established", "approved": "approved", "term_start": "term",
    "term_end": "term", "registrar": "registrar", "registrar_name": "registrar",
    "many_addresses": "many_addresses", "copy": "copy", "site_name": "site_name",
    "supervisor": "supervisor", "supervisor_name": "supervisor",
}  # fmt: skip


# A partner's grants are few, and each is asked of every face that it sees.
@lru_cache(maxsize=1024)
def _fields_of(items: frozenset[str]) -> tuple[str, ...]:
    return tuple(field for field, item in _ITEM_OF.items() if item in items)


def unit_name(number: int) -> str:
    """The Chinese name of a unit, or its number if this version does not know it; 0: unclear."""
    if number == 0:
        return "辖区未明"
    unit = UNITS.get(number)
    return unit.name if unit else f"单位 {number}"


def _last_day(claims: Claims) -> date | None:
    if claims.expires_at is None:
        return None
    return (claims.expires_at.astimezone(BEIJING) - timedelta(days=1)).date()
