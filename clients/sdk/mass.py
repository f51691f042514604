"""Mass runs: one act on many entities."""

from collections.abc import Iterator, Sequence

import grpc

from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2, mass_run_pb2
from yizhao.registry.v1.admin_service_pb2_grpc import AdminServiceStub

_COUNTING_SECONDS = 120.0
"""A million entities are counted when a run is asked for."""


class MassRuns:
    """AdminService's mass runs."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = AdminServiceStub(channel)
        self._caller = caller

    def start(
        self,
        kind: "mass_run_pb2.MassKind.ValueType",
        basis: str,
        *,
        unit: str = "",
        kid: str = "",
        host: str = "",
    ) -> mass_run_pb2.MassRun:
        """Ask for a run; it waits for its second person."""
        request = pb.StartMassRunRequest(
            kind=kind, basis=basis, unit=unit, kid=kid, host=host, request_id=new_request_id()
        )
        return self._caller.call(self._stub.StartMassRun, request, seconds=_COUNTING_SECONDS)

    def start_act(
        self,
        kind: "mass_run_pb2.MassKind.ValueType",
        codes: Sequence[str],
        basis: str,
        mark_kind: "entity_pb2.MarkKind.ValueType" = entity_pb2.MARK_KIND_UNSPECIFIED,
    ) -> mass_run_pb2.MassRun:
        """Ask for an act on up to 50,000 codes; it waits for the city."""
        request = pb.StartMassActRequest(
            kind=kind, codes=codes, mark_kind=mark_kind, basis=basis, request_id=new_request_id()
        )
        return self._caller.call(self._stub.StartMassAct, request, seconds=_COUNTING_SECONDS)

    def confirm(self, name: str, expected: int) -> mass_run_pb2.MassRun:
        """Let a run of so many entities begin."""
        request = pb.ConfirmMassRunRequest(
            name=name, expected_count=expected, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ConfirmMassRun, request)

    def get(self, name: str) -> mass_run_pb2.MassRun:
        """A run and how far it is."""
        return self._caller.call(self._stub.GetMassRun, pb.GetMassRunRequest(name=name))

    def list(self) -> Iterator[mass_run_pb2.MassRun]:
        """Runs, newest first."""

        def fetch(token: str) -> pb.ListMassRunsResponse:
            request = pb.ListMassRunsRequest(page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListMassRuns, request)

        return every(fetch, lambda page: iter(page.mass_runs))

    def remarks(self, name: str) -> Iterator[mass_run_pb2.MassRemark]:
        """Entities that it could not be done to, and why."""

        def fetch(token: str) -> pb.ListMassRemarksResponse:
            request = pb.ListMassRemarksRequest(parent=name, page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListMassRemarks, request)

        return every(fetch, lambda page: iter(page.remarks))

    def pause(self, name: str) -> mass_run_pb2.MassRun:
        """Let no further chunk begin."""
        request = pb.PauseMassRunRequest(name=name, request_id=new_request_id())
        return self._caller.call(self._stub.PauseMassRun, request)

    def resume(self, name: str) -> mass_run_pb2.MassRun:
        """Let a paused run go on."""
        request = pb.ResumeMassRunRequest(name=name, request_id=new_request_id())
        return self._caller.call(self._stub.ResumeMassRun, request)

    def cancel(self, name: str) -> mass_run_pb2.MassRun:
        """End a run; what was issued stays."""
        request = pb.CancelMassRunRequest(name=name, request_id=new_request_id())
        return self._caller.call(self._stub.CancelMassRun, request)
