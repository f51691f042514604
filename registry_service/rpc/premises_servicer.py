"""PremisesService."""

from collections.abc import Callable

import grpc

from registry_service.domain.authority import ActName
from registry_service.domain.errors import FilingBlocked
from registry_service.domain.staff import Actor
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import (
    authorise,
    record_access,
)
from registry_service.operations.draft_filing import draft_filing, update_filing
from registry_service.operations.review_filing import Asked, check_filing
from registry_service.operations.submit_filing import submit_filing
from registry_service.rpc import convert_premises as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_places
from registry_service.rpc.handover_methods import HandoverMethods
from registry_service.rpc.paging import Page
from registry_service.rpc.place_methods import PlaceMethods
from yizhao.registry.v1 import premises_pb2, premises_service_pb2_grpc
from yizhao.registry.v1 import premises_service_pb2 as pb


class PremisesServicer(premises_service_pb2_grpc.PremisesServiceServicer):
    """Places of business beside the domicile, their filing and hand-over."""

    def __init__(self, answers: Answers, sign_waiting: Callable[[int, Actor], None]) -> None:
        """`sign_waiting` signs what an act on that entity left to be signed; it never raises."""
        self._answers = answers
        self._handovers = HandoverMethods(answers, sign_waiting)
        self._places = PlaceMethods(answers, sign_waiting)

    def CheckFiling(
        self, request: pb.CheckFilingRequest, context: grpc.ServicerContext
    ) -> pb.CheckFilingResponse:
        """See premises_service.proto."""
        code = names.code(request.parent, "parent")

        def read(act: Act) -> pb.CheckFilingResponse:
            authorise(act, ActName.CHECK_FILING)
            site = convert.site_from_pb(request.site)
            documents = convert.documents_from_pb(request.documents)
            known_places("site.address", site.address, act.units)
            found = check_filing(act, code, Asked(site, documents))
            record_access(act, act.tx.entities.find(code).number, "CheckFiling", "")
            return pb.CheckFilingResponse(
                findings=[convert.finding_to_pb(f) for f in found.findings],
                state=convert.filing_state_to_pb(found.state),
                policy_version=found.policy_version,
            )

        return self._answers.read(read)

    def CreatePremisesFiling(
        self, request: pb.CreatePremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        code, receipt = names.split(request.parent, "entities/*/applications/*", "parent")

        def perform(act: Act) -> premises_pb2.PremisesFiling:
            authorise(act, ActName.CREATE_PREMISES_FILING, entity=lock_entity(act, code))
            site = convert.site_from_pb(request.site)
            known_places("site.address", site.address, act.units)
            documents = convert.documents_from_pb(request.documents)
            entity, filing = draft_filing(act, code, receipt, site, documents)
            return convert.filing_to_pb(filing, entity.uscc)

        kind = premises_pb2.PremisesFiling
        return self._answers.once(request, request.request_id, kind, perform)

    def GetPremisesFiling(
        self, request: pb.GetPremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        code, number = names.split(request.name, "entities/*/filings/*")

        def read(act: Act) -> premises_pb2.PremisesFiling:
            authorise(act, ActName.GET_PREMISES_FILING)
            entity = act.tx.entities.find(code)
            record_access(act, entity.number, "GetPremisesFiling", "")
            filing = act.tx.filings.find(entity.number, int(number))
            return convert.filing_to_pb(filing, entity.uscc)

        return self._answers.read(read)

    def ListPremisesFilings(
        self, request: pb.ListPremisesFilingsRequest, context: grpc.ServicerContext
    ) -> pb.ListPremisesFilingsResponse:
        """See premises_service.proto."""
        code, page = names.code(request.parent, "parent"), Page(request, int)

        def read(act: Act) -> pb.ListPremisesFilingsResponse:
            authorise(act, ActName.LIST_PREMISES_FILINGS)
            entity = act.tx.entities.find(code)
            record_access(act, entity.number, "ListPremisesFilings", "")
            before = int(page.after[0]) if page.after else 2**31 - 1
            found = act.tx.filings.page(entity.number, before, page.size)
            return pb.ListPremisesFilingsResponse(
                filings=[convert.filing_to_pb(f, entity.uscc) for f in found],
                next_page_token=page.token(found[-1].number, more=found[-1].number > 1)
                if found
                else "",
            )

        return self._answers.read(read)

    def UpdatePremisesFiling(
        self, request: pb.UpdatePremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        code, number = names.split(request.name, "entities/*/filings/*")

        def perform(act: Act) -> premises_pb2.PremisesFiling:
            authorise(act, ActName.UPDATE_PREMISES_FILING, entity=lock_entity(act, code))
            site = convert.site_from_pb(request.site)
            known_places("site.address", site.address, act.units)
            documents = convert.documents_from_pb(request.documents)
            entity, filing = update_filing(
                act, code, int(number), site, documents, etag=request.etag
            )
            return convert.filing_to_pb(filing, entity.uscc)

        kind = premises_pb2.PremisesFiling
        return self._answers.once(request, request.request_id, kind, perform)

    def SubmitPremisesFiling(
        self, request: pb.SubmitPremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        code, number = names.split(request.name, "entities/*/filings/*")

        def perform(act: Act) -> premises_pb2.PremisesFiling:
            entity, filing = submit_filing(act, code, int(number), etag=request.etag)
            return convert.filing_to_pb(filing, entity.uscc)

        kind = premises_pb2.PremisesFiling
        answer = self._answers.once(request, request.request_id, kind, perform)
        if answer.state == premises_pb2.FILING_STATE_REJECTED:
            raise _blocked(answer)
        return answer

    def ListPremises(
        self, request: pb.ListPremisesRequest, context: grpc.ServicerContext
    ) -> pb.ListPremisesResponse:
        """See premises_service.proto."""
        code, page = names.code(request.parent, "parent"), Page(request, int)

        def read(act: Act) -> pb.ListPremisesResponse:
            authorise(act, ActName.LIST_PREMISES)
            entity = act.tx.entities.find(code)
            record_access(act, entity.number, "ListPremises", "")
            after = int(page.after[0]) if page.after else 0
            found = act.tx.premises.page(entity.number, after, page.size + 1)
            shown = found[: page.size]
            return pb.ListPremisesResponse(
                premises=[convert.premises_to_pb(p, entity.uscc) for p in shown],
                next_page_token=page.token(shown[-1].number, more=True)
                if len(found) > page.size
                else "",
            )

        return self._answers.read(read)

    def GetPremises(
        self, request: pb.GetPremisesRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Premises:
        """See premises_service.proto."""
        return self._places.get(request)

    def StrikePremises(
        self, request: pb.StrikePremisesRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Premises:
        """See premises_service.proto."""
        return self._places.strike(request)

    def ReinstatePremises(
        self, request: pb.ReinstatePremisesRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Premises:
        """See premises_service.proto."""
        return self._places.reinstate(request)

    def FlagPremises(
        self, request: pb.FlagPremisesRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Premises:
        """See premises_service.proto."""
        return self._places.flag(request)

    def AnswerFlag(
        self, request: pb.AnswerFlagRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Premises:
        """See premises_service.proto."""
        return self._places.answer(request)

    def ListFlags(
        self, request: pb.ListFlagsRequest, context: grpc.ServicerContext
    ) -> pb.ListFlagsResponse:
        """See premises_service.proto."""
        return self._places.list_flags(request)

    def ListHandovers(
        self, request: pb.ListHandoversRequest, context: grpc.ServicerContext
    ) -> pb.ListHandoversResponse:
        """See premises_service.proto."""
        return self._handovers.listed(request)

    def AcknowledgeHandover(
        self, request: pb.AcknowledgeHandoverRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Handover:
        """See premises_service.proto."""
        return self._handovers.acknowledge(request)

    def DeclineHandover(
        self, request: pb.DeclineHandoverRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Handover:
        """See premises_service.proto."""
        return self._handovers.decline(request)

    def ForwardHandover(
        self, request: pb.ForwardHandoverRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Handover:
        """See premises_service.proto."""
        return self._handovers.forward(request)

    def DisputeHandover(
        self, request: pb.DisputeHandoverRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Handover:
        """See premises_service.proto."""
        return self._handovers.dispute(request)

    def ResolveHandover(
        self, request: pb.ResolveHandoverRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Handover:
        """See premises_service.proto."""
        return self._handovers.resolve(request)

    def ReportInspection(
        self, request: pb.ReportInspectionRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Handover:
        """See premises_service.proto."""
        return self._handovers.report(request)


def _blocked(filing: premises_pb2.PremisesFiling) -> FilingBlocked:
    """What the applicant is told of a rejected filing."""
    blocks = [f for f in filing.findings if f.outcome == premises_pb2.FINDING_OUTCOME_BLOCK]
    rules = ",".join(str(f.rule) for f in blocks)
    told = "；".join(f"{f.reason}（{f.remedy}）" if f.remedy else f.reason for f in blocks)
    return FilingBlocked(
        f"rules {rules} block the filing", zh=f"不予备案：{told}", rules=rules, filing=filing.name
    )
