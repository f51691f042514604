"""What a rule of review looks at: one case, whole, with nothing left to fetch."""

from dataclasses import dataclass
from datetime import date

from registry_service.domain.entity import Entity
from registry_service.domain.mark import Mark, MarkKind
from registry_service.domain.person_bar import PersonBar
from registry_service.domain.premises import Building, Document, Site
from registry_service.domain.review.policy import ReviewPolicy
from registry_service.domain.scope import ScopeItem, parse_scope
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
    other_places: int = 0
    """The entity's live premises besides this one."""
    struck_there: date | None = None
    """The last day on which premises at the address were struck, of any entity."""
    adds: bool = True
    """Whether it is a new place; a change of a filed one adds none."""

    def listed(self, kind: MarkKind) -> bool:
        """Whether the entity stands on that list today."""
        return any(mark.kind is kind and mark.stands_on(self.today) for mark in self.marks)

    @property
    def unit(self) -> int | None:
        """The county or zone that administers the place; None while that is unclear."""
        return _county_or_zone(self.units, self.site.address.unit)

    @property
    def crosses_units(self) -> bool:
        """Whether the place lies under another county or zone than the entity's domicile."""
        home = self.entity.face.address.unit or self.entity.registrar
        return self.unit != _county_or_zone(self.units, home)

    @property
    def items(self) -> tuple[ScopeItem, ...]:
        """What is done at the site; where it names nothing, all that the entity may do."""
        return parse_scope(self.site.scope) or self.registered_items

    @property
    def registered_items(self) -> tuple[ScopeItem, ...]:
        """What the entity may do."""
        return parse_scope(self.entity.face.scope)

    @property
    def building(self) -> Building:
        """What the building is, as far as it is known."""
        return self.site.known_building

    def papers(self, kind: str) -> tuple[Document, ...]:
        """Documents of that kind that hold today."""
        return tuple(
            paper
            for paper in self.documents
            if paper.kind == kind
            and (paper.valid_from_date is None or paper.valid_from_date <= self.today)
            and (paper.valid_until_date is None or self.today <= paper.valid_until_date)
        )


def _county_or_zone(units: UnitTree, number: int | None) -> int | None:
    """The unit itself, or the county or zone that a station belongs to."""
    unit = units.get(number) if number is not None else None
    return unit.parent if unit is not None and unit.kind == "station" else number
