"""The registry's side of the contract: a real server that publishes a really signed world."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import grpc

from license_verify import Bundle
from license_verify.refusal import FieldViolation, InvalidRequest, Kind, Refusal
from license_verify.rpc.call import current_call
from license_verify.rpc.server import RpcServer, build_server
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import FACE, URI, USCC, World
from yizhao.registry.v1 import entity_pb2, premises_pb2, unit_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1 import publication_service_pb2_grpc as pb_grpc

SERVICE = "yizhao.registry.v1.PublicationService"
SHOPS = (
    (3, "曲阜门店", "曲阜市鲁城街道样例街8号", 20),
    (7, "孔府店", "曲阜市鲁城街道试写路15号1-2层", 20),
    (9, "", "邹城市钢山街道样例大道66号", 21),
)


class EntityUnknown(Refusal):
    kind = Kind.NOT_FOUND
    reason = "ENTITY_UNKNOWN"


class DatabaseAway(Refusal):
    kind = Kind.UNAVAILABLE
    reason = "DATABASE_UNAVAILABLE"


class WatchesFull(Refusal):
    kind = Kind.EXHAUSTED
    reason = "TOO_MANY_WATCHES"


@dataclass
class Publisher(pb_grpc.PublicationServiceServicer):
    """Publishes what its fields say to those who pull; counts what it is asked."""

    world: World
    state: entity_pb2.EntityState.ValueType = entity_pb2.ENTITY_STATE_ACTIVE
    registrar: str = "units/11"
    version: int = FACE.version
    person: str = FACE.person
    shops: tuple[tuple[int, str, str, int], ...] = SHOPS
    scope: str = "一般项目：日用百货销售"
    type_code: int = FACE.type_code
    dwellings: dict[int, str] = field(default_factory=dict)
    """Numbers of shops in dwellings, with what passers-by may see of the address."""
    former_codes: tuple[str, ...] = ()
    spoil: bytes | None = None
    """Sent instead of the bundle."""
    requests: list[str] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    not_modified: int = 0
    bundle_seconds: float = 0.0
    """What is published takes as long to come."""
    slow_seconds: float = 0.0
    """Answers for the live record take as long."""
    staff: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Roles by `staff/{number}`, as `CITY`, or `REGISTRAR units/11`; nobody else is there."""
    roles_away: bool = False
    record_away: bool = False
    never: threading.Event = field(default_factory=threading.Event)
    _bundles: dict[int, Bundle] = field(default_factory=dict)
    _signing: threading.Lock = field(default_factory=threading.Lock)

    def GetBundle(self, request: pb.GetBundleRequest, context: Any) -> pb.GetBundleResponse:  # noqa: N802
        if self.bundle_seconds:
            self.never.wait(self.bundle_seconds)
        bundle = self._published()
        if request.if_none_match == bundle.etag:
            self.not_modified += 1
            return pb.GetBundleResponse(etag=bundle.etag, seq=self.world.seq)
        content = self.spoil if self.spoil is not None else bundle.encode()
        return pb.GetBundleResponse(content=content, etag=bundle.etag, seq=self.world.seq)

    def WatchBundle(  # noqa: N802
        self, request: pb.WatchBundleRequest, context: Any
    ) -> Iterator[pb.GetBundleResponse]:
        raise WatchesFull("this registry is only pulled from")

    def GetTrustList(  # noqa: N802
        self, request: pb.GetTrustListRequest, context: Any
    ) -> pb.GetTrustListResponse:
        return pb.GetTrustListResponse(
            content=self._published().trust, version=self.world.trust_version
        )

    def GetStatusList(  # noqa: N802
        self, request: pb.GetStatusListRequest, context: Any
    ) -> pb.GetStatusListResponse:
        return pb.GetStatusListResponse(content=self._published().lists[URI])

    def WatchEvents(  # noqa: N802
        self, request: pb.WatchEventsRequest, context: Any
    ) -> Iterator[pb.WatchEventsResponse]:
        return iter(())

    def GetStaff(self, request: pb.GetStaffRequest, context: Any) -> unit_pb2.Staff:  # noqa: N802
        if self.roles_away:
            raise DatabaseAway("the database is away")
        roles = self.staff.get(request.name)
        return unit_pb2.Staff(
            name=request.name,
            person_name="吴试人",
            assignments=[
                unit_pb2.Assignment(
                    unit=unit or "units/1", role=unit_pb2.Role.Value(f"ROLE_{role}")
                )
                for role, _, unit in (each.partition(" ") for each in roles or ())
            ],
            disabled=roles is None,
        )

    def _published(self) -> Bundle:
        """The bundle of the world, signed once for each number."""
        with self._signing:
            found = self._bundles.get(self.world.seq)
            if found is None:
                found = self._bundles[self.world.seq] = self.world.bundle()
        return found

    def GetPublicRecord(  # noqa: N802
        self, request: pb.GetPublicRecordRequest, context: Any
    ) -> pb.PublicRecord:
        self.never.wait(self.slow_seconds)
        self.requests.append(f"{request.name} for {request.basis}")
        self.request_ids.append(str(current_call().request_id))
        if self.record_away:
            raise DatabaseAway("the database is away")
        if len(request.basis) > 200:
            raise InvalidRequest(FieldViolation("basis", "is longer than 200", "事由过长"))
        if request.name.removeprefix("entities/") not in (USCC, *self.former_codes):
            raise EntityUnknown("no such entity")
        answer = pb.PublicRecord(
            name=request.name,
            uscc=USCC,
            business_name=FACE.name or "",
            state=self.state,
            registrar=self.registrar,
            version=self.version,
            former_codes=self.former_codes,
        )
        answer.face.type_code = self.type_code
        answer.face.person = self.person
        answer.face.address.text = FACE.address or ""
        answer.face.capital = FACE.capital or ""
        answer.face.scope = self.scope
        answer.effective_date.year, answer.effective_date.month = 2026, 10
        answer.effective_date.day = 9
        answer.read_time.FromDatetime(datetime.now(UTC).replace(tzinfo=None))
        for number, title, address, unit in self.shops:
            shop = answer.premises.add(
                number=number,
                title=title,
                address=address,
                unit=f"units/{unit}",
                state=premises_pb2.PREMISES_STATE_LIVE,
                masked_address=self.dwellings.get(number, ""),
            )
            shop.filing_date.year, shop.filing_date.month, shop.filing_date.day = 2026, 4, 1
        return answer


@contextmanager
def a_registry(
    publisher: pb_grpc.PublicationServiceServicer,
    authorities: Authorities,
    address: str = "127.0.0.1:0",
) -> Iterator[RpcServer]:
    def add(server: grpc.Server) -> None:
        pb_grpc.add_PublicationServiceServicer_to_server(publisher, server)

    built = build_server(
        address=address,
        tls=authorities.server("registry"),
        identities=authorities.identities(),
        services={SERVICE: add},
        workers=4,
    )
    built.start()
    try:
        yield built
    finally:
        built.drain(0)
