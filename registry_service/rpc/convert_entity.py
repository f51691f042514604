"""Entities, faces, versions, events between wire and domain."""

from typing import Any, Final

from google.protobuf import field_mask_pb2

from license_verify import limits
from license_verify.codes.entity_type import EntityKind
from registry_service.domain.application import Visit
from registry_service.domain.entity import Entity, EntityState, EntityVersion, Face
from registry_service.domain.event import Event
from registry_service.domain.reading import Reader
from registry_service.operations.act import entity_etag
from registry_service.rpc.convert_values import (
    address_from_pb,
    address_to_pb,
    date_from_pb,
    date_to_pb,
    source_to_pb,
    time_to_pb,
)
from registry_service.rpc.names import unit_name
from yizhao.registry.v1 import application_pb2, entity_pb2

_KINDS: Final = {
    kind: entity_pb2.EntityKind.Value(f"ENTITY_KIND_{kind.name}") for kind in EntityKind
}
_STATES: Final = {
    state: entity_pb2.EntityState.Value(f"ENTITY_STATE_{state.name}") for state in EntityState
}
_LIMITS: Final = {
    "business_name": limits.NAME_CHARACTERS,
    "person": limits.PERSON_CHARACTERS,
    "scope": limits.SCOPE_CHARACTERS,
    "organization_form": limits.FORM_CHARACTERS,
}
_DATES: Final = ("establish_date", "term_start_date", "term_end_date")
_PATHS: Final = (*_LIMITS, *_DATES, "type_code", "address", "capital")


def face_items(face: entity_pb2.Face, paths: tuple[str, ...], reader: Reader) -> dict[str, Any]:
    """The named items of a face, read; faults are kept in the reader."""
    items: dict[str, Any] = {}
    for path in paths:
        field = f"face.{path}"
        if path in _LIMITS:
            items[path] = reader.text(field, getattr(face, path), _LIMITS[path])
        elif path in _DATES:
            items[path] = date_from_pb(field, getattr(face, path), reader)
        elif path == "type_code":
            items[path] = reader.type_code(field, face.type_code)
        elif path == "capital":
            items[path] = reader.capital(field, face.capital)
        elif path == "address":
            items[path] = address_from_pb(field, face.address, reader)
    return items


def face_from_pb(face: entity_pb2.Face) -> Face:
    """A whole face.

    Raises:
        InvalidRequest: it names every wrong field.
    """
    reader = Reader()
    items = face_items(face, _PATHS, reader)
    reader.finish()
    return Face(**items)


def changes_from_pb(face: entity_pb2.Face, mask: field_mask_pb2.FieldMask) -> dict[str, Any]:
    """Item → new value, for the paths of the mask.

    Raises:
        InvalidRequest: an unknown path, or a wrong value.
    """
    reader = Reader()
    for path in mask.paths:
        if path not in _PATHS:
            reader.fault("update_mask", f"{path} is no item of a face", f"没有登记事项 {path}")
    items = face_items(face, tuple(p for p in mask.paths if p in _PATHS), reader)
    reader.finish()
    return items


def face_to_pb(face: Face) -> entity_pb2.Face:
    """A face on the wire."""
    return entity_pb2.Face(
        business_name=face.business_name,
        type_code=face.type_code,
        person=face.person,
        address=address_to_pb(face.address),
        capital=face.capital.text if face.capital else "",
        establish_date=date_to_pb(face.establish_date),
        scope=face.scope,
        term_start_date=date_to_pb(face.term_start_date),
        term_end_date=date_to_pb(face.term_end_date),
        organization_form=face.organization_form,
    )


def entity_name(uscc: str) -> str:
    """`entities/{uscc}`."""
    return f"entities/{uscc}"


def entity_kind_to_pb(kind: EntityKind | None) -> entity_pb2.EntityKind.ValueType:
    """A kind on the wire."""
    return _KINDS[kind] if kind else entity_pb2.ENTITY_KIND_UNSPECIFIED


def entity_state_to_pb(state: EntityState) -> entity_pb2.EntityState.ValueType:
    """A state on the wire."""
    return _STATES[state]


def entity_to_pb(entity: Entity, asked: str = "") -> entity_pb2.Entity:
    """An entity on the wire; `asked` is the code it was asked by."""
    return entity_pb2.Entity(
        name=entity_name(entity.uscc),
        uscc=entity.uscc,
        former_codes=entity.former_codes,
        found_by_former_code=bool(asked) and asked != entity.uscc,
        kind=entity_kind_to_pb(entity.face.kind),
        state=_STATES[entity.state],
        face=face_to_pb(entity.face),
        registrar=unit_name(entity.registrar),
        version=entity.current.version,
        multi_address=entity.live_premises > 0,
        source=source_to_pb(entity.current.source),
        etag=entity_etag(entity),
        create_time=time_to_pb(entity.created_at),
        update_time=time_to_pb(entity.updated_at),
    )


def version_to_pb(version: EntityVersion) -> entity_pb2.EntityVersion:
    """A version on the wire."""
    return entity_pb2.EntityVersion(
        version=version.version,
        face=face_to_pb(version.face),
        registrar=unit_name(version.registrar),
        effective_date=date_to_pb(version.effective_date),
        record_time=time_to_pb(version.recorded_at),
        source=source_to_pb(version.source),
        corrects_version=version.corrects_version or 0,
    )


def event_to_pb(event: Event, uscc: str) -> entity_pb2.Event:
    """An event on the wire."""
    subject = f"{entity_name(uscc)}/{event.subject}" if event.subject else entity_name(uscc)
    return entity_pb2.Event(
        revision=event.revision,
        feed_number=event.feed_no or 0,
        kind=event.kind,
        subject=subject,
        actor=f"staff/{event.actor}" if event.actor else "",
        actor_name=event.actor_name,
        actor_unit=unit_name(event.actor_unit),
        workload=event.workload,
        basis=event.basis,
        reverses_revision=event.reverses_revision or 0,
        effective_date=date_to_pb(event.effective_date),
        record_time=time_to_pb(event.recorded_at),
        second_actor=f"staff/{event.second_actor}" if event.second_actor else "",
        second_actor_name=event.second_actor_name,
    )


def visit_from_pb(details: application_pb2.ApplicationDetails) -> Visit:
    """Who came.

    Raises:
        InvalidRequest: no applicant, or no word of how they were identified.
    """
    reader = Reader()
    field = "application.applicant"
    applicant = reader.text(field, details.applicant, limits.PERSON_CHARACTERS, required=True)
    agent = reader.text("application.agent", details.agent, limits.PERSON_CHARACTERS)
    check = _chosen(application_pb2.IdentityCheck, details.identity_check)
    channel = _chosen(application_pb2.Channel, details.channel)
    if not check:
        reader.fault("application.identity_check", "is required", "请填写身份核验方式")
    if not channel:
        reader.fault("application.channel", "is required", "请填写申请渠道")
    reader.finish()
    return Visit(applicant, agent, check, channel)


def _chosen(enum: Any, value: int) -> str:
    """The value's name without its prefix, in lower case; empty for unspecified or unknown."""
    if value not in enum.values() or value == 0:
        return ""
    prefix = enum.Name(0).removesuffix("UNSPECIFIED")
    return str(enum.Name(value)).removeprefix(prefix).lower()
