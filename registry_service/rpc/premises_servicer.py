"""PremisesService."""

import grpc

from registry_service.domain.authority import ActName
from registry_service.domain.errors import FilingBlocked
from registry_service.operations.acknowledge_handover import acknowledge_handover
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import (
    authorise,
    record_access,
    require_entitled,
)
from registry_service.operations.draft_filing import draft_filing, update_filing
from registry_service.operations.review_filing import Asked, check_filing
from registry_service.operations.submit_filing import submit_filing
from registry_service.rpc import convert_premises as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_places, known_unit
from registry_service.rpc.paging import Page, from_microseconds, microseconds
from yizhao.registry.v1 import premises_pb2, premises_service_pb2_grpc
from yizhao.registry.v1 import premises_service_pb2 as pb


class PremisesServicer(premises_service_pb2_grpc.PremisesServiceServicer):
    """Places of business beside the domicile, their filing and hand-over."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

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

    def ListHandovers(
        self, request: pb.ListHandoversRequest, context: grpc.ServicerContext
    ) -> pb.ListHandoversResponse:
        """See premises_service.proto."""
        page = Page(request, int, int, int)
        unit = names.unit_number(request.unit, "unit")
        state = convert.handover_state_from_pb(request.state)

        def read(act: Act) -> pb.ListHandoversResponse:
            require_entitled(act, ActName.LIST_HANDOVERS)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_HANDOVERS, unit=unit)
            at, entity_no, number = page.after or (0, 0, 0)
            after = (from_microseconds(int(at)), int(entity_no), int(number))
            units = act.units.below(unit)
            found = act.tx.handovers.inbox(units, state, after, page.size + 1)
            shown = found[: page.size]
            for handover in shown:
                record_access(act, handover.entity_no, "ListHandovers", "")
            last = shown[-1] if shown else None
            return pb.ListHandoversResponse(
                handovers=[convert.handover_to_pb(h) for h in shown],
                next_page_token=page.token(
                    microseconds(last.created_at), last.entity_no, last.number, more=True
                )
                if last and len(found) > page.size
                else "",
            )

        return self._answers.read(read)

    def AcknowledgeHandover(
        self, request: pb.AcknowledgeHandoverRequest, context: grpc.ServicerContext
    ) -> premises_pb2.Handover:
        """See premises_service.proto."""
        code, number = names.split(request.name, "entities/*/handovers/*")

        def perform(act: Act) -> premises_pb2.Handover:
            return convert.handover_to_pb(
                acknowledge_handover(act, code, int(number), etag=request.etag)
            )

        kind = premises_pb2.Handover
        return self._answers.once(request, request.request_id, kind, perform)


def _blocked(filing: premises_pb2.PremisesFiling) -> FilingBlocked:
    """What the applicant is told of a rejected filing."""
    blocks = [f for f in filing.findings if f.outcome == premises_pb2.FINDING_OUTCOME_BLOCK]
    rules = ",".join(str(f.rule) for f in blocks)
    told = "；".join(f"{f.reason}（{f.remedy}）" if f.remedy else f.reason for f in blocks)
    return FilingBlocked(
        f"rules {rules} block the filing", zh=f"不予备案：{told}", rules=rules, filing=filing.name
    )
