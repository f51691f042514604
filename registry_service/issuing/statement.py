"""From the register's places to a statement, and what of it is stored before it is signed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from license_verify import limits
from license_verify.statement import TYP, PlaceState, StatedPlace, Statement
from license_verify.token import cose
from license_verify.token.claims import StatusRef, status_uri
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Premises, PremisesState
from registry_service.issuing.face import registrar_of
from registry_service.issuing.intent import split

_STATES: Final = {
    PremisesState.LIVE: PlaceState.LIVE,
    PremisesState.SUSPENDED: PlaceState.SUSPENDED,
}


def stated(places: Iterable[Premises]) -> tuple[StatedPlace, ...]:
    """The filed ones of an entity's places, as a statement lists them; by number, as they come."""
    return tuple(
        StatedPlace(
            number=place.number,
            title=place.site.title or None,
            address=place.site.address.text,
            unit=place.unit,
            filed=place.filing_date,
            state=_STATES[place.state],
        )
        for place in places
        if place.state.filed
    )


def statement_content(
    entity: Entity,
    places: Iterable[Premises],
    version: int,
    host: str,
    entry: tuple[int, int],
    now: datetime,
) -> Statement:
    """What a statement says.

    Args:
        entity: with the version of its face in force.
        places: all that it has, by number.
        version: the statement's own.
        host: of the status list.
        entry: list number and index.
        now: iat.

    Raises:
        UnitUnclear: no registrar to name.
    """
    list_no, index = entry
    return Statement(
        uscc=entity.uscc,
        version=version,
        face_version=entity.current.version,
        registrar=registrar_of(entity),
        issued_at=now.replace(microsecond=0),
        status=StatusRef(index, status_uri(host, list_no)),
        premises=stated(places),
    )


def says_the_register(content: Statement, entity: Entity, places: Iterable[Premises]) -> bool:
    """Whether a statement is what one would say that was issued now."""
    return (
        content.uscc == entity.uscc
        and content.face_version == entity.current.version
        and content.registrar == entity.registrar
        and content.premises == stated(places)
    )


def prepare(content: Statement, kid: bytes) -> bytes:
    """The Sig_structure that a key will sign.

    Raises:
        StatementMalformed, StatementTooLarge: what it says breaks the format.
    """
    return cose.sig_structure(cose.protected_header(kid, TYP), content.payload())


def document_of(to_be_signed: bytes, sign: cose.Sign) -> bytes:
    """Sign a stored intent."""
    protected, payload = split(to_be_signed, limits.STATEMENT_BYTES)
    return cose.assemble(protected, payload, sign(to_be_signed))


def content_of(to_be_signed: bytes) -> Statement:
    """What a stored intent says."""
    return Statement.decode(split(to_be_signed, limits.STATEMENT_BYTES)[1])
