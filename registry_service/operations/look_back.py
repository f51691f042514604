"""An entity as it stood at a point of its history."""

from datetime import date, datetime
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.china import china_day
from registry_service.domain.entity import Entity
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.history import Past, Point, Record, as_of
from registry_service.operations.act import Act

_ALL: Final = 2**31 - 1


def look_back(act: Act, entity: Entity, day: date | None, known_at: datetime | None) -> Past:
    """The entity as it stood; arguments and errors as of `point_of`."""
    return as_of(record_of(act, entity), point_of(act, day, known_at))


def point_of(act: Act, day: date | None, known_at: datetime | None) -> Point:
    """The point that is asked about.

    Args:
        act: who looks, and when.
        day: what was in force then; the day of `known_at` where absent.
        known_at: as the register knew it then; now where absent.

    Raises:
        InvalidRequest: it lies in the future.
    """
    known_at = known_at or act.now
    day = day or china_day(known_at)
    faults = [
        FieldViolation(f"as_of.{field}", "lies in the future", "不能查询将来的登记情况")
        for field, late in (("date", day > act.today), ("known_time", known_at > act.now))
        if late
    ]
    if faults:
        raise InvalidRequest(*faults)
    return Point(day, known_at)


def record_of(act: Act, entity: Entity) -> Record:
    """All that the register holds of an entity's history."""
    tx, number = act.tx, entity.number
    return Record(
        entity=entity,
        versions=tx.entities.versions(number, limit=_ALL)[::-1],
        events=tx.events.page(number, limit=_ALL)[::-1],
        codes=tx.entities.corrections(number),
        marks=tx.marks.every(number),
        restrictions=tx.restrictions.every(number),
        dormancies=tx.dormancies.of(number),
        places=tx.premises.filed(number),
    )
