"""Units, staff and second persons."""

from collections.abc import Iterator
from datetime import datetime

import grpc

from clients.sdk import names
from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from yizhao.registry.v1 import (
    access_pb2,
    admin_service_pb2,
    entity_pb2,
    recovery_pb2,
    unit_pb2,
)
from yizhao.registry.v1.admin_service_pb2_grpc import AdminServiceStub


class Admin:
    """AdminService."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = AdminServiceStub(channel)
        self._caller = caller

    def units(self) -> Iterator[unit_pb2.Unit]:
        """The unit tree, parents before children."""

        def fetch(token: str) -> admin_service_pb2.ListUnitsResponse:
            request = admin_service_pb2.ListUnitsRequest(page_token=token)
            return self._caller.call(self._stub.ListUnits, request)

        return every(fetch, lambda page: iter(page.units))

    def put_unit(self, unit: unit_pb2.Unit) -> unit_pb2.Unit:
        """Add a station 市场监督管理所, or give the one in `unit.name` another title."""
        request = admin_service_pb2.PutUnitRequest(unit=unit, request_id=new_request_id())
        return self._caller.call(self._stub.PutUnit, request)

    def staff(self) -> Iterator[unit_pb2.Staff]:
        """Who acts on the register, by number."""

        def fetch(token: str) -> admin_service_pb2.ListStaffResponse:
            request = admin_service_pb2.ListStaffRequest(page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListStaff, request)

        return every(fetch, lambda page: iter(page.staff))

    def put_staff(self, staff: unit_pb2.Staff) -> unit_pb2.Staff:
        """Add a person or change name and assignments; one that is left out ends at once."""
        request = admin_service_pb2.PutStaffRequest(staff=staff, request_id=new_request_id())
        return self._caller.call(self._stub.PutStaff, request)

    def pending_acts(self, unit: str) -> Iterator[entity_pb2.PendingAct]:
        """Acts about entities of `units/{unit}` that wait for a second person, oldest first."""

        def fetch(token: str) -> admin_service_pb2.ListPendingActsResponse:
            request = admin_service_pb2.ListPendingActsRequest(
                unit=unit, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListPendingActs, request)

        return every(fetch, lambda page: iter(page.pending_acts))

    def confirm_act(self, name: str, expected_name: str) -> entity_pb2.PendingAct:
        """Do an act that waits 复核通过; it stops if the entity bears another name."""
        request = admin_service_pb2.ConfirmActRequest(
            name=name, expected_business_name=expected_name, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmAct, request)

    def refuse_act(self, name: str, reason: str) -> entity_pb2.PendingAct:
        """Turn down an act that waits 复核不予通过."""
        request = admin_service_pb2.ConfirmActRequest(
            name=name, refuse=True, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmAct, request)

    def recovery_items(
        self, unit: str, *, closed: bool = False
    ) -> Iterator[recovery_pb2.RecoveryItem]:
        """What a restore lost and has to be entered again in `units/{unit}`, by code."""

        def fetch(token: str) -> admin_service_pb2.ListRecoveryItemsResponse:
            request = admin_service_pb2.ListRecoveryItemsRequest(
                unit=unit, include_closed=closed, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListRecoveryItems, request)

        return every(fetch, lambda page: iter(page.recovery_items))

    def close_recovery_item(
        self, name: str, expected_name: str, reason: str
    ) -> recovery_pb2.RecoveryItem:
        """Close one whose act is not to be repeated; it stops if the entity bears another name."""
        request = admin_service_pb2.CloseRecoveryItemRequest(
            name=name,
            expected_business_name=expected_name,
            reason=reason,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.CloseRecoveryItem, request)

    def accesses(
        self,
        *,
        entity: str = "",
        person: str = "",
        from_time: datetime | None = None,
        until_time: datetime | None = None,
    ) -> Iterator[access_pb2.Access]:
        """Who read an entity (by code), or what `staff/{staff}` read, newest first."""

        def fetch(token: str) -> access_pb2.ListAccessResponse:
            request = access_pb2.ListAccessRequest(
                entity=names.entity(entity) if entity else "",
                person=person,
                page_size=PAGE_SIZE,
                page_token=token,
            )
            if from_time:
                request.from_time.FromDatetime(from_time)
            if until_time:
                request.until_time.FromDatetime(until_time)
            return self._caller.call(self._stub.ListAccess, request)

        return every(fetch, lambda page: iter(page.accesses))
