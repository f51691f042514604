"""认领: a unit takes a place over that came from another register."""

from dataclasses import replace

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import PremisesClaimed
from registry_service.domain.premises import Premises
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.issue_site_code import require_filed
from registry_service.operations.record import record
from registry_service.operations.strike_premises import require_premises_etag


def claim_premises(
    act: Act, code: str, premises_no: int, *, etag: str = ""
) -> tuple[Entity, Premises]:
    """Claim a place for the unit that supervises it.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor of the place.
        PremisesUnknown: the entity has no such place.
        PremisesEnded: it is no longer filed.
        PremisesClaimed: it was claimed already, or was handed over.
    """
    require_entitled(act, ActName.CLAIM_PREMISES)
    entity = lock_entity(act, code)
    place = act.tx.premises.find(entity.number, premises_no)
    unit = authorise(act, ActName.CLAIM_PREMISES, unit=place.unit)
    require_premises_etag(place, etag)
    require_filed(place)
    if not place.migrated or place.claimed_at is not None:
        raise PremisesClaimed(
            "the place needs no claim: it was claimed already, or was handed over",
            zh="该经营场所已认领，或已抄告，无需认领",
            premises=premises_no,
        )
    place = act.tx.premises.move(replace(place, claimed_by=act.actor.number, claimed_at=act.now))
    subject = f"premises/{premises_no}"
    return record(act, entity, "premises.claimed", unit=unit, subject=subject), place
