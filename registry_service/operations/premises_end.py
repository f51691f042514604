"""What follows when a place changes its state: its row, its codes' entries, hand-overs, event."""

from dataclasses import replace
from typing import Final

from registry_service.domain.entity import Entity
from registry_service.domain.event import Event
from registry_service.domain.license import site_status
from registry_service.domain.premises import Premises, PremisesState
from registry_service.operations.act import Act
from registry_service.operations.close_handovers import close_handovers, reopen_handover
from registry_service.operations.places import filed_places
from registry_service.operations.record import record

_KINDS: Final = {
    PremisesState.SUSPENDED: "premises.suspended",
    PremisesState.REMOVED: "premises.removed",
    PremisesState.STRUCK: "premises.struck",
    PremisesState.ENDED: "premises.ended",
}
_BACK: Final = {
    PremisesState.SUSPENDED: "premises.resumed",
    PremisesState.REMOVED: "premises.reinstated",
    PremisesState.STRUCK: "premises.reinstated",
    PremisesState.ENDED: "premises.reinstated",
}
"""What it is called to be live again, by the state before."""


def end_premises(
    act: Act,
    entity: Entity,
    premises: Premises,
    state: PremisesState,
    *,
    unit: int | None,
    basis: str = "",
    reverses: Event | None = None,
) -> Entity:
    """Give a place another state: removed, struck, ended; suspended; or live again.

    The entries of all its codes follow (invariant 6); codes themselves stay as they are, so that
    a place that comes back comes back with its code. Hand-overs that nobody answered close, and the
    newest waits again if the place comes back. Who may do this, and that the address is still free
    for one that comes back (invariant 3), is the caller's to see to.

    Args:
        act: who and when; the entity is locked.
        entity: at its newest revision.
        premises: as read.
        state: the new one.
        unit: for which the actor acts.
        basis: legal ground, or receipt number.
        reverses: the event that this takes back.

    Returns:
        The entity at its newest revision.

    Raises:
        EtagMismatch: another writer was first.
    """
    live_again = state is PremisesState.LIVE
    kind = _BACK[premises.state] if live_again else _KINDS[state]
    ended = None if state.filed else act.today
    act.tx.premises.move(replace(premises, state=state, ended_date=ended))
    for document in act.tx.licenses.of_place(entity.number, premises.number):
        own = site_status(document.state, state)
        act.tx.status_entries.set_own(entity.number, document.list_no, document.index, own)
    subject = f"premises/{premises.number}"
    entity = record(act, entity, kind, unit=unit, subject=subject, basis=basis, reverses=reverses)
    if not state.filed:
        return close_handovers(act, entity, premises, state, unit=unit)
    if not premises.state.filed:
        return reopen_handover(act, entity, premises, unit=unit)
    return entity


def end_all_premises(act: Act, entity: Entity, *, unit: int | None, basis: str = "") -> Entity:
    """The entity ends, and with it every place it has filed (invariant 2).

    Returns:
        The entity at its newest revision.
    """
    for premises in filed_places(act.tx, entity.number):
        entity = end_premises(act, entity, premises, PremisesState.ENDED, unit=unit, basis=basis)
    return entity
