"""Holds of courts and authorities, lists of the regulator."""

import grpc

from clients.sdk import names
from clients.sdk.caller import Caller, new_request_id
from yizhao.registry.v1 import entity_pb2, entity_service_pb2
from yizhao.registry.v1.entity_service_pb2_grpc import EntityServiceStub


class Standing:
    """The acts of EntityService on holds 限制 and marks 名录."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = EntityServiceStub(channel)
        self._caller = caller

    def restrict(self, code: str, restriction: entity_pb2.Restriction) -> entity_pb2.Restriction:
        """Enter a hold of a court or authority."""
        request = entity_service_pb2.RestrictEntityRequest(
            parent=names.entity(code), restriction=restriction, request_id=new_request_id()
        )
        return self._caller.call(self._stub.RestrictEntity, request)

    def lift(self, name: str, basis: str) -> entity_pb2.Restriction:
        """Lift a hold, given by its resource name."""
        request = entity_service_pb2.LiftRestrictionRequest(
            name=name, basis=basis, request_id=new_request_id()
        )
        return self._caller.call(self._stub.LiftRestriction, request)

    def mark(self, code: str, mark: entity_pb2.Mark) -> entity_pb2.Mark:
        """Put the entity on a list of the regulator."""
        request = entity_service_pb2.MarkEntityRequest(
            parent=names.entity(code), mark=mark, request_id=new_request_id()
        )
        return self._caller.call(self._stub.MarkEntity, request)

    def unmark(self, name: str, basis: str) -> entity_pb2.Mark:
        """Take it off the list; the mark is given by its resource name."""
        request = entity_service_pb2.UnmarkEntityRequest(
            name=name, basis=basis, request_id=new_request_id()
        )
        return self._caller.call(self._stub.UnmarkEntity, request)
