"""Visits, their notices and documents."""

from collections.abc import Iterator

import grpc
from google.type.date_pb2 import Date

from clients.sdk import names
from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from clients.sdk.queues import Queue, take
from yizhao.registry.v1 import application_pb2, application_service_pb2
from yizhao.registry.v1.application_service_pb2_grpc import ApplicationServiceStub

_SUBMIT_SECONDS = 120.0
"""A visit may have 300 filings."""


class Applications:
    """ApplicationService; visits are given by their resource names."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = ApplicationServiceStub(channel)
        self._caller = caller

    def create(
        self, code: str, details: application_pb2.ApplicationDetails
    ) -> application_pb2.Application:
        """Take a visit and give it a receipt number 受理编号."""
        request = application_service_pb2.CreateApplicationRequest(
            parent=names.entity(code), details=details, request_id=new_request_id()
        )
        return self._caller.call(self._stub.CreateApplication, request)

    def get(self, name: str) -> application_pb2.Application:
        """Read one by its resource name."""
        request = application_service_pb2.GetApplicationRequest(name=name)
        return self._caller.call(self._stub.GetApplication, request)

    def queue(
        self,
        unit: str,
        *,
        state: "application_pb2.ApplicationState.ValueType" = (
            application_pb2.APPLICATION_STATE_UNSPECIFIED
        ),
        assignee: str = "",
        due_by: Date | None = None,
        limit: int = 50,
    ) -> Queue[application_pb2.Application]:
        """Visits that `units/{unit}` took: overdue first, then due today, then by age.

        `assignee` is `staff/{staff}`, or `queues.NOBODY`.
        """

        def fetch(token: str) -> application_service_pb2.ListApplicationsResponse:
            request = application_service_pb2.ListApplicationsRequest(
                unit=unit,
                state=state,
                assignee=assignee,
                due_by_date=due_by,
                page_size=min(limit, PAGE_SIZE),
                page_token=token,
            )
            return self._caller.call(self._stub.ListApplications, request)

        return take(fetch, lambda page: iter(page.applications), limit)

    def assign(self, name: str, assignee: str) -> application_pb2.Application:
        """Say who looks after it, `staff/{staff}`; empty for nobody."""
        request = application_service_pb2.AssignApplicationRequest(
            name=name, assignee=assignee, request_id=new_request_id()
        )
        return self._caller.call(self._stub.AssignApplication, request)

    def submit(self, name: str) -> application_pb2.Application:
        """Submit every draft and every completed filing at once."""
        request = application_service_pb2.SubmitApplicationRequest(
            name=name, request_id=new_request_id()
        )
        return self._caller.call(self._stub.SubmitApplication, request, seconds=_SUBMIT_SECONDS)

    def extend(self, name: str, basis: str) -> application_pb2.Application:
        """Give 3 more working days, as the head."""
        request = application_service_pb2.ExtendApplicationRequest(
            name=name, basis=basis, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ExtendApplication, request)

    def notices(self, name: str) -> Iterator[application_pb2.Notice]:
        """What was told to the applicant 一次性告知, oldest first."""

        def fetch(token: str) -> application_service_pb2.ListNoticesResponse:
            request = application_service_pb2.ListNoticesRequest(
                parent=name, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListNotices, request)

        return every(fetch, lambda page: iter(page.notices))

    def add_document(
        self, name: str, content: bytes, sha256: bytes = b""
    ) -> application_service_pb2.AddDocumentResponse:
        """Keep a document's content; the answer tells its digest, to be named in filings."""
        request = application_service_pb2.AddDocumentRequest(
            parent=name, content=content, sha256=sha256, request_id=new_request_id()
        )
        return self._caller.call(self._stub.AddDocument, request)
