"""The second person in these tests."""

from typing import Any

from tests.rpc.registry import people
from tests.rpc.registry.world import Registry
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2, entity_service_pb2


def confirmed(
    registry: Registry, asked: entity_pb2.Entity, by: str = people.RENCHENG_HEAD, **other: Any
) -> entity_pb2.Entity:
    """The entity once its newest pending act is confirmed."""
    answered(registry, asked, by, **other)
    read = entity_service_pb2.GetEntityRequest(name=asked.name)
    found: entity_pb2.Entity = registry.as_(by).entities.GetEntity(read)
    return found


def answered(
    registry: Registry, asked: entity_pb2.Entity, by: str = people.RENCHENG_HEAD, **other: Any
) -> entity_pb2.PendingAct:
    """The entity's newest pending act once it is answered."""
    pending = asked.pending_acts[-1]
    values = {"name": pending.name, "expected_business_name": pending.business_name}
    request = pb.ConfirmActRequest(**(values | other))
    answer: entity_pb2.PendingAct = registry.as_(by).admin.ConfirmAct(request)
    return answer
