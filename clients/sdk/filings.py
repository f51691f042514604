"""Filings of places of business, from draft to decision."""

from collections.abc import Iterator, Sequence

import grpc
from google.type.date_pb2 import Date

from clients.sdk import names
from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from clients.sdk.queues import Queue, take
from yizhao.registry.v1 import premises_pb2, premises_service_pb2
from yizhao.registry.v1.premises_service_pb2_grpc import PremisesServiceStub

_BATCH_SECONDS = 120.0


class Filings:
    """The part of PremisesService about filings; each is given by its name or as it was read."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = PremisesServiceStub(channel)
        self._caller = caller

    def check(
        self,
        code: str,
        site: premises_pb2.Site,
        documents: Sequence[premises_pb2.Document] = (),
        *,
        act: "premises_pb2.FilingAct.ValueType" = premises_pb2.FILING_ACT_UNSPECIFIED,
        target: str = "",
    ) -> premises_service_pb2.CheckFilingResponse:
        """Run the rules of review without filing."""
        request = premises_service_pb2.CheckFilingRequest(
            parent=names.entity(code), site=site, documents=documents, act=act, target=target
        )
        return self._caller.call(self._stub.CheckFiling, request)

    def create(
        self,
        application: str,
        site: premises_pb2.Site | None,
        documents: Sequence[premises_pb2.Document] = (),
        *,
        act: "premises_pb2.FilingAct.ValueType" = premises_pb2.FILING_ACT_UNSPECIFIED,
        target: str = "",
    ) -> premises_pb2.PremisesFiling:
        """Draft a filing within an application; `target` is the place to change or remove."""
        request = premises_service_pb2.CreatePremisesFilingRequest(
            parent=application,
            site=site,
            documents=documents,
            request_id=new_request_id(),
            act=act,
            target=target,
        )
        return self._caller.call(self._stub.CreatePremisesFiling, request)

    def batch(
        self, application: str, filings: Sequence[premises_service_pb2.BatchFiling]
    ) -> premises_service_pb2.BatchCreateFilingsResponse:
        """Draft and submit up to 300 at once, each with its own outcome."""
        request = premises_service_pb2.BatchCreateFilingsRequest(
            parent=application, filings=filings, request_id=new_request_id()
        )
        return self._caller.call(self._stub.BatchCreateFilings, request, seconds=_BATCH_SECONDS)

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

    def queue(
        self,
        unit: str,
        *,
        state: "premises_pb2.FilingState.ValueType" = premises_pb2.FILING_STATE_UNSPECIFIED,
        assignee: str = "",
        due_by: Date | None = None,
        limit: int = 50,
    ) -> Queue[premises_pb2.PremisesFiling]:
        """Filings of the entities of `units/{unit}`: overdue first, due today, then by age."""

        def fetch(token: str) -> premises_service_pb2.ListFilingsResponse:
            request = premises_service_pb2.ListFilingsRequest(
                unit=unit,
                state=state,
                assignee=assignee,
                due_by_date=due_by,
                page_size=min(limit, PAGE_SIZE),
                page_token=token,
            )
            return self._caller.call(self._stub.ListFilings, request)

        return take(fetch, lambda page: iter(page.filings), limit)

    def assign(self, name: str, assignee: str) -> premises_pb2.PremisesFiling:
        """Say who looks after it, `staff/{staff}`; empty for nobody."""
        request = premises_service_pb2.AssignFilingRequest(
            name=name, assignee=assignee, request_id=new_request_id()
        )
        return self._caller.call(self._stub.AssignFiling, request)

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

    def give_back(
        self, filing: premises_pb2.PremisesFiling, defects: Sequence[str]
    ) -> premises_pb2.PremisesFiling:
        """Send it back to be completed 退回补正, as it was read."""
        request = premises_service_pb2.ReturnFilingRequest(
            name=filing.name, defects=defects, etag=filing.etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ReturnFiling, request)

    def decide(
        self, filing: premises_pb2.PremisesFiling, *, accept: bool, reason: str
    ) -> premises_pb2.PremisesFiling:
        """File or reject what the rules gave to an official, as it was read."""
        request = premises_service_pb2.DecideFilingRequest(
            name=filing.name,
            accept=accept,
            reason=reason,
            etag=filing.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.DecideFiling, request)

    def withdraw(self, filing: premises_pb2.PremisesFiling) -> premises_pb2.PremisesFiling:
        """Take it back 撤回, as it was read."""
        request = premises_service_pb2.WithdrawFilingRequest(
            name=filing.name, etag=filing.etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.WithdrawFiling, request)
