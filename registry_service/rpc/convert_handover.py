"""Hand-overs, inspections, flags between wire and domain."""

from collections.abc import Iterable
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.premises import Handover, HandoverState
from registry_service.domain.reading import Reader
from registry_service.domain.supervision import Flag, Inspection, InspectionResult
from registry_service.operations.handover_step import handover_etag
from registry_service.operations.report_inspection import Report
from registry_service.rpc.convert_entity import entity_name
from registry_service.rpc.convert_premises import premises_state_to_pb
from registry_service.rpc.convert_values import date_from_pb, date_to_pb, time_to_pb
from registry_service.rpc.names import staff_name, unit_name
from yizhao.registry.v1 import premises_pb2 as pb

_STATES: Final = {s: pb.HandoverState.Value(f"HANDOVER_STATE_{s.name}") for s in HandoverState}
_RESULTS: Final = {
    r: pb.InspectionResult.Value(f"INSPECTION_RESULT_{r.name}") for r in InspectionResult
}
_INSPECTORS: Final = 2


def state_from_pb(state: pb.HandoverState.ValueType) -> HandoverState | None:
    """The state asked for; None for any.

    Raises:
        InvalidRequest: a number that names no state.
    """
    if state == pb.HANDOVER_STATE_UNSPECIFIED:
        return None
    for ours, theirs in _STATES.items():
        if theirs == state:
            return ours
    raise InvalidRequest(FieldViolation("state", "is no state", "抄告状态有误"))


def is_home(side: pb.HandoverSide.ValueType) -> bool:
    """Whether the home unit's list is asked for, not the host's inbox.

    Raises:
        InvalidRequest: a number that names no side.
    """
    if side not in pb.HandoverSide.values():
        raise InvalidRequest(FieldViolation("side", "is no side", "抄告方向有误"))
    return side == pb.HANDOVER_SIDE_HOME


def report_from_pb(inspection: pb.Inspection) -> Report:
    """An inspection as it is reported; the act checks what it says.

    Raises:
        InvalidRequest: a partial date, an unknown result, or a crowd of inspectors.
    """
    reader = Reader()
    field = "inspection.inspection_date"
    day = date_from_pb(field, inspection.inspection_date, reader)
    result = next((ours for ours, theirs in _RESULTS.items() if theirs == inspection.result), None)
    if result is None and inspection.result != pb.INSPECTION_RESULT_UNSPECIFIED:
        reader.fault("inspection.result", "is no result", "核查结果有误")
    reader.finish()
    # One more than allowed is enough to refuse them.
    inspectors = tuple(inspection.inspectors[: _INSPECTORS + 1])
    return Report(result, day, inspectors, inspection.report)


def handover_to_pb(handover: Handover, inspections: Iterable[Inspection]) -> pb.Handover:
    """A hand-over on the wire."""
    entity = entity_name(handover.uscc)
    name = f"{entity}/handovers/{handover.number}"
    return pb.Handover(
        name=name,
        business_name=handover.business_name,
        premises=f"{entity}/premises/{handover.premises_no}",
        address=handover.address,
        from_unit=unit_name(handover.from_unit),
        to_unit=unit_name(handover.to_unit),
        state=_STATES[handover.state],
        create_time=time_to_pb(handover.created_at),
        acknowledged_by=staff_name(handover.acknowledged_by),
        acknowledge_time=time_to_pb(handover.acknowledged_at) if handover.acknowledged_at else None,
        etag=handover_etag(handover),
        due_date=date_to_pb(handover.due_date),
        due_date_provisional=handover.due_provisional,
        reason=handover.reason,
        inspections=[_inspection_to_pb(name, each) for each in inspections],
        earlier_units=[unit_name(unit) for unit in handover.earlier_units],
        premises_state=premises_state_to_pb(handover.premises_state),
    )


def _inspection_to_pb(handover: str, inspection: Inspection) -> pb.Inspection:
    return pb.Inspection(
        name=f"{handover}/inspections/{inspection.number}",
        result=_RESULTS[inspection.result],
        inspection_date=date_to_pb(inspection.inspection_date),
        inspectors=inspection.inspectors,
        report=inspection.report,
        create_time=time_to_pb(inspection.created_at),
    )


def flag_to_pb(flag: Flag) -> pb.Flag:
    """A flag on the wire."""
    return pb.Flag(
        name=f"{entity_name(flag.uscc)}/premises/{flag.premises_no}/flags/{flag.number}",
        finding=flag.finding,
        flagged_by=staff_name(flag.flagged_by),
        create_time=time_to_pb(flag.created_at),
        due_date=date_to_pb(flag.due_date),
        due_date_provisional=flag.due_provisional,
        answer=flag.answer,
        answered_by=staff_name(flag.answered_by),
        answer_time=time_to_pb(flag.answered_at) if flag.answered_at else None,
        business_name=flag.business_name,
        address=flag.address,
        unit=unit_name(flag.unit),
    )
