"""恢复登记: a revocation, deregistration or annulment is taken back."""

from dataclasses import replace
from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.dormancy import runs_on
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.errors import AddressClash, NotReversible
from registry_service.domain.event import Event
from registry_service.domain.lifecycle import Step, after
from registry_service.domain.premises import Premises, PremisesState
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import authorise
from registry_service.operations.dormancy import wake_places
from registry_service.operations.expected import require_basis, require_name
from registry_service.operations.follow_face import hand_over_crossing
from registry_service.operations.follow_list import follow_list
from registry_service.operations.premises_end import end_premises
from registry_service.operations.record import record
from registry_service.operations.tell_hosts import tell_hosts

_KINDS: Final = {
    EntityState.REVOKED: "entity.revoked",
    EntityState.DEREGISTERED: "entity.deregistered",
    EntityState.ANNULLED: "entity.annulled",
}
"""The event that led to a state."""


def reinstate_entity(
    act: Act, code: str, expected_name: str, basis: str, *, etag: str = ""
) -> Entity:
    """Take the end back: the state from before it, by an event that names it.

    Places that ended with the entity are filed again as they were, with their codes. Filings that
    were withdrawn with it stay so. A dormancy whose time is over by now is over.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        ExpectedNameDiffers: the entity bears another name.
        NotReversible: it is not revoked, deregistered or annulled, or was imported so.
        AddressClash: the address of a place that would come back is taken.
        InvalidRequest: no basis.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.REINSTATE_ENTITY, entity=entity)
    require_etag(entity, etag)
    require_basis(basis)
    require_name(entity, expected_name)
    after(entity.state, Step.REINSTATE)
    ending = act.tx.events.last(entity.number, _KINDS[entity.state])
    before = act.tx.events.before(ending) if ending else None
    if ending is None or before is None:
        raise NotReversible(
            f"the entity came to this register as {entity.state.value}; nothing is on record to"
            " take back",
            zh=f"该主体导入时即为{entity.state.zh}，本登记簿没有可以撤回的决定",
            state=entity.state.value,
        )
    dormant = runs_on(act.tx.dormancies.of(entity.number), act.today)
    state = EntityState(before.state_after)
    if state is EntityState.DORMANT and not dormant and _has_days(act, entity):
        state = EntityState.ACTIVE
    return take_back(act, entity, ending, state, unit, basis)


def take_back(
    act: Act, entity: Entity, ending: Event | None, state: EntityState, unit: int | None, basis: str
) -> Entity:
    """Let a locked entity be in the state from before an end, and its places with it.

    Args:
        act: who and when.
        entity: as it is.
        ending: the event that is taken back; None where the entity came to this register so.
        state: from before it.
        unit: for which the actor acts.
        basis: legal ground.

    Raises:
        AddressClash: the address of a place that would come back is taken.
    """
    ended = entity.state
    entity = record(
        act,
        replace(entity, state=state),
        "entity.reinstated",
        unit=unit,
        basis=basis,
        reverses=ending,
    )
    if ended in (EntityState.DEREGISTERED, EntityState.ANNULLED) and ending is not None:
        dormant = runs_on(act.tx.dormancies.of(entity.number), act.today)
        asleep = state is EntityState.DORMANT or (state is EntityState.REVOKED and dormant)
        return _bring_back(act, entity, ending, asleep, unit, basis)
    if state is not EntityState.DORMANT:
        entity = wake_places(act, entity, unit, basis)
    entity = follow_list(act, entity, changed=False)  # places may have been struck meanwhile
    return tell_hosts(act, entity, "主体已恢复登记", unit=unit)


def _has_days(act: Act, entity: Entity) -> bool:
    """Whether its dormancy was filed here; an imported one has no days that could be over."""
    return bool(act.tx.dormancies.of(entity.number))


def _bring_back(
    act: Act, entity: Entity, ending: Event, asleep: bool, unit: int | None, basis: str
) -> Entity:
    for place in _ended_with(act, ending):
        _require_address(entity, place)
        entity = end_premises(act, entity, place, PremisesState.LIVE, unit=unit, basis=basis)
        if asleep:
            live = act.tx.premises.find(entity.number, place.number)
            entity = end_premises(
                act, entity, live, PremisesState.SUSPENDED, unit=unit, basis=basis
            )
    return hand_over_crossing(act, entity, unit)


def _ended_with(act: Act, ending: Event) -> list[Premises]:
    """The places that ended in the transaction of that event and were not touched since.

    Nothing can happen to a place of an ended entity, so all that ended after it ended with it.
    """
    subjects = act.tx.events.subjects(ending.entity_no, "premises.ended", ending.revision)
    numbers = sorted(int(subject.removeprefix("premises/")) for subject in subjects)
    places = [act.tx.premises.find(ending.entity_no, number) for number in numbers]
    return [place for place in places if place.state is PremisesState.ENDED]


def _require_address(entity: Entity, place: Premises) -> None:
    if place.site.address.normalised == entity.face.address.normalised:
        raise AddressClash(
            f"premises/{place.number} would come back at the address of the domicile; correct"
            " the domicile first",
            zh=f"第 {place.number} 号经营场所的地址与现住所相同，不能恢复；请先更正住所",
            premises=f"entities/{entity.uscc}/premises/{place.number}",
        )
