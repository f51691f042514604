"""What is stored before it is signed, and the token that comes of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from license_verify import limits
from license_verify.token import cbor, cose
from license_verify.token.claims import Claims, StatusRef, end_of, status_uri
from license_verify.token.face import Face, LicenseFace
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Premises
from registry_service.issuing.face import copy_face, fit, license_face, site_face


@dataclass(frozen=True, slots=True)
class Intent:
    """The bytes that will be signed, and the id that the token will have."""

    to_be_signed: bytes
    """Sig_structure, RFC 9052 §4.4."""
    token_id: bytes

    @classmethod
    def of(cls, claims: Claims, kid: bytes) -> Self:
        """Prepare claims for a key.

        Raises:
            ClaimsRefused: a value that no token may carry.
        """
        return cls.of_payload(claims.encode(), kid)

    @classmethod
    def of_payload(cls, payload: bytes, kid: bytes) -> Self:
        """Prepare claims that are written already."""
        said = cose.sig_structure(cose.protected_header(kid), payload)
        return cls(said, hashlib.sha256(said).digest())


def license_claims(entity: Entity, host: str, entry: tuple[int, int], now: datetime) -> Claims:
    """The claims of a licence of the face in force, short enough for a symbol.

    Args:
        entity: with the version in force.
        host: of scan text and status list.
        entry: list number and index.
        now: iat.

    Raises:
        FaceIncomplete, UnitUnclear, FaceTooLong: by what is wrong with the face.
    """
    return _license(entity, license_face(entity), host, entry, now)[0]


def license_payload(entity: Entity, host: str, entry: tuple[int, int], now: datetime) -> bytes:
    """The claims of `license_claims` as they are written in the token.

    Raises:
        FaceIncomplete, UnitUnclear, FaceTooLong, ClaimsRefused: by what is wrong with the face.
    """
    return _license(entity, license_face(entity), host, entry, now)[1]


def copy_claims(
    entity: Entity,
    licensed: LicenseFace,
    copy: int,
    host: str,
    entry: tuple[int, int],
    now: datetime,
) -> Claims:
    """The claims of a printed copy, short enough for a symbol; as `license_claims`.

    Args:
        entity: with the version that the licence shows.
        licensed: what the licence says.
        copy: 0 for the 正本, n for 副本 n.
        host: of scan text and status list.
        entry: list number and index.
        now: iat.

    Raises:
        FaceIncomplete, UnitUnclear, FaceTooLong: by what is wrong with the face.
    """
    return _license(entity, copy_face(entity, licensed, copy), host, entry, now)[0]


def _license(
    entity: Entity, face: LicenseFace, host: str, entry: tuple[int, int], now: datetime
) -> tuple[Claims, bytes]:
    end = entity.face.term_end_date
    return _claims(entity.uscc, face, host, entry, now, end_of(end) if end else None)


def site_claims(
    entity: Entity, premises: Premises, host: str, entry: tuple[int, int], now: datetime
) -> Claims:
    """The claims of a site's code, short enough for a symbol.

    Raises:
        UnitUnclear, FaceTooLong: by what is wrong with the face.
    """
    subject = f"{entity.uscc}-{premises.number}"
    return _claims(subject, site_face(entity, premises), host, entry, now, None)[0]


def _claims(
    subject: str,
    face: Face,
    host: str,
    entry: tuple[int, int],
    now: datetime,
    expires_at: datetime | None,
) -> tuple[Claims, bytes]:
    list_no, index = entry
    status = StatusRef(index, status_uri(host, list_no))
    second = now - timedelta(microseconds=now.microsecond)
    return fit(face, lambda shorter: Claims(subject, second, expires_at, status, shorter), host)


def split(to_be_signed: bytes, max_bytes: int = limits.TOKEN_BYTES) -> tuple[bytes, bytes]:
    """Protected header and payload of a stored intent.

    Args:
        to_be_signed: Sig_structure.
        max_bytes: most that the document itself may have.

    Raises:
        ValueError: what is stored is no Sig_structure.
    """
    parts = cbor.decode(to_be_signed, max_bytes + 64)
    match parts:
        case ["Signature1", bytes(protected), b"", bytes(payload)]:
            return protected, payload
    raise ValueError("the stored intent is no Sig_structure")


def token_of(to_be_signed: bytes, sign: cose.Sign) -> bytes:
    """Sign a stored intent."""
    protected, payload = split(to_be_signed)
    return cose.assemble(protected, payload, sign(to_be_signed))


def claims_of(to_be_signed: bytes) -> Claims:
    """What a stored intent says."""
    return Claims.decode(split(to_be_signed)[1])
