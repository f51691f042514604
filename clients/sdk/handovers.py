"""Premises handed to the unit that supervises the place 抄告."""

from collections.abc import Iterator

import grpc

from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from clients.sdk.queues import Queue, take
from yizhao.registry.v1 import premises_pb2, premises_service_pb2
from yizhao.registry.v1.premises_service_pb2_grpc import PremisesServiceStub


class Handovers:
    """The part of PremisesService about hand-overs; each is given by its name and etag."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = PremisesServiceStub(channel)
        self._caller = caller

    def queue(
        self,
        unit: str,
        state: "premises_pb2.HandoverState.ValueType" = premises_pb2.HANDOVER_STATE_UNSPECIFIED,
        *,
        home: bool = False,
        limit: int = 50,
    ) -> Queue[premises_pb2.Handover]:
        """What `units/{unit}` received, or with `home` what its entities handed over."""
        side = premises_pb2.HANDOVER_SIDE_HOME if home else premises_pb2.HANDOVER_SIDE_HOST

        def fetch(token: str) -> premises_service_pb2.ListHandoversResponse:
            request = premises_service_pb2.ListHandoversRequest(
                unit=unit,
                state=state,
                side=side,
                page_size=min(limit, PAGE_SIZE),
                page_token=token,
            )
            return self._caller.call(self._stub.ListHandovers, request)

        return take(fetch, lambda page: iter(page.handovers), limit)

    def find(self, unit: str, name: str) -> premises_pb2.Handover | None:
        """One among what `units/{unit}` received or its entities handed over; None: not there."""
        for home in (False, True):
            side = premises_pb2.HANDOVER_SIDE_HOME if home else premises_pb2.HANDOVER_SIDE_HOST

            def fetch(
                token: str, side: "premises_pb2.HandoverSide.ValueType" = side
            ) -> premises_service_pb2.ListHandoversResponse:
                request = premises_service_pb2.ListHandoversRequest(
                    unit=unit, side=side, page_size=PAGE_SIZE, page_token=token
                )
                return self._caller.call(self._stub.ListHandovers, request)

            found: Iterator[premises_pb2.Handover] = every(fetch, lambda p: iter(p.handovers))
            for each in found:
                if each.name == name:
                    return each
        return None

    def acknowledge(self, name: str, etag: str) -> premises_pb2.Handover:
        """Take premises on for the host unit 接收."""
        request = premises_service_pb2.AcknowledgeHandoverRequest(
            name=name, etag=etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.AcknowledgeHandover, request)

    def decline(self, name: str, etag: str, reason: str) -> premises_pb2.Handover:
        """Turn premises down 退回."""
        request = premises_service_pb2.DeclineHandoverRequest(
            name=name, reason=reason, etag=etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.DeclineHandover, request)

    def forward(self, name: str, etag: str, to_unit: str, reason: str) -> premises_pb2.Handover:
        """Pass premises on 转办 to `units/{unit}`; a station of the unit needs no reason."""
        request = premises_service_pb2.ForwardHandoverRequest(
            name=name, to_unit=to_unit, reason=reason, etag=etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ForwardHandover, request)

    def dispute(self, name: str, etag: str, reason: str) -> premises_pb2.Handover:
        """Ask the city whose the premises are 争议."""
        request = premises_service_pb2.DisputeHandoverRequest(
            name=name, reason=reason, etag=etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.DisputeHandover, request)

    def resolve(self, name: str, etag: str, to_unit: str, reason: str) -> premises_pb2.Handover:
        """Decide a dispute, as the city."""
        request = premises_service_pb2.ResolveHandoverRequest(
            name=name, to_unit=to_unit, reason=reason, etag=etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ResolveHandover, request)

    def report(
        self, name: str, etag: str, inspection: premises_pb2.Inspection
    ) -> premises_pb2.Handover:
        """Report an inspection of premises taken on 现场核查."""
        request = premises_service_pb2.ReportInspectionRequest(
            name=name, inspection=inspection, etag=etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ReportInspection, request)
