"""Faces of an invented city's licences and site codes, as the register would sign them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Final

from clients.sample.filed import places_of
from clients.sample.long import lengthen, long_address
from clients.sample.rows import Row, business, city
from license_verify.codes.unit import UNITS
from license_verify.limits import ADDRESS_CHARACTERS
from license_verify.token import cose
from license_verify.token.claims import Claims
from license_verify.token.face import LicenseFace, SiteFace
from license_verify.token.scan import ScanText
from registry_service.domain.entity import COUNTER, Entity, EntityState, EntityVersion
from registry_service.domain.import_premises_row import read_premises_row
from registry_service.domain.import_row import ImportedRow, read_row
from registry_service.domain.premises import Premises, PremisesState
from registry_service.issuing.face import license_face, site_face
from registry_service.issuing.intent import Intent, license_claims, site_claims, token_of

HOST: Final = "zz.jining.example"
KID: Final = bytes(range(8))
_SOURCE: Final = "sample"
_TODAY: Final = date(2026, 1, 5)
_NOW: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)
_LONG_SHARE: Final = 0.02
_CHAIN_SHARE: Final = 0.1
_ENTRIES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Invented:
    """What would be signed, and the whole face that it was shortened from."""

    claims: Claims
    face: LicenseFace | SiteFace
    scope: str
    """Text of the scope; the face has its digest alone."""

    def scan(self) -> ScanText:
        """The scan text under a signature that no key made: the same one each time."""
        return ScanText.of(HOST, token_of(Intent.of(self.claims, KID).to_be_signed, _sign))


def licences(count: int, seed: int) -> Iterator[Invented]:
    """Licences of that many businesses, two in a hundred with a long name or address."""
    for number, (entity, random) in enumerate(_entities(seed)):
        if number == count:
            return
        entry = (random.randrange(3), random.randrange(_ENTRIES))
        claims = license_claims(entity, HOST, entry, _NOW)
        yield Invented(claims, license_face(entity), entity.face.scope)


def sites(count: int, seed: int) -> Iterator[Invented]:
    """Codes of that many filed places, of firms some of which have long names."""
    made = 0
    for entity, random in _entities(seed):
        for premises in _premises(entity, seed, random):
            if made == count:
                return
            made += 1
            entry = (random.randrange(3), random.randrange(_ENTRIES))
            claims = site_claims(entity, premises, HOST, entry, _NOW)
            yield Invented(claims, site_face(entity, premises), premises.site.scope)


def _sign(said: bytes) -> bytes:
    """64 bytes that look like a signature with a low s."""
    return cose.low_s(hashlib.sha256(b"r" + said).digest() + hashlib.sha256(b"s" + said).digest())


def _entities(seed: int) -> Iterator[tuple[Entity, Random]]:
    """Entities without end, from the rows that an import would take."""
    for number, row in enumerate(city(1_000_000, seed)):
        random = Random(f"{seed}/face/{number}")  # noqa: S311 - an invented city, no secret
        long = lengthen(row, random) if random.random() < _LONG_SHARE else row
        entity = _entity(number, long, random)
        if entity is not None:
            yield entity, random


def _entity(number: int, row: Row, random: Random) -> Entity | None:
    read: ImportedRow = read_row(number + 2, row, _SOURCE, _TODAY)
    if read.rejects or read.registrar is None or read.face.kind is None:
        return None  # no licence could be issued for it
    version = random.choice((1, 1, 1, 2, 3, random.randint(4, 40)))
    current = EntityVersion(version, read.face, read.registrar, read.effective_date, _NOW, COUNTER)
    entity = Entity(
        number, read.uscc, EntityState.ACTIVE, read.registrar, version, current, _NOW, _NOW
    )
    return replace(entity, live_premises=int(random.random() < _CHAIN_SHARE))


def _premises(entity: Entity, seed: int, random: Random) -> Iterator[Premises]:
    for site, row in enumerate(places_of(business(entity.number, seed), random), 1):
        if random.random() < _LONG_SHARE:
            row["address"] = long_address(row["address"], ADDRESS_CHARACTERS, random)
        read = read_premises_row(site + 1, row, _SOURCE, _TODAY)
        assert not read.rejects, read.rejects
        scope = entity.face.scope if random.random() < 0.5 else ""
        yield Premises(
            entity_no=entity.number,
            number=site,
            state=PremisesState.LIVE,
            version=1,
            site=replace(read.site, scope=scope),
            unit=read.site.address.unit or next(iter(UNITS)),
            filing_no=1,
            filing_date=read.filing_date,
            revision=1,
            recorded_at=_NOW,
            source=COUNTER,
        )
