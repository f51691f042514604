"""Printed copies 正本 and 副本 of a licence."""

from collections.abc import Iterator

import grpc
from google.type import date_pb2

from clients.sdk import names
from clients.sdk.caller import Caller, every, new_request_id
from yizhao.registry.v1 import license_pb2
from yizhao.registry.v1 import license_service_pb2 as pb
from yizhao.registry.v1.license_service_pb2_grpc import LicenseServiceStub

PAGE_SIZE = 200


class Copies:
    """LicenseService, what it says of printed copies."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = LicenseServiceStub(channel)
        self._caller = caller

    def print(self, code: str, kind: "license_pb2.CopyKind.ValueType") -> license_pb2.LicenseCopy:
        """Print a copy of the licence in force."""
        request = pb.PrintLicenseCopyRequest(
            parent=names.entity(code), kind=kind, request_id=new_request_id()
        )
        return self._caller.call(self._stub.PrintLicenseCopy, request)

    def get(self, code: str, number: int) -> license_pb2.LicenseCopy:
        """Read a copy."""
        request = pb.GetLicenseCopyRequest(name=names.below(code, "copies", str(number)))
        return self._caller.call(self._stub.GetLicenseCopy, request)

    def list(self, code: str) -> Iterator[license_pb2.LicenseCopy]:
        """An entity's copies of every version, by number."""

        def fetch(token: str) -> pb.ListLicenseCopiesResponse:
            request = pb.ListLicenseCopiesRequest(
                parent=names.entity(code), page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListLicenseCopies, request)

        return every(fetch, lambda page: iter(page.copies))

    def collect(
        self, code: str, number: int, collected_by: str, day: date_pb2.Date | None = None
    ) -> license_pb2.LicenseCopy:
        """Keep who fetched a copy; today where no day is given."""
        request = pb.CollectLicenseCopyRequest(
            name=names.below(code, "copies", str(number)),
            collected_by=collected_by,
            collect_date=day,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.CollectLicenseCopy, request)

    def take_back(self, code: str, number: int, basis: str = "") -> license_pb2.LicenseCopy:
        """Take a copy back."""
        request = pb.ReturnLicenseCopyRequest(
            name=names.below(code, "copies", str(number)),
            basis=basis,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.ReturnLicenseCopy, request)

    def void_lost(self, code: str, number: int, basis: str) -> license_pb2.LicenseCopy:
        """Declare a lost copy void, and no other."""
        request = pb.VoidLostCopyRequest(
            name=names.below(code, "copies", str(number)),
            basis=basis,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.VoidLostCopy, request)
