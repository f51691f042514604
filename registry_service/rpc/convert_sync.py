"""What is to be decided between a source and the register, on the wire."""

from datetime import date
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.address import Address
from registry_service.domain.capital import Capital
from registry_service.domain.entity import Entity, Face, changed_items
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.sync import Decision, Fact, ItemKind, ItemState, SyncItem, bare
from registry_service.rpc import names
from registry_service.rpc.convert_values import date_to_pb, time_to_pb
from yizhao.registry.v1 import import_run_pb2 as pb

_STATES: Final = {
    pb.SYNC_ITEM_STATE_UNSPECIFIED: ItemState.OPEN,
    pb.SYNC_ITEM_STATE_OPEN: ItemState.OPEN,
    pb.SYNC_ITEM_STATE_TAKEN: ItemState.TAKEN,
    pb.SYNC_ITEM_STATE_KEPT: ItemState.KEPT,
    pb.SYNC_ITEM_STATE_LAPSED: ItemState.LAPSED,
}
_DECISIONS: Final = {
    pb.SYNC_DECISION_TAKE_SOURCE: Decision.TAKE_SOURCE,
    pb.SYNC_DECISION_KEEP_OURS: Decision.KEEP_OURS,
}


def state_from_pb(state: "pb.SyncItemState.ValueType") -> ItemState:
    """Which items are asked for; open ones where nothing is said.

    Raises:
        InvalidRequest: there is no such state.
    """
    if state not in _STATES:
        raise InvalidRequest(FieldViolation("state", "is unknown", "没有该状态"))
    return _STATES[state]


def decision_from_pb(decision: "pb.SyncDecision.ValueType") -> Decision:
    """How an item is decided.

    Raises:
        InvalidRequest: it does not say.
    """
    if decision not in _DECISIONS:
        raise InvalidRequest(
            FieldViolation("decision", "must be taken", "请选择采用来源数据或保留本地登记")
        )
    return _DECISIONS[decision]


def item_to_pb(item: SyncItem, entity: Entity, fact: Fact | None) -> pb.SyncItem:
    """An item, with what it is about."""
    return pb.SyncItem(
        name=f"entities/{entity.uscc}/syncItems/{item.number}",
        kind=pb.SyncItemKind.Value(f"SYNC_ITEM_KIND_{item.kind.upper()}"),
        state=pb.SyncItemState.Value(f"SYNC_ITEM_STATE_{item.state.upper()}"),
        business_name=entity.face.business_name,
        unit=names.unit_name(entity.registrar),
        source=item.source,
        record_id=fact.record_id if fact else "",
        approved_date=date_to_pb(fact.approved_date) if fact else None,
        source_date=date_to_pb(item.source_date),
        import_run=f"importRuns/{item.run}",
        differences=_differences(item, entity, fact),
        create_time=time_to_pb(item.created_at),
        decided_by=names.staff_name(item.decided_by),
        decide_time=time_to_pb(item.decided_at) if item.decided_at else None,
        reason=item.reason,
    )


def _differences(item: SyncItem, entity: Entity, fact: Fact | None) -> list[pb.SyncDifference]:
    if fact is None:
        return [pb.SyncDifference(field="state", ours=entity.state.zh)]
    if item.kind is ItemKind.STATE:
        return [pb.SyncDifference(field="state", ours=entity.state.zh, theirs=fact.state.zh)]
    ours, theirs = bare(entity.face), bare(fact.face)
    told = [
        pb.SyncDifference(field=name, ours=_text(ours, name), theirs=_text(theirs, name))
        for name in changed_items(ours, theirs)
    ]
    if fact.registrar_told and fact.registrar != entity.registrar:
        home, there = names.unit_name(entity.registrar), names.unit_name(fact.registrar)
        told.append(pb.SyncDifference(field="registrar", ours=home, theirs=there))
    return told


def _text(face: Face, name: str) -> str:
    value: str | int | date | Address | Capital | None = getattr(face, name)
    match value:
        case None:
            return ""
        case Address() | Capital():
            return value.text
        case date():
            return value.isoformat()
    return str(value)
