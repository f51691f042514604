"""Visits, filings of places, premises and their hand-over."""

from collections.abc import Iterator, Sequence

import grpc

from clients.sdk import names
from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from yizhao.registry.v1 import (
    application_pb2,
    application_service_pb2,
    premises_pb2,
    premises_service_pb2,
)
from yizhao.registry.v1.application_service_pb2_grpc import ApplicationServiceStub
from yizhao.registry.v1.premises_service_pb2_grpc import PremisesServiceStub


class Applications:
    """ApplicationService."""

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


class Filings:
    """PremisesService: filings and what comes of them."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = PremisesServiceStub(channel)
        self._caller = caller

    def check(
        self, code: str, site: premises_pb2.Site, documents: Sequence[premises_pb2.Document] = ()
    ) -> premises_service_pb2.CheckFilingResponse:
        """Run the rules of review without filing."""
        request = premises_service_pb2.CheckFilingRequest(
            parent=names.entity(code), site=site, documents=documents
        )
        return self._caller.call(self._stub.CheckFiling, request)

    def create(
        self,
        application: str,
        site: premises_pb2.Site,
        documents: Sequence[premises_pb2.Document] = (),
    ) -> premises_pb2.PremisesFiling:
        """Draft a filing within an application, given by its resource name."""
        request = premises_service_pb2.CreatePremisesFilingRequest(
            parent=application, site=site, documents=documents, request_id=new_request_id()
        )
        return self._caller.call(self._stub.CreatePremisesFiling, request)

    def get(self, name: str) -> premises_pb2.PremisesFiling:
        """Read one by its resource name."""
        request = premises_service_pb2.GetPremisesFilingRequest(name=name)
        return self._caller.call(self._stub.GetPremisesFiling, request)

    def list(self, code: str) -> Iterator[premises_pb2.PremisesFiling]:
        """An entity's filings, newest first."""

        def fetch(token: str) -> premises_service_pb2.ListPremisesFilingsResponse:
            request = premises_service_pb2.ListPremisesFilingsRequest(
                parent=names.entity(code), page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListPremisesFilings, request)

        return every(fetch, lambda page: iter(page.filings))

    def update(
        self,
        filing: premises_pb2.PremisesFiling,
        site: premises_pb2.Site,
        documents: Sequence[premises_pb2.Document],
    ) -> premises_pb2.PremisesFiling:
        """Replace place and documents of a draft or returned filing, as it was read."""
        request = premises_service_pb2.UpdatePremisesFilingRequest(
            name=filing.name,
            site=site,
            documents=documents,
            etag=filing.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.UpdatePremisesFiling, request)

    def submit(self, filing: premises_pb2.PremisesFiling) -> premises_pb2.PremisesFiling:
        """Submit it for review, as it was read."""
        request = premises_service_pb2.SubmitPremisesFilingRequest(
            name=filing.name, etag=filing.etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.SubmitPremisesFiling, request)

    def premises(self, code: str) -> Iterator[premises_pb2.Premises]:
        """An entity's premises, by number."""

        def fetch(token: str) -> premises_service_pb2.ListPremisesResponse:
            request = premises_service_pb2.ListPremisesRequest(
                parent=names.entity(code), page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListPremises, request)

        return every(fetch, lambda page: iter(page.premises))

    def handovers(
        self,
        unit: str,
        state: "premises_pb2.HandoverState.ValueType" = premises_pb2.HANDOVER_STATE_UNSPECIFIED,
    ) -> Iterator[premises_pb2.Handover]:
        """Inbox of a host unit (`units/{unit}`), oldest first."""

        def fetch(token: str) -> premises_service_pb2.ListHandoversResponse:
            request = premises_service_pb2.ListHandoversRequest(
                unit=unit, state=state, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListHandovers, request)

        return every(fetch, lambda page: iter(page.handovers))

    def acknowledge(self, name: str, etag: str) -> premises_pb2.Handover:
        """Take premises on for the host unit."""
        request = premises_service_pb2.AcknowledgeHandoverRequest(
            name=name, etag=etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.AcknowledgeHandover, request)
