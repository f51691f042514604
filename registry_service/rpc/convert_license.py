"""Licences, site codes and public records between wire and domain."""

from typing import Final

from license_verify.token.claims import status_uri
from license_verify.token.scan import ScanText
from registry_service.domain.entity import EntityVersion
from registry_service.domain.history import PlaceThen
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.premises import Premises
from registry_service.domain.unit import UnitTree
from registry_service.operations.document_identity import identity_of
from registry_service.operations.intend import name_of
from registry_service.operations.issue_license import is_marked
from registry_service.operations.public_record import PastRecord, PublicRecord
from registry_service.rpc import names
from registry_service.rpc.convert_entity import entity_name, entity_state_to_pb, face_to_pb
from registry_service.rpc.convert_history import KNOWLEDGE, point_to_pb
from registry_service.rpc.convert_premises import premises_state_to_pb
from registry_service.rpc.convert_values import date_to_pb, time_to_pb
from yizhao.registry.v1 import entity_pb2, license_pb2, publication_service_pb2

_STATES: Final = {
    state: license_pb2.LicenseState.Value(f"LICENSE_STATE_{state.name}") for state in LicenseState
}


def versioned(name: str, pattern: str) -> tuple[list[str], int | None]:
    """The parts of a document's name but the last, and its version; None for `-`, the live one.

    Raises:
        InvalidRequest: the name has another shape.
    """
    live = name.endswith("/-")
    *parts, version = names.split(name[:-1] + "1" if live else name, pattern)
    return parts, None if live else int(version)


def scan_text(document: SignedDocument) -> str:
    """What its QR says; empty while there is no token."""
    return str(ScanText.of(document.scan_host, document.token)) if document.token else ""


def license_state_to_pb(state: LicenseState) -> license_pb2.LicenseState.ValueType:
    """Where a document stands, on the wire."""
    return _STATES[state]


def license_to_pb(document: SignedDocument, uscc: str, units: UnitTree) -> license_pb2.License:
    """A licence version on the wire; `units` tells who issued it."""
    identity = identity_of(document, units)
    return license_pb2.License(
        name=f"{entity_name(uscc)}/{name_of(document)}",
        version=document.version,
        state=_STATES[document.state],
        entity_version=document.facts_version,
        scan_text=scan_text(document),
        token_id=document.token_id,
        kid=document.kid,
        status_uri=status_uri(document.scan_host, document.list_no),
        status_index=document.index,
        issue_time=time_to_pb(document.issued_at) if document.issued_at else None,
        license_number=identity.license_number,
        document_id=identity.document_id,
        multi_address=is_marked(document),
    )


def site_code_to_pb(document: SignedDocument, uscc: str) -> license_pb2.SiteCode:
    """A site code on the wire."""
    return license_pb2.SiteCode(
        name=f"{entity_name(uscc)}/{name_of(document)}",
        version=document.version,
        state=_STATES[document.state],
        premises_version=document.facts_version,
        scan_text=scan_text(document),
        token_id=document.token_id,
        kid=document.kid,
        status_uri=status_uri(document.scan_host, document.list_no),
        status_index=document.index,
        issue_time=time_to_pb(document.issued_at) if document.issued_at else None,
    )


def record_to_pb(record: PublicRecord) -> publication_service_pb2.PublicRecord:
    """A public record on the wire."""
    entity = record.entity
    return publication_service_pb2.PublicRecord(
        name=entity_name(entity.uscc),
        uscc=entity.uscc,
        business_name=entity.face.business_name,
        state=entity_state_to_pb(entity.state),
        face=face_to_pb(entity.face),
        registrar=names.unit_name(entity.registrar),
        premises=[_premises_to_pb(premises) for premises in record.premises],
        version=entity.current.version,
        effective_date=date_to_pb(entity.current.effective_date),
        changes=[
            publication_service_pb2.FaceChange(
                version=change.version,
                items=change.items,
                effective_date=date_to_pb(change.effective_date),
                record_time=time_to_pb(change.recorded_at),
            )
            for change in record.changes
        ],
        read_time=time_to_pb(record.read_at),
        former_codes=entity.former_codes,
    )


def past_record_to_pb(record: PastRecord) -> publication_service_pb2.PublicRecord:
    """A public record as it stood at a point; of what is not known nothing is told."""
    past, version = record.past, record.past.version
    answer = publication_service_pb2.PublicRecord(
        name=entity_name(record.entity.uscc),
        read_time=time_to_pb(record.read_at),
        knowledge=KNOWLEDGE[past.knowledge],
        not_known=past.not_known,
        as_of=point_to_pb(past.point),
    )
    if version is not None:
        answer.MergeFrom(_stood_to_pb(record, version))
    return answer


def _stood_to_pb(
    record: PastRecord, version: EntityVersion
) -> publication_service_pb2.PublicRecord:
    state = record.past.state
    return publication_service_pb2.PublicRecord(
        uscc=record.past.uscc,
        business_name=version.face.business_name,
        state=entity_state_to_pb(state) if state else entity_pb2.ENTITY_STATE_UNSPECIFIED,
        face=face_to_pb(version.face),
        registrar=names.unit_name(version.registrar),
        premises=[_place_then_to_pb(place) for place in record.premises],
        version=version.version,
        effective_date=date_to_pb(version.effective_date),
    )


def _place_then_to_pb(place: PlaceThen) -> publication_service_pb2.PublicPremises:
    return publication_service_pb2.PublicPremises(
        number=place.number,
        title=place.site.title,
        address=place.site.address.text,
        unit=names.unit_name(place.site.address.county),
        state=premises_state_to_pb(place.state),
        filing_date=date_to_pb(place.filing_date),
        masked_address=place.site.masked_address,
        version=place.version,
    )


def _premises_to_pb(premises: Premises) -> publication_service_pb2.PublicPremises:
    return publication_service_pb2.PublicPremises(
        number=premises.number,
        title=premises.site.title,
        address=premises.site.address.text,
        unit=names.unit_name(premises.unit),
        state=premises_state_to_pb(premises.state),
        filing_date=date_to_pb(premises.filing_date),
        masked_address=premises.site.masked_address,
        version=premises.version,
    )
