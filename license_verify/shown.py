"""The face as a verdict shows it: narrowed to the purpose, with titles and names of units."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from license_verify.codes.entity_type import EntityKind, find
from license_verify.codes.unit import UNITS
from license_verify.token.claims import BEIJING, Claims
from license_verify.token.face import LicenseFace, SiteFace


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFace:
    """Face items that the purpose may see; the others are None, as are absent ones."""

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
        site = isinstance(face, SiteFace)
        row = None if isinstance(face, SiteFace) else find(face.type_code)
        labels = (row.kind if row else EntityKind.COMPANY).labels
        shown: dict[str, object] = {
            "name": face.name,
            "address": face.address,
            "address_title": "经营场所" if site else labels.address,
            "approved": face.approved,
            "registrar": face.registrar,
            "registrar_name": unit_name(face.registrar),
        }
        if isinstance(face, LicenseFace):
            shown |= {
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
        else:
            shown |= {
                "site_name": face.site_name,
                "supervisor": face.supervisor,
                "supervisor_name": unit_name(face.supervisor),
            }
        narrowed = {key: value for key, value in shown.items() if _ITEM_OF[key] in items}
        fixed = {"uscc": claims.subject[:18], "site": claims.site, "version": face.version}
        return cls(**fixed, **narrowed)  # type: ignore[arg-type] # keys are our own field names


_ITEM_OF = {
    "name": "name", "name_complete": "name", "type_code": "type", "type_label": "type",
    "person": "person", "person_title": "person", "address": "address",
    "address_title": "address", "capital": "capital", "capital_title": "capital",
    "form": "form", "established": "established", "approved": "approved", "term_start": "term",
    "term_end": "term", "registrar": "registrar", "registrar_name": "registrar",
    "many_addresses": "many_addresses", "copy": "copy", "site_name": "site_name",
    "supervisor": "supervisor", "supervisor_name": "supervisor",
}  # fmt: skip


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
