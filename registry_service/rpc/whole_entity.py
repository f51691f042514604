"""An entity with what is kept beside it, as every method of EntityService answers it."""

from datetime import datetime

from registry_service.domain.entity import Entity
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.rpc.convert_entity import entity_to_pb
from registry_service.rpc.convert_pending import pending_acts_to_pb
from registry_service.rpc.convert_standing import mark_to_pb, restriction_to_pb
from registry_service.rpc.convert_values import date_to_pb
from yizhao.registry.v1 import entity_pb2


def whole_entity(act: Act, entity: Entity) -> entity_pb2.Entity:
    """The entity as it stands in the act's transaction.

    Args:
        act: in whose transaction.
        entity: just written; it is read again, for an act may have ended its places.
    """
    return whole_to_pb(act.tx.wholes.find(entity.uscc, act.today, act.now), act.now)


def whole_to_pb(whole: Whole, now: datetime, asked: str = "") -> entity_pb2.Entity:
    """An entity on the wire; `asked` is the code it was asked by."""
    uscc = whole.entity.uscc
    answer = entity_to_pb(whole.entity, asked)
    answer.marks.extend(mark_to_pb(mark, uscc) for mark in whole.marks)
    answer.restrictions.extend(restriction_to_pb(hold, uscc) for hold in whole.restrictions)
    answer.pending_acts.extend(pending_acts_to_pb(whole.pending_acts, now))
    if (until := date_to_pb(whole.dormant_until)) is not None:
        answer.dormant_until_date.CopyFrom(until)
    return answer
