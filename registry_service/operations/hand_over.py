"""Handing premises to the unit that supervises them 抄告, and what a change of that unit brings."""

from dataclasses import replace

from registry_service.domain.entity import COUNTER, Entity
from registry_service.domain.handover import ANSWER_DAYS
from registry_service.domain.premises import Handover, Premises
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


def put_under_taker(act: Act, entity: Entity, taken: Handover, *, unit: int) -> Entity:
    """Put a place under the unit that took it on: a new version of its data, a new site code.

    Nothing changes where that unit has it already, or a station of that unit does; nor where the
    place moved on since it was handed over, by a filing of the firm or by a later hand-over.

    Args:
        act: who and when; the entity is locked.
        entity: at its newest revision.
        taken: by the unit in `to_unit`; `reason` is told with the event.
        unit: for which the actor acts.

    Returns:
        The entity at its newest revision.
    """
    place = act.tx.premises.find(entity.number, taken.premises_no)
    newest = act.tx.handovers.of_place(entity.number, place.number)
    taker = act.units.administering(taken.to_unit)
    way = {act.units.administering(each) for each in taken.earlier_units}
    if place.unit == taker or place.unit not in way or newest is None:
        return entity
    if newest.number != taken.number:
        return entity
    moved = act.tx.premises.add_version(_under(place, taker), act.now, act.today)
    subject = f"premises/{place.number}"
    kind, basis = "premises.unit_changed", taken.reason
    entity = record(act, entity, kind, unit=unit, subject=subject, basis=basis)
    return renew_site_code(act, entity, moved, unit)


def _under(place: Premises, unit: int) -> Premises:
    address = replace(place.site.address, unit=unit)
    return replace(place, unit=unit, site=replace(place.site, address=address), source=COUNTER)
