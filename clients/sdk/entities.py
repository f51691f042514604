"""Businesses: register, read, change, correct, revoke, reinstate."""

from collections.abc import Iterator, Sequence

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from clients.sdk import names
from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from yizhao.registry.v1 import application_pb2, entity_pb2, entity_service_pb2, history_pb2
from yizhao.registry.v1.entity_service_pb2_grpc import EntityServiceStub


class Entities:
    """EntityService."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = EntityServiceStub(channel)
        self._caller = caller

    def get(
        self, code: str, basis: str = "", as_of: history_pb2.AsOf | None = None
    ) -> entity_pb2.Entity:
        """Read one by its code, a former code or its 注册号; as it stood at `as_of` if given."""
        request = entity_service_pb2.GetEntityRequest(
            name=names.entity(code), basis=basis, as_of=as_of
        )
        return self._caller.call(self._stub.GetEntity, request)

    def list(self, registrar: str = "") -> Iterator[entity_pb2.Entity]:
        """All of a unit (`units/{unit}`, `units/-` unit unclear, empty: all), by code."""

        def fetch(token: str) -> entity_service_pb2.ListEntitiesResponse:
            request = entity_service_pb2.ListEntitiesRequest(
                registrar=registrar, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListEntities, request)

        return every(fetch, lambda page: iter(page.entities))

    def search(
        self, criteria: entity_service_pb2.SearchEntitiesRequest, limit: int
    ) -> Sequence[entity_service_pb2.SearchResult]:
        """The first that fit every criterion, each with why.

        No more are read than are wanted, for every read is recorded.

        Args:
            criteria: what is known; its page size and token are not read.
            limit: at most so many.
        """
        asked = entity_service_pb2.SearchEntitiesRequest()
        asked.CopyFrom(criteria)
        asked.page_token = ""
        found: list[entity_service_pb2.SearchResult] = []
        while len(found) < limit:
            asked.page_size = min(limit - len(found), PAGE_SIZE)
            page = self._caller.call(self._stub.SearchEntities, asked)
            found += page.results
            asked.page_token = page.next_page_token
            if not asked.page_token:
                break
        return found

    def versions(self, code: str) -> Iterator[entity_pb2.EntityVersion]:
        """Versions of the face, newest first."""

        def fetch(token: str) -> entity_service_pb2.ListEntityVersionsResponse:
            request = entity_service_pb2.ListEntityVersionsRequest(
                parent=names.entity(code), page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListEntityVersions, request)

        return every(fetch, lambda page: iter(page.versions))

    def events(self, code: str) -> Iterator[entity_pb2.Event]:
        """What was done to it, newest first."""

        def fetch(token: str) -> entity_service_pb2.ListEntityEventsResponse:
            request = entity_service_pb2.ListEntityEventsRequest(
                parent=names.entity(code), page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListEntityEvents, request)

        return every(fetch, lambda page: iter(page.events))

    def register(
        self,
        uscc: str,
        face: entity_pb2.Face,
        application: application_pb2.ApplicationDetails | None = None,
    ) -> entity_pb2.Entity:
        """Register under the acting registrar's unit 设立登记."""
        request = entity_service_pb2.RegisterEntityRequest(
            uscc=uscc, face=face, application=application, request_id=new_request_id()
        )
        return self._caller.call(self._stub.RegisterEntity, request)

    def change(
        self,
        entity: entity_pb2.Entity,
        face: entity_pb2.Face,
        items: Sequence[str],
        *,
        effective_date: Date | None = None,
        application: application_pb2.ApplicationDetails | None = None,
    ) -> entity_pb2.Entity:
        """Change registered items 变更登记 of the entity as it was read."""
        request = entity_service_pb2.ChangeEntityRequest(
            name=entity.name,
            face=face,
            update_mask=FieldMask(paths=items),
            effective_date=effective_date,
            application=application,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.ChangeEntity, request)

    def correct(
        self,
        entity: entity_pb2.Entity,
        face: entity_pb2.Face,
        items: Sequence[str],
        *,
        basis: str,
        version: int = 0,
        registrar: str = "",
    ) -> entity_pb2.Entity:
        """Correct a registrar's own error 更正; `registrar` places an entity of unclear unit."""
        request = entity_service_pb2.CorrectEntityRequest(
            name=entity.name,
            face=face,
            update_mask=FieldMask(paths=items),
            corrects_version=version,
            basis=basis,
            registrar=registrar,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.CorrectEntity, request)

    def revoke(
        self, entity: entity_pb2.Entity, expected_name: str, basis: str
    ) -> entity_pb2.Entity:
        """Revoke the licence 吊销 of the entity as it was read."""
        request = entity_service_pb2.RevokeEntityRequest(
            name=entity.name,
            expected_business_name=expected_name,
            basis=basis,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.RevokeEntity, request)

    def reinstate(
        self, entity: entity_pb2.Entity, expected_name: str, basis: str
    ) -> entity_pb2.Entity:
        """Take a revocation back 恢复."""
        request = entity_service_pb2.ReinstateEntityRequest(
            name=entity.name,
            expected_business_name=expected_name,
            basis=basis,
            etag=entity.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.ReinstateEntity, request)
