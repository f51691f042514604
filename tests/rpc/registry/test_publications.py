"""Documents and publications: what leaves the registry can be checked by anybody."""

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from clients.development.ca import TRUST_DOMAIN
from license_verify import Bundle, Status
from license_verify.limits import LIST_DOCUMENT_BYTES
from license_verify.lists.status_list import TYP, StatusList
from license_verify.token import cose
from tests.rpc.registry import people
from tests.rpc.registry.second import confirmed
from tests.rpc.registry.test_history import stamp
from tests.rpc.registry.test_lifecycle import QUFU_SHOP, changed, licensed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_date,
    a_face,
    a_filing,
    an_entity,
    filed,
    invalid,
    refused,
    submitted,
)
from yizhao.registry.v1 import entity_pb2, history_pb2, license_pb2, premises_pb2, unit_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb
from yizhao.registry.v1 import publication_service_pb2 as publication_pb


def status_of(
    registry: Registry, document: license_pb2.License | license_pb2.SiteCode
) -> Status | None:
    """What the published list says of a document."""
    number = document.status_uri.rpartition("/")[2]
    answer = registry.as_(people.VERIFY).publication.GetStatusList(
        publication_pb.GetStatusListRequest(name=f"statusLists/{number}")
    )
    signed = cose.decode(answer.content, max_bytes=LIST_DOCUMENT_BYTES, typ=TYP)
    return StatusList.decode(signed.payload).status(document.status_index)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end, "it was not published"
        time.sleep(0.01)


def test_the_published_list_follows_every_act(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    old = licensed(rencheng, entity)
    place = filed(rencheng, entity, QUFU_SHOP).premises
    code = rencheng.licenses.IssueSiteCode(license_pb.IssueSiteCodeRequest(parent=place))
    until(lambda: status_of(registry, code) is Status.VALID)
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    changed(rencheng, current, person="孙试改")
    new = rencheng.licenses.GetLicense(
        license_pb.GetLicenseRequest(name=f"{entity.name}/licenses/-")
    )
    until(lambda: status_of(registry, new) is Status.VALID)
    assert status_of(registry, old) is Status.SUPERSEDED
    assert status_of(registry, code) is Status.VALID
    act = {
        "name": entity.name,
        "expected_business_name": entity.face.business_name,
        "basis": "决定书",
    }
    confirmed(registry, rencheng.entities.RevokeEntity(pb.RevokeEntityRequest(**act)))
    until(lambda: status_of(registry, new) is Status.REVOKED)
    assert {status_of(registry, each) for each in (old, code)} == {Status.REVOKED}
    confirmed(registry, rencheng.entities.ReinstateEntity(pb.ReinstateEntityRequest(**act)))
    until(lambda: status_of(registry, new) is Status.VALID)
    assert status_of(registry, old) is Status.SUPERSEDED


@pytest.mark.parametrize(
    ("form", "media_type"),
    [(license_pb.SYMBOL_FORMAT_PNG, "image/png"), (license_pb.SYMBOL_FORMAT_SVG, "image/svg+xml")],
)
def test_a_symbol_is_drawn(
    rencheng: Client, form: license_pb.SymbolFormat.ValueType, media_type: str
) -> None:
    entity = an_entity(rencheng)
    document = licensed(rencheng, entity)
    drawn = rencheng.licenses.RenderSymbol(
        license_pb.RenderSymbolRequest(name=document.name, format=form)
    )
    assert drawn.media_type == media_type
    assert 1 <= drawn.symbol_version <= 22
    if form == license_pb.SYMBOL_FORMAT_PNG:
        (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn.content)))
        assert read.text == document.scan_text


def test_the_bundle_is_left_out_for_who_has_it(registry: Registry) -> None:
    client = registry.as_(people.VERIFY).publication
    while True:  # another edition may come between the two calls
        first = client.GetBundle(publication_pb.GetBundleRequest())
        again = client.GetBundle(publication_pb.GetBundleRequest(if_none_match=first.etag))
        if again.etag == first.etag:
            break
    assert again.content == b""
    bundle = Bundle.decode(first.content)
    trust = client.GetTrustList(publication_pb.GetTrustListRequest())
    assert (trust.content, trust.version) == (bundle.trust, 1)


def test_the_public_record_tells_what_changed_and_never_the_values(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng, face=a_face(person="钱前任"))
    filed(rencheng, entity, QUFU_SHOP)
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    changed(rencheng, current, person="孙试改")
    record = registry.as_(people.VERIFY).publication.GetPublicRecord(
        publication_pb.GetPublicRecordRequest(name=entity.name, basis="核验")
    )
    assert record.face.person == "孙试改"
    assert [(c.version, list(c.items)) for c in record.changes] == [(2, ["person"])]
    changes = registry.as_(people.VERIFY).publication.WatchEvents(
        publication_pb.WatchEventsRequest(entity=entity.name, kinds=["entity.changed"])
    )
    (event,) = next(batch.events for batch in changes if batch.events)
    changes.cancel()
    assert record.changes[0].record_time == event.record_time
    assert [(p.number, p.address, p.unit) for p in record.premises] == [(1, QUFU_SHOP, "units/20")]
    assert "钱前任".encode() not in record.SerializeToString()
    assert abs(record.read_time.ToDatetime(UTC) - datetime.now(UTC)).total_seconds() < 60
    assert record.state == entity_pb2.ENTITY_STATE_ACTIVE
    assert (record.knowledge, record.HasField("as_of")) == (
        history_pb2.KNOWLEDGE_UNSPECIFIED,
        False,
    )


