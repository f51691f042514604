"""An entity with what is kept beside it, as every method of EntityService answers it."""

from collections.abc import Sequence

from registry_service.domain.entity import Entity
from registry_service.operations.act import Act
from registry_service.rpc.convert_entity import entity_to_pb
from registry_service.rpc.convert_pending import pending_acts_to_pb
from registry_service.rpc.convert_standing import mark_to_pb, restriction_to_pb
from registry_service.rpc.convert_values import date_to_pb
from yizhao.registry.v1 import entity_pb2


def whole_entity(act: Act, entity: Entity, asked: str = "") -> entity_pb2.Entity:
    """The entity as it stands in the act's transaction.

    Args:
        act: in whose transaction.
        entity: just written; it is read again, for an act may have ended its places.
        asked: the code it was asked by.
    """
    return whole_entities(act, [act.tx.entities.find(entity.uscc)], asked)[0]


def whole_entities(
    act: Act, entities: Sequence[Entity], asked: str = ""
) -> list[entity_pb2.Entity]:
    """Entities as they were just read, in their order; four queries however many they are."""
    numbers = [entity.number for entity in entities]
    marks = act.tx.marks.standing_of(numbers, act.today)
    holds = act.tx.restrictions.standing_of(numbers, act.today)
    waiting = act.tx.pending_acts.waiting_of(numbers, act.now)
    dormant = act.tx.dormancies.running(numbers, act.today)
    wholes = []
    for entity in entities:
        number, uscc = entity.number, entity.uscc
        whole = entity_to_pb(entity, asked)
        whole.marks.extend(mark_to_pb(mark, uscc) for mark in marks if mark.entity_no == number)
        whole.restrictions.extend(
            restriction_to_pb(hold, uscc) for hold in holds if hold.entity_no == number
        )
        whole.pending_acts.extend(
            pending_acts_to_pb([one for one in waiting if one.entity_no == number], act.now)
        )
        if (until := date_to_pb(dormant.get(number))) is not None:
            whole.dormant_until_date.CopyFrom(until)
        wholes.append(whole)
    return wholes
