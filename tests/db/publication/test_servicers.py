"""LicenseService and PublicationService, called as the interceptor calls them."""

import io
from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image

from license_verify import Bundle, Outcome, verify
from license_verify.refusal import Refusal
from license_verify.rpc.call import CURRENT, Call
from license_verify.rpc.identity import Workload
from registry_service.domain.errors import (
    InvalidRequest,
    LicenseUnknown,
    ListUnknown,
    RequestIdReused,
    RoleMissing,
)
from registry_service.domain.review import JINING_2023
from registry_service.issuing.decoders import by_zxing
from registry_service.operations.desk import Desk
from registry_service.operations.print_face import Titles
from registry_service.operations.printer import Printer
from registry_service.operations.publisher import Publisher
from registry_service.operations.read_feed import FeedReader
from registry_service.printing.printed_face import Surroundings
from registry_service.rpc.answers import Answers
from registry_service.rpc.license_servicer import LicenseServicer
from registry_service.rpc.page_methods import Printing
from registry_service.rpc.publication_servicer import PublicationServicer
from registry_service.rpc.watch_bundle import BundleWatch
from registry_service.rpc.watch_events import EventWatch
from registry_service.rpc.watches import Watches
from tests.db.issuing.world import CODE, World
from yizhao.registry.v1 import entity_pb2, license_pb2, publication_service_pb2
from yizhao.registry.v1 import license_service_pb2 as pb

ENTITY = f"entities/{CODE}"


class Service:
    """Calls a servicer's methods as a workload."""

    def __init__(self, servicer: object, caller: str) -> None:
        self._servicer = servicer
        self._caller = Workload.parse(f"spiffe://jining.yizhao.test/{caller}")

    def __getattr__(self, method: str) -> Callable[[Any], Any]:
        def call(request: Any) -> Any:
            scope = copy_context()
            scope.run(CURRENT.set, Call(f"/{method}", UUID(int=0), self._caller, None))
            return scope.run(getattr(self._servicer, method), request, None)

        return call


@pytest.fixture
def publisher(world: World) -> Iterator[Publisher]:
    """A publisher that runs."""
    publisher = world.publisher()
    publisher.start()
    yield publisher
    publisher.stop()


@pytest.fixture
def answers(world: World) -> Answers:
    """The desk, for servicers; none of their acts leaves anything to be signed later."""
    desk = Desk(world.store, JINING_2023, world.clock)
    return Answers(desk, lambda _entity_no, _actor: None)


@pytest.fixture
def licenses(world: World, answers: Answers) -> Service:
    """LicenseService for the registrar of 任城."""
    world.register()
    printer = Printer(Surroundings(test_system=True), (), world.clock)
    printing = Printing(printer, Titles("{unit}行政审批服务局", "{unit}市场监督管理局"))
    servicer = LicenseServicer(answers, world.finisher, world.statements, printing)
    return Service(servicer, "staff/0101")


@pytest.fixture
def publication_servicer(
    world: World, answers: Answers, publisher: Publisher
) -> PublicationServicer:
    """PublicationService as the composition root makes it."""
    reader = FeedReader(world.store, publisher.newest)
    events = EventWatch(answers, reader, publisher.newest, Watches(1, 1))
    bundles = BundleWatch(publisher.editions, Watches(1, 1))
    return PublicationServicer(answers, publisher.editions, events, bundles)


@pytest.fixture
def publications(publication_servicer: PublicationServicer) -> Service:
    """PublicationService for the verifier."""
    return Service(publication_servicer, "service/verify")


def test_an_issued_licence_is_signed_when_the_answer_comes(world: World, licenses: Service) -> None:
    issued = licenses.IssueLicense(pb.IssueLicenseRequest(parent=ENTITY))
    assert issued.name == f"{ENTITY}/licenses/1"
    assert issued.state == license_pb2.LICENSE_STATE_ISSUED
    trust = world.trust(world.publish())
    assert verify(issued.scan_text, trust, world.clock()).outcome is Outcome.VALID


def test_a_repeated_request_finds_its_own_document(licenses: Service) -> None:
    request = pb.IssueLicenseRequest(parent=ENTITY, request_id=str(uuid4()))
    assert licenses.IssueLicense(request) == licenses.IssueLicense(request)


def test_a_repeated_request_finishes_what_a_crash_left(world: World, licenses: Service) -> None:
    request = pb.IssueLicenseRequest(parent=ENTITY, request_id=str(uuid4()))
    first = licenses.IssueLicense(request)
    world.rows("UPDATE license_version SET state = 'intent', token = NULL, issued_at = NULL")
    again = licenses.IssueLicense(request)
    assert again.state == license_pb2.LICENSE_STATE_ISSUED
    assert again.token_id == first.token_id