def public_past(registry: Registry, name: str, **point: Any) -> publication_pb.PublicRecord:
    request = publication_pb.GetPublicRecordRequest(
        name=name, basis="核验", as_of=history_pb2.AsOf(**point)
    )
    found: publication_pb.PublicRecord = registry.as_(people.VERIFY).publication.GetPublicRecord(
        request
    )
    return found


def test_the_public_record_of_another_time_is_that_of_then(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng, face=a_face(person="钱前任"))
    shop = f"曲阜市鲁城街道样例街{int(entity.uscc[9:17], 36)}号"
    filed(rencheng, entity, shop)
    known = stamp(datetime.now(UTC))
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    changed(rencheng, current, person="孙试改")
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    filed(rencheng, current, f"{shop}东")
    then = public_past(registry, entity.name, known_time=known)
    assert then.knowledge == history_pb2.KNOWLEDGE_KNOWN
    assert (then.version, then.face.person, then.uscc) == (1, "钱前任", entity.uscc)
    assert [(p.address, p.unit, p.version) for p in then.premises] == [(shop, "units/20", 1)]
    assert then.state == entity_pb2.ENTITY_STATE_ACTIVE
    today = public_past(registry, entity.name, date=then.as_of.date)
    assert (today.version, len(today.premises)) == (2, 2)


def test_of_what_the_register_does_not_know_nothing_is_published(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    before = public_past(registry, entity.name, date=a_date(2001, 1, 1))
    assert before.knowledge == history_pb2.KNOWLEDGE_NOT_YET
    assert (before.HasField("face"), before.uscc, len(before.premises)) == (False, "", 0)
    with invalid("as_of.date"):
        public_past(registry, entity.name, date=a_date(2999, 1, 1))


def test_the_public_record_says_what_passers_by_may_see_of_a_home(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    filed(rencheng, entity, QUFU_SHOP)
    home = "曲阜市鲁城街道样例街8号3单元501室"
    drafted = a_filing(rencheng, entity, home)
    drafted.site.building = premises_pb2.BUILDING_DWELLING
    consent = premises_pb2.Document(kind="consent", sha256=bytes(32), signer="业主代表")
    written = rencheng.premises.UpdatePremisesFiling(
        premises_pb.UpdatePremisesFilingRequest(
            name=drafted.name,
            site=drafted.site,
            documents=[*drafted.documents, consent],
            etag=drafted.etag,
        )
    )
    assert submitted(rencheng, written).state == premises_pb2.FILING_STATE_FILED
    record = registry.as_(people.VERIFY).publication.GetPublicRecord(
        publication_pb.GetPublicRecordRequest(name=entity.name, basis="核验")
    )
    assert [(p.address, p.masked_address) for p in record.premises] == [
        (QUFU_SHOP, ""),
        (home, "曲阜市鲁城街道"),
    ]


def test_an_intent_that_was_given_up_has_no_picture(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    document = licensed(rencheng, entity)
    registry.run(
        "UPDATE license_version SET state = 'voided', token = NULL, issued_at = NULL"
        " WHERE entity_no = %s",
        registry.number_of(entity.uscc),
    )
    with refused("LICENSE_UNKNOWN"):
        rencheng.licenses.RenderSymbol(license_pb.RenderSymbolRequest(name=document.name))


def test_a_service_is_told_what_a_person_may_do_today(registry: Registry) -> None:
    verifier = registry.as_(people.VERIFY).publication

    def asked(name: str) -> unit_pb2.Staff:
        staff: unit_pb2.Staff = verifier.GetStaff(publication_pb.GetStaffRequest(name=name))
        return staff

    found = asked(people.CITY)
    assert (found.person_name, found.disabled) == (people.name_of(people.CITY), False)
    assert [each.role for each in found.assignments] == [unit_pb2.ROLE_CITY]
    nobody = asked("staff/9998")
    assert (nobody.disabled, list(nobody.assignments)) == (True, [])
    for caller in (people.CITY, people.BANK):
        with refused("ROLE_MISSING", role="service"):
            registry.as_(caller).publication.GetStaff(
                publication_pb.GetStaffRequest(name=people.CITY)
            )


def test_a_disabled_workload_has_no_roles(registry: Registry) -> None:
    workload = f"spiffe://{TRUST_DOMAIN}/{people.ZOUCHENG}"
    registry.run("INSERT INTO workload_disabled VALUES (%s, now(), 'lost')", workload)
    try:
        found = registry.as_(people.VERIFY).publication.GetStaff(
            publication_pb.GetStaffRequest(name=people.ZOUCHENG)
        )
        assert (found.disabled, list(found.assignments)) == (True, [])
    finally:
        registry.run("DELETE FROM workload_disabled WHERE spiffe_id = %s", workload)
