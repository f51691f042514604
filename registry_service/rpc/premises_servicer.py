"""PremisesService."""

import grpc

from registry_service.documents import DocumentStore
from registry_service.rpc.answers import Answers
from registry_service.rpc.claim_methods import ClaimMethods
from registry_service.rpc.filing_methods import FilingMethods
from registry_service.rpc.handover_methods import HandoverMethods
from registry_service.rpc.place_methods import PlaceMethods, told
from yizhao.registry.v1 import premises_pb2, premises_service_pb2_grpc
from yizhao.registry.v1 import premises_service_pb2 as pb


class PremisesServicer(premises_service_pb2_grpc.PremisesServiceServicer):
    """Places of business beside the domicile, their filing and hand-over."""

    def __init__(
        self,
        answers: Answers,
        documents: DocumentStore,
    ) -> None:
        self._filings = FilingMethods(answers, documents)
        self._handovers = HandoverMethods(answers)
        self._places = PlaceMethods(answers)
        self._claims = ClaimMethods(answers, told)

    def CheckFiling(
        self, request: pb.CheckFilingRequest, context: grpc.ServicerContext
    ) -> pb.CheckFilingResponse:
        """See premises_service.proto."""
        return self._filings.check(request)

    def CreatePremisesFiling(
        self, request: pb.CreatePremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.create(request)

    def BatchCreateFilings(
        self, request: pb.BatchCreateFilingsRequest, context: grpc.ServicerContext
    ) -> pb.BatchCreateFilingsResponse:
        """See premises_service.proto."""
        return self._filings.batch(request)

    def GetPremisesFiling(
        self, request: pb.GetPremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.get(request)

    def ListPremisesFilings(
        self, request: pb.ListPremisesFilingsRequest, context: grpc.ServicerContext
    ) -> pb.ListPremisesFilingsResponse:
        """See premises_service.proto."""
        return self._filings.of_entity(request)

    def ListFilings(
        self, request: pb.ListFilingsRequest, context: grpc.ServicerContext
    ) -> pb.ListFilingsResponse:
        """See premises_service.proto."""
        return self._filings.queue(request)

    def UpdatePremisesFiling(
        self, request: pb.UpdatePremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.update(request)

    def SubmitPremisesFiling(
        self, request: pb.SubmitPremisesFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.submit(request)

    def AssignFiling(
        self, request: pb.AssignFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.assign(request)

    def ReturnFiling(
        self, request: pb.ReturnFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.send_back(request)

    def DecideFiling(
        self, request: pb.DecideFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.decide(request)

    def WithdrawFiling(
        self, request: pb.WithdrawFilingRequest, context: grpc.ServicerContext
    ) -> premises_pb2.PremisesFiling:
        """See premises_service.proto."""
        return self._filings.withdraw(request)

    def ListPremises(
        self, request: pb.ListPremisesRequest, context: grpc.ServicerContext
    ) -> pb.ListPremisesResponse:
        """See premises_service.proto."""
        return self._places.list_places(request)

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

    def ListUnclaimedPremises(
        self, request: pb.ListUnclaimedPremisesRequest, context: grpc.ServicerContext
    ) -> pb.ListUnclaimedPremisesResponse:
        """See premises_service.proto."""
        return self._claims.list_unclaimed(request)

    def ClaimPremises(
        self, request: pb.ClaimPremisesRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Premises:
        """See premises_service.proto."""
        return self._claims.claim(request)

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
