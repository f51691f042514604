"""A registrar and the head of registration, whose requests are sent until they are answered."""

import threading
from datetime import timedelta
from typing import Any, Final

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from license_verify.rpc.errors import from_rpc_error
from registry_service.composition import utc_now
from tests.load.mixed import PERSON, a_place
from tests.rpc.registry import people
from tests.rpc.registry.world import Registry, a_code, a_face, a_request_id, a_visit
from yizhao.registry.v1 import (
    admin_service_pb2,
    application_service_pb2,
    entity_pb2,
    license_pb2,
    license_service_pb2,
    premises_pb2,
    premises_service_pb2,
)
from yizhao.registry.v1 import entity_service_pb2 as entity_pb

_REPEATED: Final = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
}
"""The registry was killed before it answered, or does not serve yet."""
_PAUSE_SECONDS: Final = 0.1
_CALL_SECONDS: Final = 15.0
_BASIS: Final = "任市监处罚〔2026〕21号"
_DORMANT_DAYS: Final = 40
_TOWN: Final = "曲阜市鲁城街道"


class Ended(Exception):
    """The soak was ended; the last request may be unanswered."""


class Office:
    """Each method is one request, or those that make one step at the counter."""

    def __init__(self, registry: Registry, end: threading.Event) -> None:
        """`end` ends waiting for a registry that is away."""
        tls = registry.certificates.tls
        self._registrar = registry.client(tls(people.RENCHENG))
        self._head = registry.client(tls(people.RENCHENG_HEAD))
        self._end = end
        self.sent_again = 0

    def close(self) -> None:
        """Hang up."""
        for client in (self._registrar, self._head):
            client.channel.close()

    def register(self) -> entity_pb2.Entity:
        """A new firm."""
        request = entity_pb.RegisterEntityRequest(
            uscc=a_code(), face=a_face(), application=a_visit()
        )
        entity: entity_pb2.Entity = self._sent(self._registrar.entities.RegisterEntity, request)
        return entity

    def licence(self, firm: str) -> str:
        """The scan text of a new licence."""
        request = license_service_pb2.IssueLicenseRequest(parent=firm)
        return str(self._sent(self._registrar.licenses.IssueLicense, request).scan_text)

    def live_licence(self, firm: str) -> str:
        """The scan text of the licence in force; waits for one that is being signed."""
        request = license_service_pb2.GetLicenseRequest(name=f"{firm}/licenses/-")
        while not (found := self._sent(self._registrar.licenses.GetLicense, request)).scan_text:
            self._wait()
        return str(found.scan_text)

    def duplicate(self, firm: str) -> license_pb2.LicenseCopy:
        """A new 副本."""
        request = license_service_pb2.PrintLicenseCopyRequest(
            parent=firm, kind=license_pb2.COPY_KIND_DUPLICATE
        )
        copy: license_pb2.LicenseCopy
        copy = self._sent(self._registrar.licenses.PrintLicenseCopy, request)
        return copy

    def void(self, copy: str) -> None:
        """A copy was lost."""
        request = license_service_pb2.VoidLostCopyRequest(name=copy, basis="公示声明作废")
        self._sent(self._registrar.licenses.VoidLostCopy, request)

    def place(self, firm: str, target: str = "") -> str:
        """File a place, or the change of `target`; its resource name."""
        visit = application_service_pb2.CreateApplicationRequest(
            parent=firm, details=a_visit(applicant=PERSON)
        )
        taken = self._sent(self._registrar.applications.CreateApplication, visit)
        request = a_place(taken.name, PERSON, _TOWN)
        if target:
            request.act, request.target = premises_pb2.FILING_ACT_CHANGE, target
        drafted = self._sent(self._registrar.premises.CreatePremisesFiling, request)
        submit = premises_service_pb2.SubmitPremisesFilingRequest(
            name=drafted.name, etag=drafted.etag
        )
        filed = self._sent(self._registrar.premises.SubmitPremisesFiling, submit)
        return str(filed.premises)

    def door(self, place: str) -> str:
        """The scan text of a new code for a place."""
        request = license_service_pb2.IssueSiteCodeRequest(parent=place)
        return str(self._sent(self._registrar.licenses.IssueSiteCode, request).scan_text)

    def live_door(self, place: str) -> str:
        """The scan text of the code in force; waits for one that is being signed."""
        request = license_service_pb2.GetSiteCodeRequest(name=f"{place}/codes/-")
        while not (found := self._sent(self._registrar.licenses.GetSiteCode, request)).scan_text:
            self._wait()
        return str(found.scan_text)

    def change(self, firm: str, capital: str) -> None:
        """Another capital: a new face, and a new licence."""
        request = entity_pb.ChangeEntityRequest(
            name=firm,
            face=a_face(capital=capital),
            update_mask=FieldMask(paths=["capital"]),
            application=a_visit(applicant=PERSON),
        )
        self._sent(self._registrar.entities.ChangeEntity, request)

    def suspend(self, firm: str) -> None:
        """The firm goes dormant."""
        day = (utc_now() + timedelta(days=_DORMANT_DAYS)).date()
        request = entity_pb.SuspendEntityRequest(
            name=firm,
            until_date=Date(year=day.year, month=day.month, day=day.day),
            application=a_visit(),
        )
        self._sent(self._registrar.entities.SuspendEntity, request)

    def resume(self, firm: str) -> None:
        """It wakes up."""
        request = entity_pb.ResumeEntityRequest(name=firm, application=a_visit())
        self._sent(self._registrar.entities.ResumeEntity, request)

    def deregister(self, firm: str, business_name: str) -> None:
        """It ends."""
        request = entity_pb.DeregisterEntityRequest(
            name=firm, expected_business_name=business_name, application=a_visit()
        )
        self._sent(self._registrar.entities.DeregisterEntity, request)

    def revoke(self, firm: str, business_name: str) -> None:
        """Its licence is revoked; a second person confirms."""
        request = entity_pb.RevokeEntityRequest(
            name=firm, expected_business_name=business_name, basis=_BASIS
        )
        asked = self._sent(self._registrar.entities.RevokeEntity, request)
        pending = asked.pending_acts[-1]
        confirmation = admin_service_pb2.ConfirmActRequest(
            name=pending.name, expected_business_name=pending.business_name
        )
        self._sent(self._head.admin.ConfirmAct, confirmation)

    def _sent(self, method: Any, request: Any) -> Any:
        """The answer to a request, which is sent under one id until it has one.

        Raises:
            grpc.RpcError: it was refused.
            Ended: the soak is over.
        """
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = a_request_id()
        while True:
            try:
                return method(request, timeout=_CALL_SECONDS)
            except grpc.RpcError as error:
                if from_rpc_error(error).code not in _REPEATED:
                    raise
            self._wait()
            self.sent_again += 1

    def _wait(self) -> None:
        if self._end.wait(_PAUSE_SECONDS):
            raise Ended
