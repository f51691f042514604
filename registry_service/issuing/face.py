"""From the register's facts to the face that a token signs."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final

from license_verify.token.claims import BEIJING, Claims
from license_verify.token.errors import CborTooLarge
from license_verify.token.face import Face, LicenseFace, SiteFace, digest
from registry_service.domain.entity import Entity
from registry_service.domain.errors import FaceIncomplete, UnitUnclear
from registry_service.domain.premises import Premises
from registry_service.issuing.capacity import LARGEST_VERSION, WANTED_VERSION, version_of_payload
from registry_service.issuing.errors import FaceTooLong


def copy_face(entity: Entity, licensed: LicenseFace, copy: int) -> LicenseFace:
    """The face of a printed copy: that of its licence, and which copy it is.

    Args:
        entity: with the version that the licence shows.
        licensed: what the licence says, which may be shortened.
        copy: 0 for the 正本, n for 副本 n.

    Raises:
        FaceIncomplete, UnitUnclear: as for `license_face`.
    """
    return replace(license_face(entity), copy=copy, many_addresses=licensed.many_addresses)


def license_face(entity: Entity) -> LicenseFace:
    """The licence's face of the version in force.

    一照多址 tells whether filed premises exist at the time of issue.

    Raises:
        FaceIncomplete: metadata `items` lists what it must show and lacks.
        UnitUnclear: no registrar to name.
    """
    face, labels = entity.face, entity.face.kind.labels if entity.face.kind else None
    missing = face.missing() + (() if face.address.text else ("address",))
    if missing or labels is None or face.establish_date is None:
        raise FaceIncomplete(
            f"the licence must show {', '.join(missing)}, which the face in force lacks",
            zh="照面事项不全，补正后方可签发",
            items=",".join(missing),
        )
    return LicenseFace(
        version=entity.current.version,
        name=face.business_name or None,
        type_code=face.type_code,
        person=face.person,
        address=face.address.text,
        established=face.establish_date,
        registrar=registrar_of(entity),
        scope_digest=digest(face.scope),
        approved=entity.current.effective_date,
        capital=face.capital.text if face.capital and labels.has_capital else None,
        form=(face.organization_form or None) if labels.has_form else None,
        many_addresses=entity.live_premises > 0,
        term_start=face.term_start_date,
    )


def site_face(entity: Entity, premises: Premises) -> SiteFace:
    """The face of a site's code. It names the firm by code, never by licence version.

    Raises:
        UnitUnclear: no registrar to name.
    """
    site = premises.site
    return SiteFace(
        version=premises.version,
        address=site.address.text,
        registrar=registrar_of(entity),
        approved=_approved(premises),
        supervisor=premises.unit,
        name=entity.face.business_name or None,
        site_name=site.title or None,
        scope_digest=digest(site.scope) if site.scope else None,
    )


def registrar_of(entity: Entity) -> int:
    """The home registrar.

    Raises:
        UnitUnclear: it is not known yet.
    """
    if entity.registrar is None:
        raise UnitUnclear(
            "the entity's registrar is not known yet; assign it by a correction first",
            zh="该主体的登记机关尚不明确，请先更正登记机关",
        )
    return entity.registrar


def _approved(premises: Premises) -> date:
    if premises.version == 1:
        return premises.filing_date
    return premises.recorded_at.astimezone(BEIJING).date()


_SHORTER: Final[tuple[Callable[[Face], Face], ...]] = (
    lambda face: face,
    lambda face: face.with_address_digest(),
    lambda face: face.with_address_digest().with_name_shortened(),
)


def fit(face: Face, claims_of: Callable[[Face], Claims], host: str) -> tuple[Claims, bytes]:
    """Claims that a symbol of version 18 holds: the address by digest if need be, then the name's
    first 40 characters; if that is not enough a larger symbol, up to version 22.

    Returns:
        The claims, and how they are written in the token.

    Raises:
        FaceTooLong: not even version 22 holds it.
        ClaimsRefused: a value that no token may carry.
    """
    for shorter in _SHORTER:
        claims, version = claims_of(shorter(face)), None
        with suppress(CborTooLarge):
            payload = claims.encode()
            version = version_of_payload(len(payload), host)
        if version is not None and version <= WANTED_VERSION:
            return claims, payload
    if version is None or version > LARGEST_VERSION:
        raise FaceTooLong(
            "even shortened, the face does not fit a symbol",
            zh="照面内容过长，无法制成二维码",
            largest=LARGEST_VERSION,
        )
    return claims, payload
