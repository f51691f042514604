"""A registry's stand-in: publishes one bundle, and knows ten premises of every business."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from google.type.date_pb2 import Date

from license_verify.lists.bundle import Bundle
from license_verify.rpc.identity import Identities
from license_verify.rpc.server import RpcServer, build_server
from license_verify.rpc.tls import TlsFiles
from yizhao.registry.v1 import entity_pb2, premises_pb2, unit_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1 import publication_service_pb2_grpc as pb_grpc

PREMISES: Final = 10
_NAME: Final = pb.DESCRIPTOR.services_by_name["PublicationService"].full_name
_SAYS_SOMETHING_SECONDS: Final = 2.0


def serve(address: str, tls: TlsFiles, identities: Identities, bundle: Bundle) -> RpcServer:
    """Serve on `address` until it is drained."""
    publisher = _Publisher(bundle)
    server = build_server(
        address=address,
        tls=tls,
        identities=identities,
        services={
            _NAME: lambda server: pb_grpc.add_PublicationServiceServicer_to_server(
                publisher, server
            )
        },
        workers=16,
    )
    server.start()
    return server


def title_of(number: int) -> str:
    """What the place with this number is called."""
    return f"试测第{number}门店"


class _Publisher(pb_grpc.PublicationServiceServicer):
    def __init__(self, bundle: Bundle) -> None:
        self._content, self._etag = bundle.encode(), bundle.etag

    def GetBundle(self, request: pb.GetBundleRequest, context: Any) -> pb.GetBundleResponse:  # noqa: N802 - the contract's name
        known = request.if_none_match == self._etag
        return pb.GetBundleResponse(content=b"" if known else self._content, etag=self._etag, seq=1)

    def WatchBundle(  # noqa: N802 - the contract's name
        self, request: pb.WatchBundleRequest, context: Any
    ) -> Iterator[pb.GetBundleResponse]:
        while context.is_active():
            yield pb.GetBundleResponse(etag=self._etag, seq=1)
            time.sleep(_SAYS_SOMETHING_SECONDS)

    def GetTrustList(  # noqa: N802 - the contract's name
        self, request: pb.GetTrustListRequest, context: Any
    ) -> pb.GetTrustListResponse:
        raise NotImplementedError

    def GetStaff(  # noqa: N802 - the contract's name
        self, request: pb.GetStaffRequest, context: Any
    ) -> unit_pb2.Staff:
        raise NotImplementedError

    def GetStatusList(  # noqa: N802 - the contract's name
        self, request: pb.GetStatusListRequest, context: Any
    ) -> pb.GetStatusListResponse:
        raise NotImplementedError

    def WatchEvents(  # noqa: N802 - the contract's name
        self, request: pb.WatchEventsRequest, context: Any
    ) -> Iterator[pb.WatchEventsResponse]:
        """Nothing happens while it is measured."""
        while context.is_active():
            time.sleep(_SAYS_SOMETHING_SECONDS)
        yield from ()

    def GetPublicRecord(  # noqa: N802 - the contract's name
        self, request: pb.GetPublicRecordRequest, context: Any
    ) -> pb.PublicRecord:
        uscc = request.name.removeprefix("entities/")
        answer = pb.PublicRecord(
            name=request.name,
            uscc=uscc,
            business_name="济宁市试测物流有限公司",
            state=entity_pb2.ENTITY_STATE_ACTIVE,
            registrar="units/11",
            version=1,
            effective_date=_day(date(2026, 3, 4)),
            premises=[_place(number) for number in range(1, PREMISES + 1)],
        )
        answer.face.type_code = 1130
        answer.face.person = "钱试测"
        answer.face.address.text = "山东省济宁市任城区阜桥街道样例路1号（样例路口向南100米）"
        answer.face.capital = "壹佰万元整"
        answer.face.scope = "一般项目：日用百货销售"
        answer.read_time.FromDatetime(datetime.now(UTC).replace(tzinfo=None))
        return answer


def _place(number: int) -> pb.PublicPremises:
    return pb.PublicPremises(
        number=number,
        title=title_of(number),
        address=f"曲阜市鲁城街道样例街{number}号1-2层",
        unit=f"units/{11 + number % 4}",
        state=premises_pb2.PREMISES_STATE_LIVE,
        filing_date=_day(date(2026, 4, number)),
    )


def _day(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)
