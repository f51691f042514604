"""AdminService's methods on mass runs."""

from collections.abc import Callable
from typing import Final

from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.mass_run import MassRun
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.look import keep_shown
from registry_service.operations.mass_runs import (
    cancel_mass_run,
    confirm_mass_run,
    pause_mass_run,
    resume_mass_run,
    start_mass_act,
    start_mass_run,
)
from registry_service.rpc import convert_mass as convert
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_unit, purpose_from_pb
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import mass_run_pb2

_FIRST: Final = 2**63 - 1
"""Above every number of a run."""


class MassMethods:
    """StartMassRun and what becomes of it."""

    def __init__(self, answers: Answers, confirmed: Callable[[], None]) -> None:
        """`confirmed` is told that a run is to go on."""
        self._answers = answers
        self._confirmed = confirmed

    def start(self, request: pb.StartMassRunRequest) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""

        def perform(act: Act) -> mass_run_pb2.MassRun:
            require_entitled(act, ActName.START_MASS_RUN)
            selection, basis = convert.selection_from_pb(request)
            known_unit("unit", selection.unit, act.units)
            return convert.run_to_pb(start_mass_run(act, selection, basis))

        return self._answers.once(request, request.request_id, mass_run_pb2.MassRun, perform)

    def start_act(self, request: pb.StartMassActRequest) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""

        def perform(act: Act) -> mass_run_pb2.MassRun:
            require_entitled(act, ActName.START_MASS_ACT)
            selection, codes, basis = convert.listed_from_pb(request)
            return convert.run_to_pb(start_mass_act(act, selection, codes, basis))

        return self._answers.once(request, request.request_id, mass_run_pb2.MassRun, perform)

    def confirm(self, request: pb.ConfirmMassRunRequest) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._stir(
            request, lambda act, number: confirm_mass_run(act, number, request.expected_count)
        )

    def pause(self, request: pb.PauseMassRunRequest) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._stir(request, pause_mass_run)

    def resume(self, request: pb.ResumeMassRunRequest) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._stir(request, resume_mass_run)

    def cancel(self, request: pb.CancelMassRunRequest) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        return self._stir(request, cancel_mass_run)

    def _stir(
        self,
        request: pb.ConfirmMassRunRequest
        | pb.PauseMassRunRequest
        | pb.ResumeMassRunRequest
        | pb.CancelMassRunRequest,
        move: Callable[[Act, int], MassRun],
    ) -> mass_run_pb2.MassRun:
        number = convert.run_number(request.name)
        answer = self._answers.once(
            request,
            request.request_id,
            mass_run_pb2.MassRun,
            lambda act: convert.run_to_pb(move(act, number)),
        )
        self._confirmed()
        return answer

    def get(self, request: pb.GetMassRunRequest) -> mass_run_pb2.MassRun:
        """See admin_service.proto."""
        number = convert.run_number(request.name)

        def read(act: Act) -> mass_run_pb2.MassRun:
            authorise(act, ActName.GET_MASS_RUN)
            return convert.run_to_pb(act.tx.mass_runs.find(number))

        return self._answers.read(read)

    def list_runs(self, request: pb.ListMassRunsRequest) -> pb.ListMassRunsResponse:
        """See admin_service.proto."""
        page = Page(request, int)

        def read(act: Act) -> pb.ListMassRunsResponse:
            authorise(act, ActName.LIST_MASS_RUNS)
            before = int(page.after[0]) if page.after else _FIRST
            found = act.tx.mass_runs.page(before, page.size + 1)
            shown = found[: page.size]
            return pb.ListMassRunsResponse(
                mass_runs=[convert.run_to_pb(run) for run in shown],
                next_page_token=page.token(shown[-1].number, more=len(found) > len(shown))
                if shown
                else "",
            )

        return self._answers.read(read)

    def list_remarks(self, request: pb.ListMassRemarksRequest) -> pb.ListMassRemarksResponse:
        """See admin_service.proto."""
        page = Page(request, int)
        number = convert.run_number(request.parent, "parent")
        purpose = purpose_from_pb(request)

        def read(act: Act) -> pb.ListMassRemarksResponse:
            authorise(act, ActName.LIST_MASS_REMARKS)
            run = act.tx.mass_runs.find(number)
            after = int(page.after[0]) if page.after else 0
            table = act.tx.mass_entities if run.selection.kind.listed else act.tx.mass_runs
            found = table.remarks(number, after, page.size + 1)
            shown = found[: page.size]
            seen = {remark.entity_no for remark in shown if remark.entity_no is not None}
            keep_shown(act, "ListMassRemarks", sorted(seen), purpose)
            return pb.ListMassRemarksResponse(
                remarks=[convert.remark_to_pb(remark) for remark in shown],
                next_page_token=page.token(shown[-1].place, more=len(found) > len(shown))
                if shown
                else "",
            )

        return self._answers.read(read)
