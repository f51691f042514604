"""What a rule of review looks at: one case, whole, with nothing left to fetch."""

from dataclasses import dataclass
from datetime import date

from registry_service.domain.entity import Entity
from registry_service.domain.mark import Mark, MarkKind
from registry_service.domain.person_bar import PersonBar
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
    marks: tuple[Mark, ...] = ()
    """The regulator's listings of the entity."""
    bars: tuple[PersonBar, ...] = ()
    """Bars of persons who bear the applicant's or the entity's person's name."""
    others_at_place: int = 0
    """Other entities at the address; counted no further than the policy's limit."""
    struck_there: date | None = None
    """The last day on which premises at the address were struck, of any entity."""
    adds: bool = True
    """Whether it is a new place; a change of a filed one adds none."""

    def listed(self, kind: MarkKind) -> bool:
        """Whether the entity stands on that list today."""
        return any(mark.kind is kind and mark.stands_on(self.today) for mark in self.marks)

    @property
    def crosses_units(self) -> bool:
        """Whether the place lies under another unit than the entity's domicile."""
        home = self.entity.face.address.unit or self.entity.registrar
        return self.site.address.unit != home
