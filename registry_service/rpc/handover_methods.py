"""The methods of PremisesService that are about hand-overs."""

from collections.abc import Callable
from typing import Final

from license_verify.rpc.paging import Page, from_microseconds, microseconds
from registry_service.domain.authority import ActName
from registry_service.domain.premises import Handover
from registry_service.operations.acknowledge_handover import acknowledge_handover
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.decline_handover import decline_handover
from registry_service.operations.dispute_handover import dispute_handover
from registry_service.operations.forward_handover import forward_handover
from registry_service.operations.look import keep_shown
from registry_service.operations.report_inspection import report_inspection
from registry_service.operations.resolve_handover import resolve_handover
from registry_service.rpc import convert_handover as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_unit, purpose_from_pb
from registry_service.rpc.queue_pages import counts_to_pb
from yizhao.registry.v1 import premises_pb2
from yizhao.registry.v1 import premises_service_pb2 as pb

_NAME: Final = "entities/*/handovers/*"

Moving = (
    pb.AcknowledgeHandoverRequest
    | pb.DeclineHandoverRequest
    | pb.ForwardHandoverRequest
    | pb.DisputeHandoverRequest
    | pb.ResolveHandoverRequest
    | pb.ReportInspectionRequest
)


class HandoverMethods:
    """Inboxes, and what may become of a hand-over."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def listed(self, request: pb.ListHandoversRequest) -> pb.ListHandoversResponse:
        """ListHandovers."""
        page = Page(request, int, int, int)
        unit = names.unit_number(request.unit, "unit")
        state, home = convert.state_from_pb(request.state), convert.is_home(request.side)
        purpose = purpose_from_pb(request)

        def read(act: Act) -> pb.ListHandoversResponse:
            require_entitled(act, ActName.LIST_HANDOVERS)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_HANDOVERS, unit=unit)
            at, entity_no, number = page.after or (0, 0, 0)
            after = (from_microseconds(int(at)), int(entity_no), int(number))
            units = act.units.below(unit)
            found = act.tx.handovers.page(units, state, after, page.size + 1, home=home)
            shown = found[: page.size]
            keep_shown(act, "ListHandovers", [h.entity_no for h in shown], purpose)
            last = shown[-1] if shown else None
            counts = act.tx.handovers.count(units, state, act.today, home=home)
            return pb.ListHandoversResponse(
                handovers=[_told(act, h) for h in shown],
                next_page_token=page.token(
                    microseconds(last.created_at), last.entity_no, last.number, more=True
                )
                if last and len(found) > page.size
                else "",
                counts=counts_to_pb(counts),
            )

        return self._answers.read(read)

    def acknowledge(self, request: pb.AcknowledgeHandoverRequest) -> premises_pb2.Handover:
        """AcknowledgeHandover."""
        return self._moved(
            request,
            lambda act, code, number: acknowledge_handover(act, code, number, etag=request.etag),
        )

    def decline(self, request: pb.DeclineHandoverRequest) -> premises_pb2.Handover:
        """DeclineHandover."""
        return self._moved(
            request,
            lambda act, code, number: decline_handover(
                act, code, number, request.reason, etag=request.etag
            ),
        )

    def forward(self, request: pb.ForwardHandoverRequest) -> premises_pb2.Handover:
        """ForwardHandover."""
        to_unit = names.unit_number(request.to_unit, "to_unit")
        return self._moved(
            request,
            lambda act, code, number: forward_handover(
                act, code, number, to_unit, request.reason, etag=request.etag
            ),
        )

    def dispute(self, request: pb.DisputeHandoverRequest) -> premises_pb2.Handover:
        """DisputeHandover."""
        return self._moved(
            request,
            lambda act, code, number: dispute_handover(
                act, code, number, request.reason, etag=request.etag
            ),
        )

    def resolve(self, request: pb.ResolveHandoverRequest) -> premises_pb2.Handover:
        """ResolveHandover."""
        to_unit = names.unit_number(request.to_unit, "to_unit")
        return self._moved(
            request,
            lambda act, code, number: resolve_handover(
                act, code, number, to_unit, request.reason, etag=request.etag
            ),
        )

    def report(self, request: pb.ReportInspectionRequest) -> premises_pb2.Handover:
        """ReportInspection."""
        return self._moved(
            request,
            lambda act, code, number: report_inspection(
                act, code, number, convert.report_from_pb(request.inspection), etag=request.etag
            ),
        )

    def _moved(
        self, request: Moving, step: Callable[[Act, str, int], Handover]
    ) -> premises_pb2.Handover:
        """Do a step; then sign the code of a place that came under another unit by it."""
        code, number = names.split(request.name, _NAME)

        def perform(act: Act) -> tuple[int, premises_pb2.Handover]:
            moved = step(act, code, int(number))
            return moved.entity_no, _told(act, moved)

        kind = premises_pb2.Handover
        return self._answers.signed(request, request.request_id, kind, perform)


def _told(act: Act, handover: Handover) -> premises_pb2.Handover:
    inspections = act.tx.inspections.of(handover.entity_no, handover.number)
    return convert.handover_to_pb(handover, inspections)