def test_a_request_id_is_good_for_one_request(licenses: Service) -> None:
    request_id = str(uuid4())
    licenses.IssueLicense(pb.IssueLicenseRequest(parent=ENTITY, request_id=request_id))
    with pytest.raises(RequestIdReused):
        licenses.IssueSiteCode(
            pb.IssueSiteCodeRequest(parent=f"{ENTITY}/premises/1", request_id=request_id)
        )


def test_a_licence_is_read_by_version_or_as_the_live_one(licenses: Service) -> None:
    issued = licenses.IssueLicense(pb.IssueLicenseRequest(parent=ENTITY))
    for version in ("1", "-"):
        name = f"{ENTITY}/licenses/{version}"
        assert licenses.GetLicense(pb.GetLicenseRequest(name=name)) == issued
    with pytest.raises(LicenseUnknown):
        licenses.GetLicense(pb.GetLicenseRequest(name=f"{ENTITY}/licenses/2"))


@pytest.mark.parametrize("name", ["", "licenses/1", f"{ENTITY}/licenses/x", f"{ENTITY}/licenses/"])
def test_another_name_is_refused(licenses: Service, name: str) -> None:
    with pytest.raises(InvalidRequest):
        licenses.GetLicense(pb.GetLicenseRequest(name=name))


def test_a_site_code_is_issued_and_drawn(world: World, licenses: Service) -> None:
    number = world.file_site()
    issued = licenses.IssueSiteCode(pb.IssueSiteCodeRequest(parent=f"{ENTITY}/premises/{number}"))
    assert issued.name == f"{ENTITY}/premises/{number}/codes/1"
    name = f"{ENTITY}/premises/{number}/codes/-"
    assert licenses.GetSiteCode(pb.GetSiteCodeRequest(name=name)) == issued
    drawn = licenses.RenderSymbol(pb.RenderSymbolRequest(name=name, format=pb.SYMBOL_FORMAT_SVG))
    assert drawn.media_type == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")


def test_the_picture_of_a_licence_reads_as_its_scan_text(licenses: Service) -> None:
    issued = licenses.IssueLicense(pb.IssueLicenseRequest(parent=ENTITY))
    drawn = licenses.RenderSymbol(pb.RenderSymbolRequest(name=issued.name))
    assert drawn.media_type == "image/png"
    with Image.open(io.BytesIO(drawn.content)) as picture:
        assert by_zxing(np.asarray(picture.convert("L"))) == issued.scan_text


def test_the_bundle_comes_once_for_each_etag(publications: Service) -> None:
    request = publication_service_pb2.GetBundleRequest()
    first = publications.GetBundle(request)
    assert Bundle.decode(first.content).etag == first.etag
    again = publications.GetBundle(
        publication_service_pb2.GetBundleRequest(if_none_match=first.etag)
    )
    assert (again.content, again.etag, again.seq) == (b"", first.etag, first.seq)
    other = publications.GetBundle(
        publication_service_pb2.GetBundleRequest(if_none_match='"another"')
    )
    assert other.content == first.content


def test_lists_and_trust_are_those_of_the_bundle(publications: Service) -> None:
    bundle = Bundle.decode(
        publications.GetBundle(publication_service_pb2.GetBundleRequest()).content
    )
    trust = publications.GetTrustList(publication_service_pb2.GetTrustListRequest())
    status = publications.GetStatusList(
        publication_service_pb2.GetStatusListRequest(name="statusLists/0")
    )
    assert (trust.content, trust.version) == (bundle.trust, 1)
    assert [status.content] == list(bundle.lists.values())
    with pytest.raises(ListUnknown):
        publications.GetStatusList(
            publication_service_pb2.GetStatusListRequest(name="statusLists/7")
        )
    with pytest.raises(InvalidRequest):
        publications.GetStatusList(publication_service_pb2.GetStatusListRequest(name="0"))


def test_the_public_record_tells_what_changed_and_is_recorded(
    world: World, publications: Service
) -> None:
    world.register()
    world.file_site()
    world.change(person="测试戊")
    record = publications.GetPublicRecord(
        publication_service_pb2.GetPublicRecordRequest(name=ENTITY, basis="banking")
    )
    assert record.state == entity_pb2.ENTITY_STATE_ACTIVE
    assert [(c.version, list(c.items)) for c in record.changes] == [(2, ["person"])]
    assert [(p.number, p.unit) for p in record.premises] == [(1, "units/20")]
    assert world.rows("SELECT workload, method, basis FROM access") == [
        ("spiffe://jining.yizhao.test/service/verify", "GetPublicRecord", "banking")
    ]


def test_partners_ask_the_verifier(publication_servicer: PublicationServicer) -> None:
    partner = Service(publication_servicer, "partner/icbank")
    with pytest.raises(RoleMissing) as refused:
        partner.GetBundle(publication_service_pb2.GetBundleRequest())
    assert isinstance(refused.value, Refusal)
