"""Points of history, what was then, and differences between versions on the wire."""

from datetime import date, datetime
from typing import Any, Final

from license_verify.codes.entity_type import find
from registry_service.domain.capital import Capital
from registry_service.domain.entity import Entity, EntityVersion
from registry_service.domain.history import (
    Difference,
    Knowledge,
    Past,
    Point,
    before,
    differences,
)
from registry_service.domain.reading import Reader
from registry_service.domain.unit import UnitTree
from registry_service.rpc.convert_entity import (
    entity_kind_to_pb,
    entity_name,
    entity_state_to_pb,
    face_to_pb,
    version_to_pb,
)
from registry_service.rpc.convert_standing import mark_to_pb, restriction_to_pb
from registry_service.rpc.convert_values import (
    date_from_pb,
    date_to_pb,
    source_to_pb,
    time_from_pb,
    time_to_pb,
)
from registry_service.rpc.names import unit_name
from yizhao.registry.v1 import entity_pb2, history_pb2

KNOWLEDGE: Final = {
    known: history_pb2.Knowledge.Value(f"KNOWLEDGE_{known.name}") for known in Knowledge
}
_UNITS: Final = frozenset({"registrar", "address.county", "address.unit"})


def past_to_pb(entity: Entity, past: Past, asked: str) -> entity_pb2.Entity:
    """An entity as it stood; `asked` is the code it was asked by."""
    answer = entity_pb2.Entity(
        name=entity_name(entity.uscc),
        found_by_former_code=asked != entity.uscc,
        knowledge=KNOWLEDGE[past.knowledge],
        not_known=past.not_known,
        as_of=point_to_pb(past.point),
    )
    if past.version is not None:
        answer.MergeFrom(_stood_to_pb(entity, past, past.version))
    return answer


def _stood_to_pb(entity: Entity, past: Past, version: EntityVersion) -> entity_pb2.Entity:
    return entity_pb2.Entity(
        uscc=past.uscc,
        former_codes=past.former_codes,
        kind=entity_kind_to_pb(version.face.kind),
        state=entity_state_to_pb(past.state) if past.state else entity_pb2.ENTITY_STATE_UNSPECIFIED,
        face=face_to_pb(version.face),
        registrar=unit_name(version.registrar),
        version=version.version,
        multi_address=past.multi_address,
        source=source_to_pb(version.source),
        create_time=time_to_pb(entity.created_at),
        marks=[mark_to_pb(mark, entity.uscc) for mark in past.marks],
        restrictions=[restriction_to_pb(hold, entity.uscc) for hold in past.restrictions],
        dormant_until_date=date_to_pb(past.dormant_until),
    )


def point_from_pb(asked: history_pb2.AsOf) -> tuple[date | None, datetime | None]:
    """Day and time of a point, each None where it is absent."""
    reader = Reader()
    day = date_from_pb("as_of.date", asked.date, reader)
    reader.finish()
    return day, time_from_pb("as_of.known_time", asked.known_time)


def point_to_pb(point: Point) -> history_pb2.AsOf:
    """A point, both axes."""
    return history_pb2.AsOf(date=date_to_pb(point.day), known_time=time_to_pb(point.known_at))


def compared_to_pb(
    version: EntityVersion, versions: list[EntityVersion], units: UnitTree
) -> entity_pb2.EntityVersion:
    """A version with what it changed; `versions` are all of the entity's."""
    answer = version_to_pb(version)
    earlier = before(versions, version)
    if earlier is not None:
        answer.compared_version = earlier.version
        answer.changes.extend(_change_to_pb(d, units) for d in differences(earlier, version))
    return answer


def _change_to_pb(difference: Difference, units: UnitTree) -> history_pb2.ItemChange:
    return history_pb2.ItemChange(
        path=difference.path,
        title=difference.title,
        before=_text(difference.path, difference.before, units),
        after=_text(difference.path, difference.after, units),
    )


def _text(path: str, value: Any, units: UnitTree) -> str:
    """An item as people read it; empty where there is nothing."""
    match value:
        case None | "":
            return ""
        case int() if path in _UNITS:
            return units.title(value)
        case int() if path == "type_code":
            row = find(value)
            return f"{value:04} {row.label}" if row else f"{value:04}" if value else ""
        case date():
            return value.isoformat()
        case Capital():
            return value.text
    return str(value)
