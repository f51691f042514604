"""What a rule of review looks at: one case, whole, with nothing left to fetch."""

from dataclasses import dataclass
from datetime import date

from registry_service.domain.entity import Entity
from registry_service.domain.premises import Document, Site
from registry_service.domain.review.policy import ReviewPolicy
from registry_service.domain.unit import UnitTree


@dataclass(frozen=True, slots=True)
class Case:
    """A place that an entity wants to file."""

    entity: Entity
    site: Site
    documents: tuple[Document, ...]
    own_addresses: frozenset[str]
    """Normalised addresses of the domicile and of the entity's live premises."""
    units: UnitTree
    policy: ReviewPolicy
    today: date
