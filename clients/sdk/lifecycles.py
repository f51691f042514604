"""What becomes of a business: code, home, dormancy, liquidation, its end."""

from collections.abc import Sequence

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from clients.sdk.caller import Caller, new_request_id
from yizhao.registry.v1 import application_pb2, entity_pb2, entity_service_pb2
from yizhao.registry.v1.entity_service_pb2_grpc import EntityServiceStub


class Lifecycles:
    """The acts of EntityService that move an entity; each takes it as it was read."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = EntityServiceStub(channel)
        self._caller = caller

    def correct_code(self, entity: entity_pb2.Entity, uscc: str, basis: str) -> entity_pb2.Entity:
        """Correct the credit code 更正代码; the old one still finds the entity."""
        request = entity_service_pb2.CorrectCodeRequest(
            name=entity.name,
            uscc=uscc,
            basis=basis,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.CorrectCode, request)

    def move(
        self,
        entity: entity_pb2.Entity,
        address: entity_pb2.Address,
        application: application_pb2.ApplicationDetails,
    ) -> entity_pb2.Entity:
        """Move it to the acting registrar's unit 迁移登记."""
        request = entity_service_pb2.MoveEntityRequest(
            name=entity.name,
            address=address,
            application=application,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.MoveEntity, request)

    def suspend(
        self,
        entity: entity_pb2.Entity,
        until: Date,
        application: application_pb2.ApplicationDetails,
        *,
        since: Date | None = None,
    ) -> entity_pb2.Entity:
        """File dormancy 歇业 up to that day, or extend it; `since` is today where absent."""
        request = entity_service_pb2.SuspendEntityRequest(
            name=entity.name,
            from_date=since,
            until_date=until,
            application=application,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.SuspendEntity, request)

    def resume(
        self, entity: entity_pb2.Entity, application: application_pb2.ApplicationDetails
    ) -> entity_pb2.Entity:
        """End dormancy 恢复营业."""
        request = entity_service_pb2.ResumeEntityRequest(
            name=entity.name,
            application=application,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.ResumeEntity, request)

    def liquidate(
        self, entity: entity_pb2.Entity, application: application_pb2.ApplicationDetails
    ) -> entity_pb2.Entity:
        """File liquidation 清算."""
        request = entity_service_pb2.LiquidateEntityRequest(
            name=entity.name,
            application=application,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.LiquidateEntity, request)

    def deregister(
        self,
        entity: entity_pb2.Entity,
        expected_name: str,
        application: application_pb2.ApplicationDetails,
        *,
        simple: bool = False,
    ) -> entity_pb2.Entity:
        """Deregister 注销, by the simple procedure 简易注销 where `simple`."""
        request = entity_service_pb2.DeregisterEntityRequest(
            name=entity.name,
            expected_business_name=expected_name,
            simple=simple,
            application=application,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.DeregisterEntity, request)

    def annul(
        self,
        entity: entity_pb2.Entity,
        expected_name: str,
        basis: str,
        *,
        version: int = 0,
        items: Sequence[str] = (),
    ) -> entity_pb2.Entity:
        """Annul the establishment 撤销登记 (`version` 0), or one version or items of it."""
        request = entity_service_pb2.AnnulEntityRequest(
            name=entity.name,
            expected_business_name=expected_name,
            version=version,
            items=FieldMask(paths=items),
            basis=basis,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.AnnulEntity, request)
