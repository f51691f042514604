"""Notice to hosts: what changes for the units that supervise an entity's places."""

from typing import Final

from registry_service.domain.entity import ITEMS, Entity, Face, changed_items
from registry_service.operations.act import Act
from registry_service.operations.places import filed_places
from registry_service.operations.record import record

_TOLD: Final = ("business_name", "person", "scope")
"""Items of a face whose change every host is told of (domain.md §6)."""


def told_of(before: Face, now: Face) -> str:
    """What hosts are told of a new version, in Chinese; empty if it does not concern them."""
    items = [ITEMS[item] for item in changed_items(before, now) if item in _TOLD]
    return f"登记事项变化：{'、'.join(items)}" if items else ""


def tell_hosts(act: Act, entity: Entity, what: str, *, unit: int | None) -> Entity:
    """Leave a notice at each hand-over of a filed place, in the feed of the unit that has it.

    Args:
        act: who and when; the entity is locked.
        entity: at its newest revision.
        what: happened, in Chinese; nothing is done where it is empty.
        unit: for which the actor acts.

    Returns:
        The entity at its newest revision.
    """
    if not what:
        return entity
    home = supervises(entity)
    for place in filed_places(act.tx, entity.number):
        handover = act.tx.handovers.of_place(entity.number, place.number)
        if handover is not None and act.units.administering(handover.to_unit) != home:
            subject = f"handovers/{handover.number}"
            entity = record(act, entity, "host.notified", unit=unit, subject=subject, basis=what)
    return entity


def supervises(entity: Entity) -> int | None:
    """The unit that supervises at the domicile; places of other units are handed over."""
    return entity.face.address.unit or entity.registrar
