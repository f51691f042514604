"""PublicationService."""

import re
from collections.abc import Iterator
from typing import Final

import grpc

from license_verify.lists.manifest import etag_of
from license_verify.refusal import FieldViolation
from license_verify.rpc.call import current_caller
from license_verify.rpc.identity import Workload, WorkloadKind
from license_verify.token.claims import status_uri
from registry_service.domain.errors import InvalidRequest, ListUnknown, RoleMissing
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.operations.editions import Editions
from registry_service.operations.look import Sight
from registry_service.operations.public_record import public_past, public_record
from registry_service.operations.standing import standing_today
from registry_service.rpc import convert_license as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_history import point_from_pb
from registry_service.rpc.convert_staff import staff_to_pb
from registry_service.rpc.convert_values import purpose_from_pb
from registry_service.rpc.watch_bundle import BundleWatch
from registry_service.rpc.watch_events import EventWatch
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1 import publication_service_pb2_grpc
from yizhao.registry.v1.unit_pb2 import Staff

_LIST: Final = re.compile(r"statusLists/(0|[1-9][0-9]{0,8})", re.ASCII)
_READERS: Final = frozenset({WorkloadKind.SERVICE, WorkloadKind.STAFF, WorkloadKind.CONSOLE})


class PublicationServicer(publication_service_pb2_grpc.PublicationServiceServicer):
    """What is published, from memory: it is answered while the database is away, too."""

    def __init__(
        self, answers: Answers, editions: Editions, events: EventWatch, bundles: BundleWatch
    ) -> None:
        self._answers = answers
        self._editions = editions
        self._events = events
        self._bundles = bundles

    def GetTrustList(
        self, request: pb.GetTrustListRequest, context: grpc.ServicerContext
    ) -> pb.GetTrustListResponse:
        """See publication_service.proto."""
        _require_reader()
        edition = self._editions.newest()
        content, etag = _unless_known(edition.bundle.trust, request.if_none_match)
        return pb.GetTrustListResponse(content=content, version=edition.trust_version, etag=etag)

    def GetStatusList(
        self, request: pb.GetStatusListRequest, context: grpc.ServicerContext
    ) -> pb.GetStatusListResponse:
        """See publication_service.proto."""
        _require_reader()
        found = _LIST.fullmatch(request.name)
        if found is None:
            form = "statusLists/{list}"
            raise InvalidRequest(
                FieldViolation("name", f"is not of the form {form}", f"资源名称格式应为 {form}")
            )
        edition = self._editions.newest()
        uri = status_uri(edition.host, int(found[1]))
        content = edition.bundle.lists.get(uri)
        if content is None:
            raise ListUnknown(f"there is no status list {uri}", zh="没有该状态列表", uri=uri)
        content, etag = _unless_known(content, request.if_none_match)
        return pb.GetStatusListResponse(content=content, etag=etag)

    def GetBundle(
        self, request: pb.GetBundleRequest, context: grpc.ServicerContext
    ) -> pb.GetBundleResponse:
        """See publication_service.proto."""
        _require_reader()
        return self._bundles.answer(request)

    def WatchBundle(
        self, request: pb.WatchBundleRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.GetBundleResponse]:
        """See publication_service.proto."""
        _require_reader()
        return self._bundles.follow(request, context)

    def GetPublicRecord(
        self, request: pb.GetPublicRecordRequest, context: grpc.ServicerContext
    ) -> pb.PublicRecord:
        """See publication_service.proto."""
        _require_reader()
        code = names.code(request.name)

        sight = Sight(code, "GetPublicRecord", purpose_from_pb(request), None)

        def read(act: Act, looked: Whole) -> pb.PublicRecord:
            if request.HasField("as_of"):
                past = public_past(act, looked.entity, *point_from_pb(request.as_of))
                return convert.past_record_to_pb(past)
            return convert.record_to_pb(public_record(act, looked.entity))

        return self._answers.look(sight, read)

    def WatchEvents(
        self, request: pb.WatchEventsRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchEventsResponse]:
        """See publication_service.proto."""
        _require_reader()
        return self._events.follow(request, context)

    def GetStaff(self, request: pb.GetStaffRequest, context: grpc.ServicerContext) -> Staff:
        """See publication_service.proto."""
        domain = _require_service().trust_domain
        number = names.staff_number(request.name, "name")

        def read(act: Act) -> Staff:
            return staff_to_pb(standing_today(act, f"spiffe://{domain}/staff/{number}", number))

        return self._answers.read(read)


def _unless_known(document: bytes, etag: str) -> tuple[bytes, str]:
    """The document, or nothing if that is its ETag already; and its ETag."""
    own = etag_of(document)
    return b"" if etag == own else document, own


def _require_service() -> Workload:
    """Stop everybody but a service of ours; who it is.

    Raises:
        RoleMissing: an official or a partner calls.
    """
    caller = current_caller()
    if caller.kind is not WorkloadKind.SERVICE:
        raise RoleMissing("this is for services", zh="此接口仅供本系统服务使用", role="service")
    return caller


def _require_reader() -> None:
    """Stop callers that are neither a service nor an official.

    Raises:
        RoleMissing: a partner calls; partners ask the verifier.
    """
    if current_caller().kind not in _READERS:
        raise RoleMissing(
            "publications are for services and officials; partners ask the verifier",
            zh="此接口仅供本系统服务和登记机关使用，合作单位请使用核验服务",
            role="service or staff",
        )
