"""What every step of a hand-over begins and ends with."""

from dataclasses import dataclass, replace
from typing import Any

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import EtagMismatch
from registry_service.domain.handover import HandoverAct, Side, move
from registry_service.domain.premises import Handover, HandoverState
from registry_service.domain.reading import Reader
from registry_service.domain.staff import Role
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.record import record

REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """A hand-over about to be moved by somebody who may."""

    entity: Entity
    """Locked, at its newest revision."""
    handover: Handover
    """As read."""
    unit: int
    """For which the actor acts."""
    after: HandoverState
    """What the table says that it becomes."""


def begin(act: Act, name: ActName, what: HandoverAct, code: str, number: int, etag: str) -> Step:
    """Who may, whether they saw it as it is, and what the table says; in this order.

    Raises:
        RoleMissing, NotYourUnit, UnitUnclear: by the table of authority.
        HandoverUnknown: the entity has no such hand-over.
        EtagMismatch: it changed since it was read.
        HandoverNotOpen, NotDisputed, HandoverNotTaken: by the table of hand-overs.
    """
    require_entitled(act, name)
    entity = lock_entity(act, code)
    handover = act.tx.handovers.find(entity.number, number)
    unit = authorise(act, name, entity=entity, unit=handover.to_unit)
    if etag and etag != handover_etag(handover):
        raise EtagMismatch(
            "the hand-over changed since it was read; read it again",
            zh="该抄告已被他人处理，请重新读取",
            handover=number,
        )
    after = move(handover.state, what, _sides(act, entity, handover, what))
    return Step(entity, handover, unit, after)


def finish(act: Act, step: Step, kind: str, *, basis: str = "", **changes: Any) -> Entity:
    """Save the hand-over in its new state, with its event.

    Args:
        act: who and when.
        step: as begun.
        kind: of the event, as `handover.declined`.
        basis: why.
        changes: other fields of the hand-over → new value.

    Returns:
        The entity at its newest revision.
    """
    act.tx.handovers.save(replace(step.handover, state=step.after, **changes))
    subject = f"handovers/{step.handover.number}"
    return record(act, step.entity, kind, unit=step.unit, subject=subject, basis=basis)


def read_reason(reason: str, *, required: bool = True) -> str:
    """Why, in Chinese, as people will read it.

    Raises:
        InvalidRequest: blank, too long, or with invisible characters.
    """
    reader = Reader()
    text = reader.text("reason", reason, REASON_CHARACTERS, required=required)
    reader.finish()
    return text


def handover_etag(handover: Handover) -> str:
    """The etag of a hand-over at its revision."""
    return f"h{handover.revision}"


def _sides(act: Act, entity: Entity, handover: Handover, what: HandoverAct) -> list[Side]:
    """On which sides the person stands; at least one, for `authorise` let them pass."""
    if what is HandoverAct.RESOLVE:
        return [Side.CITY]
    supervised = act.actor.units_as(Role.SUPERVISOR, act.today)
    sides = []
    if any(act.units.covers(own, handover.to_unit) for own in supervised):
        sides.append(Side.HOST)
    if entity.registrar in act.actor.units_as(Role.REGISTRAR, act.today):
        sides.append(Side.HOME)
    return sides
