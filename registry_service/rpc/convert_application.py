"""Applications and notices between wire and domain."""

from collections.abc import Iterable
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.application import (
    Application,
    ApplicationState,
    Item,
    Notice,
    Visit,
)
from registry_service.domain.errors import InvalidRequest
from registry_service.rpc.convert_entity import entity_name
from registry_service.rpc.convert_values import date_to_pb, time_to_pb
from registry_service.rpc.names import staff_name, unit_name
from yizhao.registry.v1 import application_pb2 as pb

_STATES: Final = {
    s: pb.ApplicationState.Value(f"APPLICATION_STATE_{s.name}") for s in ApplicationState
}


def application_to_pb(application: Application, items: Iterable[Item] = ()) -> pb.Application:
    """An application on the wire."""
    entity = entity_name(application.uscc)
    return pb.Application(
        name=f"{entity}/applications/{application.receipt_number}",
        receipt_number=application.receipt_number,
        details=_details_to_pb(application.visit),
        unit=unit_name(application.unit),
        taken_by=staff_name(application.taken_by),
        create_time=time_to_pb(application.created_at),
        state=_STATES[application.state],
        items=[_item_to_pb(item, entity) for item in items],
        due_date=date_to_pb(application.due_date),
        due_date_provisional=application.due_provisional,
        assignee=staff_name(application.assignee),
        business_name=application.business_name,
    )


def _details_to_pb(visit: Visit) -> pb.ApplicationDetails:
    return pb.ApplicationDetails(
        applicant=visit.applicant,
        agent=visit.agent,
        identity_check=pb.IdentityCheck.Value(f"IDENTITY_CHECK_{visit.identity_check.upper()}"),
        channel=pb.Channel.Value(f"CHANNEL_{visit.channel.upper()}"),
    )


def _item_to_pb(item: Item, entity: str) -> pb.ApplicationItem:
    return pb.ApplicationItem(
        subject=f"{entity}/{item.subject}" if item.subject else entity,
        act=item.act,
        outcome=item.outcome,
        text=item.text,
    )


def notice_to_pb(notice: Notice, application: Application) -> pb.Notice:
    """A notice on the wire."""
    entity = entity_name(application.uscc)
    return pb.Notice(
        name=f"{entity}/applications/{application.receipt_number}/notices/{notice.number}",
        number=notice.number,
        defects=[
            pb.Defect(
                subject=f"{entity}/filings/{defect.filing_no}",
                rule=defect.rule,
                reason=defect.reason,
                remedy=defect.remedy,
            )
            for defect in notice.defects
        ],
        create_time=time_to_pb(notice.created_at),
        told_by=staff_name(notice.told_by),
    )


def state_from_pb(state: pb.ApplicationState.ValueType) -> ApplicationState | None:
    """The state asked for; None for any.

    Raises:
        InvalidRequest: a number that names no state.
    """
    if state == pb.APPLICATION_STATE_UNSPECIFIED:
        return None
    for ours, theirs in _STATES.items():
        if theirs == state:
            return ours
    raise InvalidRequest(FieldViolation("state", "is no state", "申请状态有误"))
