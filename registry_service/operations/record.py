"""Telling: every change of state leaves its event, in the same transaction."""

from datetime import date

from registry_service.domain.entity import Entity
from registry_service.domain.event import Event
from registry_service.operations.act import Act
from registry_service.operations.outdate_statement import outdate_statement
from registry_service.operations.settle_items import settle_items


def record(
    act: Act,
    entity: Entity,
    kind: str,
    *,
    unit: int | None,
    subject: str = "",
    basis: str = "",
    effective_date: date | None = None,
    reverses: Event | None = None,
) -> Entity:
    """Save the entity at its next revision together with the event that made it.

    Args:
        act: who and when.
        entity: as it shall be, at the revision it was read at.
        kind: what happened, as `entity.changed`.
        unit: the unit for which the actor acted.
        subject: resource name below the entity, as `premises/2`; empty for the entity itself.
        basis: legal ground or document number.
        effective_date: today where absent.
        reverses: the event that this one takes back.

    Returns:
        The entity at its new revision.

    Raises:
        EtagMismatch: another writer was first.
    """
    saved = act.tx.entities.save(entity, act.now)
    act.tx.events.add(
        Event(
            entity_no=saved.number,
            revision=saved.revision,
            kind=kind,
            subject=subject,
            state_after=saved.state,
            actor=act.actor.number,
            actor_name=act.actor.person_name,
            actor_unit=unit,
            workload=act.actor.workload,
            basis=basis,
            effective_date=effective_date or act.today,
            recorded_at=act.now,
            reverses_revision=reverses.revision if reverses else None,
            second_actor=act.second.number if act.second else "",
            second_actor_name=act.second.person_name if act.second else "",
        )
    )
    outdate_statement(act.tx, saved)
    settle_items(act, saved)
    return saved
