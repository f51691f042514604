"""Marks and holds between wire and domain."""

from typing import Final

from registry_service.domain.mark import Mark, MarkKind
from registry_service.domain.reading import Reader
from registry_service.domain.restriction import HeldAct, Restriction
from registry_service.rpc.convert_values import date_to_pb, time_to_pb
from yizhao.registry.v1 import entity_pb2

_MARKS: Final = {kind: entity_pb2.MarkKind.Value(f"MARK_KIND_{kind.name}") for kind in MarkKind}
_MARK_KINDS: Final = {value: kind for kind, value in _MARKS.items()}
_HELD: Final = {held: entity_pb2.HeldAct.Value(f"HELD_ACT_{held.name}") for held in HeldAct}
_HELD_ACTS: Final = {value: held for held, value in _HELD.items()}


def mark_to_pb(mark: Mark, uscc: str) -> entity_pb2.Mark:
    """A mark on the wire."""
    return entity_pb2.Mark(
        name=f"entities/{uscc}/marks/{mark.number}",
        kind=_MARKS[mark.kind],
        basis=mark.basis,
        from_date=date_to_pb(mark.from_date),
        until_date=date_to_pb(mark.until_date),
    )


def mark_kind_to_pb(kind: MarkKind | None) -> "entity_pb2.MarkKind.ValueType":
    """Which list on the wire; unspecified for none."""
    return _MARKS[kind] if kind else entity_pb2.MARK_KIND_UNSPECIFIED


def mark_kind_from_pb(field: str, value: int, reader: Reader) -> MarkKind:
    """Which list; a fault is kept in the reader."""
    kind = _MARK_KINDS.get(entity_pb2.MarkKind.ValueType(value))
    if kind is None:
        reader.fault(field, "is required", "请选择名录")
        return MarkKind.ABNORMAL_OTHER
    return kind


def restriction_to_pb(hold: Restriction, uscc: str) -> entity_pb2.Restriction:
    """A hold on the wire."""
    return entity_pb2.Restriction(
        name=f"entities/{uscc}/restrictions/{hold.number}",
        authority=hold.authority,
        basis=hold.basis,
        held_acts=[_HELD[held] for held in hold.held_acts],
        from_date=date_to_pb(hold.from_date),
        until_date=date_to_pb(hold.until_date),
        lift_time=time_to_pb(hold.lifted_at) if hold.lifted_at else None,
    )


def held_acts_from_pb(field: str, values: list[int], reader: Reader) -> tuple[HeldAct, ...]:
    """What a hold blocks, each once; a fault is kept in the reader."""
    held = [_HELD_ACTS.get(entity_pb2.HeldAct.ValueType(value)) for value in values]
    if None in held:
        reader.fault(field, "names no kind of act", "限制的业务不在可选范围内")
    return tuple(dict.fromkeys(each for each in held if each is not None))
