"""What the public may know of an entity (企业信息公示暂行条例), now or as it stood."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from registry_service.domain.entity import Entity, EntityVersion, changed_items
from registry_service.domain.history import Past, PlaceThen, as_of, order, places_then
from registry_service.domain.premises import Premises
from registry_service.operations.act import Act
from registry_service.operations.look_back import point_of, record_of
from registry_service.operations.places import filed_places


@dataclass(frozen=True, slots=True)
class VersionChange:
    """Which items of the face a version changed; never their values."""

    version: int
    items: tuple[str, ...]
    effective_date: date
    recorded_at: datetime
    """Of the act that made the version, as in its event."""


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """An entity with its filed places and the changes of its face."""

    entity: Entity
    premises: tuple[Premises, ...]
    """Live or suspended, by number."""
    changes: tuple[VersionChange, ...]
    """Newest first."""
    read_at: datetime


@dataclass(frozen=True, slots=True)
class PastRecord:
    """An entity as it stood, with the places that it had filed then."""

    entity: Entity
    """As it stands now."""
    past: Past
    premises: tuple[PlaceThen, ...]
    """By number; none where the record can't tell."""
    read_at: datetime


def public_record(act: Act, entity: Entity) -> PublicRecord:
    """The record of an entity that is looked at."""
    versions = act.tx.entities.versions(entity.number)
    return PublicRecord(entity, filed_places(act.tx, entity.number), changes(versions), act.now)


def public_past(
    act: Act, entity: Entity, day: date | None, known_at: datetime | None
) -> PastRecord:
    """The record of an entity at a point; arguments and errors as of `point_of`."""
    point, record = point_of(act, day, known_at), record_of(act, entity)
    past = as_of(record, point)
    places: tuple[PlaceThen, ...] = ()
    if past.state is not None:
        places = places_then(record, act.tx.premises.versions(entity.number), point)
    return PastRecord(entity, past, places, act.now)


def changes(versions: list[EntityVersion]) -> tuple[VersionChange, ...]:
    """What each version changed against the one whose place it took; last in force first."""
    return tuple(
        VersionChange(
            newer.version,
            changed_items(older.face, newer.face),
            newer.effective_date,
            newer.recorded_at,
        )
        for newer, older in pairwise(sorted(versions, key=order, reverse=True))
    )
