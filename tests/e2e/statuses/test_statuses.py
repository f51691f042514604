"""Every status of a list is reached by its own act, and then read alike in every way.

The library has the published bundle alone; the service, the batch, the page and the command ask
a node that follows the same registry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from license_verify.token.scan import ScanText
from registry_service.composition import utc_now
from registry_service.domain.key import KeyUse
from registry_service.domain.license import LicenseState
from registry_service.domain.review import JINING_2023
from registry_service.issuing.intent import token_of
from registry_service.issuing.keys import load
from registry_service.issuing.signer import KeyRing
from registry_service.operations.desk import Caller, Desk
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.issue_license import issue_license
from registry_service.operations.issue_site_code import issue_site_code
from registry_service.store.transaction import Store
from tests.e2e.statuses.office import Office
from tests.rpc.registry import people
from tests.rpc.registry.second import confirmed
from tests.rpc.registry.test_copies import copies, printed
from tests.rpc.registry.test_copies import lose as void
from tests.rpc.registry.test_entity_acts import deregistered, suspended
from tests.rpc.registry.test_filing_acts import changed as changed_place
from tests.rpc.registry.test_lifecycle import QUFU_SHOP, changed, licensed
from tests.rpc.registry.world import Client, a_date, a_face, an_entity, filed
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb


@dataclass(frozen=True)
class Firm:
    """An entity with a licence, a 副本 and a site code, as scan texts."""

    office: Office
    client: Client
    name: str
    place: str
    scans: dict[str, str]

    @property
    def now(self) -> entity_pb2.Entity:
        found: entity_pb2.Entity = self.client.entities.GetEntity(
            pb.GetEntityRequest(name=self.name)
        )
        return found

    @property
    def decided(self) -> dict[str, Any]:
        """What a decision with consequences says."""
        named = self.now.face.business_name
        return {"name": self.name, "expected_business_name": named, "basis": "决定书〔2026〕1号"}


@pytest.fixture
def firm(office: Office) -> Firm:
    client = office.registry.as_(people.RENCHENG)
    entity = an_entity(client)
    place = filed(client, entity, QUFU_SHOP).premises
    code = client.licenses.IssueSiteCode(license_pb.IssueSiteCodeRequest(parent=place))
    scans = {
        "licence": licensed(client, entity).scan_text,
        "copy": printed(client, entity).scan_text,
        "site code": code.scan_text,
    }
    return Firm(office, client, entity.name, place, scans)


def nothing(_firm: Firm) -> None:
    pass


def suspend(firm: Firm) -> None:
    suspended(firm.client, firm.name)


def renew(firm: Firm) -> None:
    """New data of firm and place, each with a document of its own."""
    changed(firm.client, firm.now, person="孙试改")
    changed_place(firm.client, firm.now, firm.place, "曲阜市鲁城街道样例街18号")


def revoke(firm: Firm) -> None:
    asked = firm.client.entities.RevokeEntity(pb.RevokeEntityRequest(**firm.decided))
    confirmed(firm.office.registry, asked)


def deregister(firm: Firm) -> None:
    deregistered(firm.client, firm.now)


def lose(firm: Firm) -> None:
    void = license_pb.VoidLostLicenseRequest(name=f"{firm.name}/licenses/-", basis="公示声明作废")
    firm.client.licenses.VoidLostLicense(void)


def annul(firm: Firm) -> None:
    asked = firm.client.entities.AnnulEntity(pb.AnnulEntityRequest(**firm.decided))
    confirmed(firm.office.registry, asked)


@pytest.mark.parametrize(
    ("act", "status", "documents"),
    [
        (nothing, "VALID", ("licence", "copy", "site code")),
        (suspend, "SUSPENDED", ("licence", "copy", "site code")),
        (renew, "SUPERSEDED", ("licence", "copy", "site code")),
        (lose, "LOST_VOID", ("licence", "copy")),  # a code on a wall is nobody's to lose
        (revoke, "REVOKED", ("licence", "copy", "site code")),
        (deregister, "DEREGISTERED", ("licence", "copy", "site code")),
        (annul, "ANNULLED", ("licence", "copy", "site code")),
    ],
)
def test_a_status_is_read_alike_in_every_way(
    firm: Firm, act: Callable[[Firm], None], status: str, documents: tuple[str, ...]
) -> None:
    act(firm)
    for document in documents:
        reading = firm.office.reading(firm.scans[document], status)
        said = ("VALID", "OK") if status == "VALID" else ("INVALID", f"STATUS_{status}")
        assert (reading.outcome, reading.reason) == said, document


def test_a_lost_copy_is_void_alone(firm: Firm) -> None:
    other = printed(firm.client, firm.now).scan_text
    lost = next(
        copy for copy in copies(firm.client, firm.now) if copy.scan_text == firm.scans["copy"]
    )
    void(firm.client, lost)
    assert firm.office.reading(lost.scan_text, "LOST_VOID").reason == "STATUS_LOST_VOID"
    for scan in (other, firm.scans["licence"], firm.scans["site code"]):
        assert firm.office.reading(scan, "VALID").outcome == "VALID"


@pytest.mark.parametrize("document", ["licence", "site code"])
def test_what_was_given_up_before_it_was_signed_reads_invalid(
    office: Office, document: str
) -> None:
    """A crash between signing and storing: the picture may be out, the register gave it up.

    Of a picture made just now nobody could tell; a minute later, lists should have it.
    """
    client = office.registry.as_(people.RENCHENG)
    entity = an_entity(client)
    place = filed(client, entity, QUFU_SHOP).premises
    with Store(office.registry.database, 2) as store:
        caller = Caller(f"spiffe://jining.yizhao.test/{people.RENCHENG}", "0101", None)
        with Desk(store, JINING_2023, _an_hour_ago).act(caller) as act:
            if document == "licence":
                intent = issue_license(act, entity.uscc)
            else:
                intent = issue_site_code(act, entity.uscc, int(place.rpartition("/")[2]))
        ring = KeyRing(load(office.keys), {})
        token = token_of(intent.to_be_signed, ring.signer(intent.kid, KeyUse.TOKEN))
        scan = str(ScanText.of(intent.scan_host, token))
        deregistered(client, entity)
        assert Finisher(store, ring, utc_now).finish(intent).state is LicenseState.VOIDED
    assert office.reading(scan, "INVALID").reason == "STATUS_INVALID"


def _an_hour_ago() -> datetime:
    return utc_now() - timedelta(hours=1)


def test_a_term_that_is_over_reads_expired(office: Office) -> None:
    client = office.registry.as_(people.RENCHENG)
    ended = utc_now().date() - timedelta(days=3)
    entity = an_entity(
        client, face=a_face(term_end_date=a_date(ended.year, ended.month, ended.day))
    )
    reading = office.reading(licensed(client, entity).scan_text, "EXPIRED")
    assert reading.outcome == "INVALID"


def test_what_nobody_signed_reads_unknown(firm: Firm) -> None:
    last = firm.scans["licence"][-1]
    forged = firm.scans["licence"][:-1] + str((int(last) + 1) % 10)
    assert firm.office.reading(forged, "UNKNOWN").outcome == "INVALID"
