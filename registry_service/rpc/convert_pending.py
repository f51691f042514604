"""Acts that wait for a second person, on the wire."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from registry_service.domain.pending_act import PendingAct, PendingState
from registry_service.rpc.convert_values import time_to_pb
from yizhao.registry.v1 import entity_pb2

_STATES: Final = {
    state: entity_pb2.PendingActState.Value(f"PENDING_ACT_STATE_{state.name}")
    for state in PendingState
}


def pending_act_to_pb(pending: PendingAct, now: datetime) -> entity_pb2.PendingAct:
    """An act that waits or waited, as it stands at that moment."""
    return entity_pb2.PendingAct(
        name=f"entities/{pending.uscc}/pendingActs/{pending.number}",
        act=pending.command.act,
        summary=pending.summary,
        state=_STATES[pending.state_at(now)],
        asked_by=f"staff/{pending.asked_by}",
        create_time=time_to_pb(pending.asked_at),
        answered_by=f"staff/{pending.answered_by}" if pending.answered_by else "",
        answer_time=time_to_pb(pending.answered_at) if pending.answered_at else None,
        expire_time=time_to_pb(pending.expires_at),
        business_name=pending.business_name,
        reason=pending.reason,
    )


def pending_acts_to_pb(
    acts: Iterable[PendingAct], now: datetime, subject: str = ""
) -> list[entity_pb2.PendingAct]:
    """Those that wait; with a subject, as `premises/2`, only those on it."""
    return [
        pending_act_to_pb(pending, now)
        for pending in acts
        if not subject or pending.command.subject == subject
    ]
