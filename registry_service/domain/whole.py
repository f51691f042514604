"""An entity with what is kept beside it."""

from dataclasses import dataclass
from datetime import date

from registry_service.domain.entity import Entity
from registry_service.domain.mark import Mark
from registry_service.domain.pending_act import PendingAct
from registry_service.domain.restriction import Restriction


@dataclass(frozen=True, slots=True)
class Whole:
    """An entity as it is answered."""

    entity: Entity
    marks: tuple[Mark, ...]
    """Lists it stands on that day, by number."""
    restrictions: tuple[Restriction, ...]
    """Holds in force that day, by number."""
    pending_acts: tuple[PendingAct, ...]
    """Acts that wait for a second person, oldest first."""
    dormant_until: date | None
    """Last day of 歇业, while it is dormant."""
