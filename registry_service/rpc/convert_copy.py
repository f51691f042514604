"""Printed copies between wire and domain."""

from typing import Final

from license_verify.refusal import FieldViolation
from license_verify.token.claims import status_uri
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.printed_copy import CopyKind, CopyState, PrintedCopy
from registry_service.rpc import names
from registry_service.rpc.convert_entity import entity_name
from registry_service.rpc.convert_license import license_state_to_pb, scan_text
from registry_service.rpc.convert_values import date_to_pb, time_to_pb
from yizhao.registry.v1 import license_pb2 as pb

_KINDS: Final = {kind: pb.CopyKind.Value(f"COPY_KIND_{kind.name}") for kind in CopyKind}
_STATES: Final = {state: pb.CopyState.Value(f"COPY_STATE_{state.name}") for state in CopyState}


def copy_kind_from_pb(value: pb.CopyKind.ValueType) -> CopyKind:
    """正本 or 副本.

    Raises:
        InvalidRequest: neither.
    """
    for ours, theirs in _KINDS.items():
        if theirs == value:
            return ours
    raise InvalidRequest(
        FieldViolation("kind", "is neither ORIGINAL nor DUPLICATE", "请选择正本或副本")
    )


def copy_to_pb(copy: PrintedCopy, uscc: str) -> pb.LicenseCopy:
    """A printed copy on the wire."""
    told = pb.LicenseCopy(
        name=f"{entity_name(uscc)}/copies/{copy.number}",
        kind=_KINDS[copy.kind],
        duplicate=copy.duplicate,
        state=_STATES[copy.state],
        license_number=copy.license_number,
        document_id=copy.document_id,
        printed_date=date_to_pb(copy.printed_date),
        create_time=time_to_pb(copy.recorded_at),
        printed_by=names.staff_name(copy.printed_by),
        collected_by=copy.collected_by,
        collect_date=date_to_pb(copy.collected_date),
        end_time=time_to_pb(copy.ended_at) if copy.ended_at else None,
        end_basis=copy.ended_basis,
    )
    document = copy.document
    if document is not None:
        told.license = f"{entity_name(uscc)}/licenses/{document.copy_of}"
        told.token_state = license_state_to_pb(document.state)
        told.scan_text = scan_text(document)
        told.token_id, told.kid = document.token_id, document.kid
        told.status_uri = status_uri(document.scan_host, document.list_no)
        told.status_index = document.index
        if document.issued_at:
            told.issue_time.CopyFrom(time_to_pb(document.issued_at))
    return told
