"""What follows from a new version of a face, in the transaction of the act that made it."""

from dataclasses import replace

from registry_service.domain.entity import Entity
from registry_service.domain.premises import Premises, PremisesState
from registry_service.operations.act import Act
from registry_service.operations.hand_over import hand_over
from registry_service.operations.places import filed_places
from registry_service.operations.premises_end import end_premises
from registry_service.operations.record import record
from registry_service.operations.renew_license import renew_license
from registry_service.operations.tell_hosts import supervises, tell_hosts, told_of

BECAME_DOMICILE = "该地址已成为住所"


def follow_face(
    act: Act, before: Entity, entity: Entity, *, unit: int | None, also: str = ""
) -> Entity:
    """Let places, hand-overs, filings, hosts and the licence follow a new version.

    Args:
        act: who and when; the entity is locked, the version and its event are stored.
        before: the entity as it was.
        entity: at its newest revision.
        unit: for which the actor acts.
        also: what hosts are told besides changed items, in Chinese.

    Returns:
        The entity at its newest revision.

    Raises:
        SignerUnavailable: no key or host is published.
    """
    entity = _end_at_domicile(act, entity, unit)
    if (before.registrar, supervises(before)) != (entity.registrar, supervises(entity)):
        act.tx.filings.rehome(entity.number, entity.registrar)
        entity = hand_over_crossing(act, entity, unit)
    told = "；".join(filter(None, (also, told_of(before.face, entity.face))))
    entity = tell_hosts(act, entity, told, unit=unit)
    entity = _ask_reviews(act, before, entity, unit)
    return renew_license(act, entity)


def _end_at_domicile(act: Act, entity: Entity, unit: int | None) -> Entity:
    """A filed place that became the domicile is no filed place any more (invariant 3)."""
    for place in filed_places(act.tx, entity.number):
        if place.site.address.normalised == entity.face.address.normalised:
            entity = end_premises(
                act, entity, place, PremisesState.ENDED, unit=unit, basis=BECAME_DOMICILE
            )
    return entity


def hand_over_crossing(act: Act, entity: Entity, unit: int | None) -> Entity:
    """Hand places over that lie across units now and that their host was never given.

    Hand-overs of places that cross no more stay as history.

    Returns:
        The entity at its newest revision.
    """
    if entity.registrar is None:
        return entity
    for place in filed_places(act.tx, entity.number):
        if place.unit != supervises(entity) and place.filing_no is not None:
            entity = _hand_over_one(act, entity, place, unit)
    return entity


def _hand_over_one(act: Act, entity: Entity, place: Premises, unit: int | None) -> Entity:
    latest = act.tx.handovers.of_place(entity.number, place.number)
    way = (*latest.earlier_units, latest.to_unit) if latest else ()
    if place.unit in map(act.units.administering, way):
        return entity  # its host has it already, and is told of the move
    filing = act.tx.filings.not_handed_over(entity.number, place.number)
    if filing is None:
        return entity
    number = hand_over(act, entity, filing.number, place.number, place.unit)
    act.tx.filings.save(replace(filing, handover_no=number), act.now)
    return record(act, entity, "handover.sent", unit=unit, subject=f"handovers/{number}")


def _ask_reviews(act: Act, before: Entity, entity: Entity, unit: int | None) -> Entity:
    """A scope that gains a pre-approval item 前置审批 asks for a new review of every place."""
    old, new = before.face.scope, entity.face.scope
    if old == new:
        return entity
    listed = act.policy_for(entity.registrar).pre_approval_items
    gained = [item for item in listed if item in new and item not in old]
    if not gained:
        return entity
    basis = f"经营范围新增前置审批事项：{'、'.join(gained)}"
    for place in filed_places(act.tx, entity.number):
        subject = f"premises/{place.number}"
        entity = record(act, entity, "premises.review_due", unit=unit, subject=subject, basis=basis)
    return entity
