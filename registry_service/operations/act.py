"""One act: who, when, and the transaction it is done in."""

from dataclasses import dataclass
from datetime import date, datetime

from registry_service.domain.china import china_day
from registry_service.domain.entity import Entity
from registry_service.domain.errors import EtagMismatch
from registry_service.domain.review.policy import ReviewPolicy, narrowed
from registry_service.domain.staff import Actor
from registry_service.domain.unit import UnitTree
from registry_service.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Act:
    """What every operation gets."""

    tx: Transaction
    actor: Actor
    now: datetime
    """Aware, UTC."""
    default_policy: ReviewPolicy
    """Holds until the city confirms one of its own."""

    second: Actor | None = None
    """Who confirmed it, where it needed a second person."""

    @property
    def units(self) -> UnitTree:
        """The unit tree; read when the act first asks for it."""
        return self.tx.units.known

    @property
    def today(self) -> date:
        """The business date in China."""
        return china_day(self.now)

    def policy_for(self, unit: int | None, day: date | None = None) -> ReviewPolicy:
        """The review policy in force in a unit: the city's, narrowed by those below it.

        Args:
            unit: home unit; None, where that is unclear, gets the city's.
            day: today where absent.
        """
        chain = self.units.chain(unit if unit is not None else self.units.city)
        found = self.tx.policies.in_force(chain, day or self.today)
        policy = found.get(chain[0], self.default_policy)
        for below in chain[1:]:
            if below in found:
                policy = narrowed(policy, found[below])
        return policy


def lock_entity(act: Act, code: str) -> Entity:
    """The entity with that code, locked: this act is the only one on it.

    Raises:
        EntityUnknown: none has or had the code.
    """
    return act.tx.entities.find(code, for_update=True)


def require_etag(entity: Entity, etag: str) -> None:
    """Stop if the caller saw another revision; an empty etag asks for no check.

    Raises:
        EtagMismatch: it changed since it was read.
    """
    if etag and etag != entity_etag(entity):
        raise EtagMismatch(
            "the entity changed since it was read; read it again",
            zh="该主体在您读取后又有登记、备案或抄告办理，请重新读取后再办理",
            code=entity.uscc,
        )


def entity_etag(entity: Entity) -> str:
    """The etag of an entity at its revision."""
    return f"e{entity.revision}"
