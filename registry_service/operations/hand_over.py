"""Handing premises to the unit that supervises them 抄告, and what a change of that unit brings."""

from dataclasses import replace

from registry_service.domain.entity import COUNTER, Entity
from registry_service.domain.handover import ANSWER_DAYS
from registry_service.domain.premises import Premises
from registry_service.domain.working_days import due
from registry_service.operations.act import Act
from registry_service.operations.record import record
from registry_service.operations.renew_site_code import renew_site_code


def hand_over(act: Act, entity: Entity, filing_no: int, premises_no: int, host: int) -> int:
    """Hand premises to a host unit; the number of the hand-over, PENDING, with its day.

    The caller keeps the number with the filing and records the event (invariant 4).
    """
    if entity.registrar is None:  # nobody may act on such an entity
        raise AssertionError("an entity without a home hands nothing over")
    deadline = due(act.today, ANSWER_DAYS)
    return act.tx.handovers.add(
        entity.number, filing_no, premises_no, entity.registrar, host, act.now, deadline
    )


def put_under(
    act: Act, entity: Entity, premises_no: int, host: int, *, unit: int, basis: str
) -> Entity:
    """Put a place under the unit that supervises it: a new version of its data, a new site code.

    Nothing changes where that unit has it already, or a station of that unit.

    Args:
        act: who and when; the entity is locked.
        entity: at its newest revision.
        premises_no: the place.
        host: the unit or station that has it now.
        unit: for which the actor acts.
        basis: why, as the event tells it.

    Returns:
        The entity at its newest revision.
    """
    place = act.tx.premises.find(entity.number, premises_no)
    administering = act.units.administering(host)
    if place.unit == administering:
        return entity
    moved = act.tx.premises.add_version(_under(place, administering), act.now, act.today)
    subject = f"premises/{place.number}"
    entity = record(act, entity, "premises.unit_changed", unit=unit, subject=subject, basis=basis)
    return renew_site_code(act, entity, moved, unit)


def _under(place: Premises, unit: int) -> Premises:
    address = replace(place.site.address, unit=unit)
    return replace(place, unit=unit, site=replace(place.site, address=address), source=COUNTER)
