"""Filed places of business, and what their supervisors note about them."""

from collections.abc import Iterator

import grpc

from clients.sdk import names
from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from clients.sdk.queues import Queue, take
from yizhao.registry.v1 import premises_pb2, premises_service_pb2
from yizhao.registry.v1.premises_service_pb2_grpc import PremisesServiceStub


class Places:
    """The part of PremisesService about filed places and flags."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = PremisesServiceStub(channel)
        self._caller = caller

    def get(self, name: str) -> premises_pb2.Premises:
        """Read one by its resource name."""
        request = premises_service_pb2.GetPremisesRequest(name=name)
        return self._caller.call(self._stub.GetPremises, request)

    def list(self, code: str) -> Iterator[premises_pb2.Premises]:
        """An entity's premises, by number."""

        def fetch(token: str) -> premises_service_pb2.ListPremisesResponse:
            request = premises_service_pb2.ListPremisesRequest(
                parent=names.entity(code), page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListPremises, request)

        return every(fetch, lambda page: iter(page.premises))

    def unclaimed(self, unit: str) -> Iterator[premises_pb2.Premises]:
        """Places that came from another register and wait for `units/{unit}` to claim them."""

        def fetch(token: str) -> premises_service_pb2.ListUnclaimedPremisesResponse:
            request = premises_service_pb2.ListUnclaimedPremisesRequest(
                unit=unit, page_size=PAGE_SIZE, page_token=token
            )
            return self._caller.call(self._stub.ListUnclaimedPremises, request)

        return every(fetch, lambda page: iter(page.premises))

    def claim(self, place: premises_pb2.Premises) -> premises_pb2.Premises:
        """Claim one 认领, as it was read."""
        request = premises_service_pb2.ClaimPremisesRequest(
            name=place.name, etag=place.etag, request_id=new_request_id()
        )
        return self._caller.call(self._stub.ClaimPremises, request)

    def strike(
        self, place: premises_pb2.Premises, expected_name: str, basis: str
    ) -> premises_pb2.Premises:
        """Strike it off 撤销备案, as it was read, once a second person confirms."""
        request = premises_service_pb2.StrikePremisesRequest(
            name=place.name,
            expected_business_name=expected_name,
            basis=basis,
            etag=place.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.StrikePremises, request)

    def reinstate(
        self, place: premises_pb2.Premises, expected_name: str, basis: str
    ) -> premises_pb2.Premises:
        """File a struck place again, as it was read, once a second person confirms."""
        request = premises_service_pb2.ReinstatePremisesRequest(
            name=place.name,
            expected_business_name=expected_name,
            basis=basis,
            etag=place.etag,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.ReinstatePremises, request)

    def flag(self, name: str, finding: str) -> premises_pb2.Premises:
        """Note something for the home unit to answer in time."""
        request = premises_service_pb2.FlagPremisesRequest(
            name=name, finding=finding, request_id=new_request_id()
        )
        return self._caller.call(self._stub.FlagPremises, request)

    def answer_flag(self, name: str, answer: str) -> premises_pb2.Premises:
        """Answer a flag, given by its resource name."""
        request = premises_service_pb2.AnswerFlagRequest(
            name=name, answer=answer, request_id=new_request_id()
        )
        return self._caller.call(self._stub.AnswerFlag, request)

    def flags(
        self, unit: str, *, open_only: bool = True, limit: int = 50
    ) -> Queue[premises_pb2.Flag]:
        """Flags of places whose entities `units/{unit}` registers, the earliest due first."""

        def fetch(token: str) -> premises_service_pb2.ListFlagsResponse:
            request = premises_service_pb2.ListFlagsRequest(
                unit=unit, open_only=open_only, page_size=min(limit, PAGE_SIZE), page_token=token
            )
            return self._caller.call(self._stub.ListFlags, request)

        return take(fetch, lambda page: iter(page.flags), limit)
