"""What the public may know of an entity (企业信息公示暂行条例), as the register stands now."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from registry_service.domain.entity import Entity, EntityVersion, changed_items
from registry_service.domain.history import order
from registry_service.domain.premises import Premises
from registry_service.operations.act import Act
from registry_service.operations.places import filed_places


@dataclass(frozen=True, slots=True)
class VersionChange:
    """Which items of the face a version changed; never their values."""

    version: int
    items: tuple[str, ...]
    effective_date: date


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """An entity with its filed places and the changes of its face."""

    entity: Entity
    premises: tuple[Premises, ...]
    """Live or suspended, by number."""
    changes: tuple[VersionChange, ...]
    """Newest first."""
    read_at: datetime


def public_record(act: Act, entity: Entity) -> PublicRecord:
    """The record of an entity that is looked at."""
    versions = act.tx.entities.versions(entity.number)
    return PublicRecord(entity, filed_places(act.tx, entity.number), changes(versions), act.now)


def changes(versions: list[EntityVersion]) -> tuple[VersionChange, ...]:
    """What each version changed against the one whose place it took; last in force first."""
    return tuple(
        VersionChange(newer.version, changed_items(older.face, newer.face), newer.effective_date)
        for newer, older in pairwise(sorted(versions, key=order, reverse=True))
    )
