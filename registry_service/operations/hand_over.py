"""Handing premises to the unit that supervises them 抄告, and what a change of that unit brings."""

from dataclasses import replace

from registry_service.domain.entity import COUNTER, Entity
from registry_service.domain.handover import ANSWER_DAYS
from registry_service.domain.premises import Premises
from registry_service.domain.working_days import due
from registry_service.operations.act import Act
from registry_service.operations.places import filed_places
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


def hand_over_left_behind(act: Act, entity: Entity, *, unit: int | None, basis: str = "") -> Entity:
    """After the domicile moved: hand over filed places that are across units only now.

    They were filed beside the domicile and never handed over; the unit that registered them there
    becomes their host (domain.md §6). Imported places have no filing and stay as they are.

    Args:
        act: who and when; the entity is locked.
        entity: with the face in force, at its newest revision.
        unit: for which the actor acts.
        basis: of the move, as a receipt number.

    Returns:
        The entity at its newest revision.
    """
    beside = entity.face.address.unit or entity.registrar
    for place in filed_places(act.tx, entity.number):
        if place.unit == beside or place.filing_no is None:
            continue
        if act.tx.handovers.of_place(entity.number, place.number) is not None:
            continue
        number = hand_over(act, entity, place.filing_no, place.number, place.unit)
        act.tx.filings.link_handover(entity.number, place.filing_no, number)
        subject = f"handovers/{number}"
        entity = record(act, entity, "handover.made", unit=unit, subject=subject, basis=basis)
    return entity


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
