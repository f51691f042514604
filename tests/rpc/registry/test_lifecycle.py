"""From registration to reinstatement, as the counters live it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.rpc.registry import people
from tests.rpc.registry.second import confirmed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_face,
    a_filing,
    a_site,
    a_visit,
    an_entity,
    filed,
    refused,
    submitted,
)
from yizhao.registry.v1 import entity_pb2, license_pb2, premises_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb

QUFU_SHOP = "曲阜市鲁城街道样例街8号"
ZOUCHENG_SHOP = "山东省济宁市邹城市钢山街道样例大道66号"


def events(client: Client, entity: entity_pb2.Entity) -> list[entity_pb2.Event]:
    """Oldest first."""
    answer = client.entities.ListEntityEvents(pb.ListEntityEventsRequest(parent=entity.name))
    return list(reversed(answer.events))


def changed(client: Client, entity: entity_pb2.Entity, **items: Any) -> entity_pb2.Entity:
    request = pb.ChangeEntityRequest(name=entity.name, etag=entity.etag, application=a_visit())
    request.face.CopyFrom(entity_pb2.Face(**items))
    request.update_mask.paths.extend(items)
    after: entity_pb2.Entity = client.entities.ChangeEntity(request)
    return after


def licensed(client: Client, entity: entity_pb2.Entity) -> license_pb2.License:
    found: license_pb2.License = client.licenses.IssueLicense(
        license_pb.IssueLicenseRequest(parent=entity.name)
    )
    return found


def license_states(client: Client, entity: entity_pb2.Entity, *versions: int) -> list[str]:
    return [
        license_pb2.LicenseState.Name(
            client.licenses.GetLicense(
                license_pb.GetLicenseRequest(name=f"{entity.name}/licenses/{version}")
            ).state
        ).removeprefix("LICENSE_STATE_")
        for version in versions
    ]


def test_a_registered_company_stands_under_the_registrars_unit(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    read = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name, basis="核对"))
    assert read == entity
    assert (entity.registrar, entity.version) == ("units/11", 1)
    assert entity.state == entity_pb2.ENTITY_STATE_ACTIVE
    assert entity.kind == entity_pb2.ENTITY_KIND_COMPANY
    assert entity.source.system == "counter"
    assert (entity.face.address.county, entity.face.address.unit) == ("units/11", "units/11")


def test_the_city_registers_companies_of_any_county(registry: Registry) -> None:
    city = registry.as_(people.CITY_REGISTRAR)
    entity = an_entity(city, face=a_face(address="济宁市兖州区鼓楼街道样例路1号"))
    assert entity.registrar == "units/1"
    assert entity.face.address.unit == "units/12"


def test_a_filing_of_a_city_company_beside_its_domicile_is_nobody_elses(registry: Registry) -> None:
    """The county of the domicile supervises both."""
    city = registry.as_(people.CITY_REGISTRAR)
    entity = an_entity(city, face=a_face(address="济宁市任城区古槐街道样例路71号"))
    assert not filed(city, entity, "济宁市任城区古槐街道样例路72号").handover
    assert filed(city, entity, QUFU_SHOP).handover


def test_a_change_supersedes_the_licence_and_signs_the_next(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    first = licensed(rencheng, entity)
    assert first.state == license_pb2.LICENSE_STATE_ISSUED
    assert first.scan_text.startswith("https://localhost:8443/")
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    after = changed(rencheng, current, person="孙试改")
    assert (after.version, after.face.person) == (2, "孙试改")
    assert license_states(rencheng, entity, 1, 2) == ["SUPERSEDED", "ISSUED"]
    live = rencheng.licenses.GetLicense(
        license_pb.GetLicenseRequest(name=f"{entity.name}/licenses/-")
    )
    assert (live.version, live.entity_version) == (2, 2)
    assert live.scan_text != first.scan_text
    kinds = [event.kind for event in events(rencheng, entity)]
    assert kinds[-4:] == [
        "entity.changed",
        "license.superseded",
        "license.requested",
        "license.issued",
    ]


def test_a_correction_keeps_the_wrong_version_and_names_it(rencheng: Client) -> None:
    entity = an_entity(rencheng, face=a_face(person="钱试些"))
    request = pb.CorrectEntityRequest(name=entity.name, basis="录入错误，见身份证件复印件")
    request.face.person = "钱试写"
    request.update_mask.paths.append("person")
    assert rencheng.entities.CorrectEntity(request).face.person == "钱试写"
    listed = rencheng.entities.ListEntityVersions(
        pb.ListEntityVersionsRequest(parent=entity.name)
    ).versions
    assert [(v.version, v.face.person, v.corrects_version) for v in listed] == [
        (2, "钱试写", 1),
        (1, "钱试些", 0),
    ]
    assert listed[0].effective_date == listed[1].effective_date


def test_places_in_two_counties_go_to_the_units_that_supervise_them(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    filings = [filed(rencheng, entity, place) for place in (QUFU_SHOP, ZOUCHENG_SHOP)]
    assert [f.state for f in filings] == [premises_pb2.FILING_STATE_FILED] * 2
    handed = {}
    for caller, unit in ((people.QUFU_SUPERVISOR, 20), (people.ZOUCHENG_SUPERVISOR, 21)):
        inbox = (
            registry.as_(caller)
            .premises.ListHandovers(
                premises_pb.ListHandoversRequest(unit=f"units/{unit}", page_size=1000)
            )
            .handovers
        )
        handed[unit] = [h for h in inbox if h.name.startswith(entity.name + "/")]
    assert [h.name for h in handed[20]] == [filings[0].handover]
    assert [h.name for h in handed[21]] == [filings[1].handover]
    (first,) = handed[20]
    assert (first.from_unit, first.to_unit) == ("units/11", "units/20")
    assert (first.premises, first.address) == (filings[0].premises, QUFU_SHOP)
    assert first.business_name == entity.face.business_name
    assert first.state == premises_pb2.HANDOVER_STATE_PENDING
    listed = rencheng.premises.ListPremises(premises_pb.ListPremisesRequest(parent=entity.name))
    assert [(p.number, p.site.address.unit) for p in listed.premises] == [
        (1, "units/20"),
        (2, "units/21"),
    ]
    assert rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name)).multi_address


def test_a_place_in_the_home_county_is_not_handed_over(rencheng: Client) -> None:
    filing = filed(rencheng, an_entity(rencheng), "济宁市任城区古槐街道样例路9号")
    assert filing.state == premises_pb2.FILING_STATE_FILED
    assert not filing.handover


def test_a_rejected_filing_keeps_its_findings(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    filed(rencheng, entity, QUFU_SHOP)
    again = a_filing(rencheng, entity, QUFU_SHOP)
    with refused("FILING_BLOCKED", rules="11") as told:
        submitted(rencheng, again)
    assert "地址重复" in told[0].zh
    kept = rencheng.premises.GetPremisesFiling(
        premises_pb.GetPremisesFilingRequest(name=again.name)
    )
    assert kept.state == premises_pb2.FILING_STATE_REJECTED
    assert [(f.rule, f.reason) for f in kept.findings] == [(11, "地址重复")]
    assert kept.policy_version == "jining-2023-1"
    with refused("FILING_NOT_OPEN", state="rejected"):
        submitted(rencheng, kept)


def test_a_returned_filing_is_completed_and_filed_without_its_old_findings(
    rencheng: Client,
) -> None:
    filing = filed(rencheng, an_entity(rencheng), "曲阜市鲁城街道")
    assert filing.state == premises_pb2.FILING_STATE_RETURNED
    assert [f.reason for f in filing.findings] == ["地址不完整"]
    better = rencheng.premises.UpdatePremisesFiling(
        premises_pb.UpdatePremisesFilingRequest(
            name=filing.name,
            site=a_site(QUFU_SHOP),
            documents=filing.documents,
            etag=filing.etag,
        )
    )
    assert better.state == premises_pb2.FILING_STATE_RETURNED
    after = submitted(rencheng, better)
    assert after.state == premises_pb2.FILING_STATE_FILED
    assert list(after.findings) == []
    assert after.premises


def test_an_update_without_documents_takes_them_away(rencheng: Client) -> None:
    draft = a_filing(rencheng, an_entity(rencheng), QUFU_SHOP)
    paper = premises_pb2.Document(kind="commitment", sha256=bytes(32), signer="钱试写")
    request = premises_pb.UpdatePremisesFilingRequest(
        name=draft.name, site=draft.site, documents=[paper]
    )
    assert list(rencheng.premises.UpdatePremisesFiling(request).documents) == [paper]
    del request.documents[:]
    assert list(rencheng.premises.UpdatePremisesFiling(request).documents) == []
    read = premises_pb.GetPremisesFilingRequest(name=draft.name)
    assert list(rencheng.premises.GetPremisesFiling(read).documents) == []


def test_only_the_host_units_supervisor_takes_premises_on(
    registry: Registry, rencheng: Client
) -> None:
    filing = filed(rencheng, an_entity(rencheng), QUFU_SHOP)
    request = premises_pb.AcknowledgeHandoverRequest(name=filing.handover)
    with refused("NOT_YOUR_UNIT", owner="units/20", owner_name="曲阜市"):
        registry.as_(people.ZOUCHENG_SUPERVISOR).premises.AcknowledgeHandover(request)
    with refused("ROLE_MISSING", role="supervisor"):
        registry.as_(people.QUFU).premises.AcknowledgeHandover(request)
    host = registry.as_(people.QUFU_SUPERVISOR)
    taken = host.premises.AcknowledgeHandover(request)
    assert taken.state == premises_pb2.HANDOVER_STATE_ACKNOWLEDGED
    assert taken.acknowledged_by == people.QUFU_SUPERVISOR
    with refused("HANDOVER_NOT_OPEN", state="acknowledged"):
        host.premises.AcknowledgeHandover(request)


def test_a_revocation_stops_everything_and_its_reversal_restores_it(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    name = entity.face.business_name
    asked = rencheng.entities.RevokeEntity(
        pb.RevokeEntityRequest(
            name=entity.name, expected_business_name=name, basis="济市监处罚〔2026〕1号"
        )
    )
    revoked = confirmed(registry, asked)
    assert revoked.state == entity_pb2.ENTITY_STATE_REVOKED
    with refused("ENTITY_ENDED", state="revoked"):
        changed(rencheng, revoked, person="孙试改")
    with refused("ENTITY_ENDED"):
        licensed(rencheng, entity)
    with refused("FILING_BLOCKED", rules="2"):
        filed(rencheng, entity, QUFU_SHOP)
    asked = rencheng.entities.ReinstateEntity(
        pb.ReinstateEntityRequest(
            name=entity.name, expected_business_name=name, basis="济市监撤〔2026〕1号"
        )
    )
    back = confirmed(registry, asked)
    assert back.state == entity_pb2.ENTITY_STATE_ACTIVE
    told = events(rencheng, entity)
    by_kind = {event.kind: event for event in told}
    assert by_kind["entity.reinstated"].reverses_revision == by_kind["entity.revoked"].revision
    assert by_kind["entity.revoked"].basis == "济市监处罚〔2026〕1号"


def test_a_dormant_entity_is_dormant_again_after_a_revocation_was_taken_back(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    number = registry.number_of(entity.uscc)
    registry.run("UPDATE entity SET state = 'dormant' WHERE entity_no = %s", number)
    registry.run("UPDATE event SET state_after = 'dormant' WHERE entity_no = %s", number)
    name = entity.face.business_name
    act = {"name": entity.name, "expected_business_name": name, "basis": "决定书"}
    confirmed(registry, rencheng.entities.RevokeEntity(pb.RevokeEntityRequest(**act)))
    asked = rencheng.entities.ReinstateEntity(pb.ReinstateEntityRequest(**act))
    back = confirmed(registry, asked)
    assert back.state == entity_pb2.ENTITY_STATE_DORMANT


def test_events_tell_who_by_name_with_revisions_without_gaps(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    filing = filed(rencheng, entity, QUFU_SHOP)
    registry.as_(people.QUFU_SUPERVISOR).premises.AcknowledgeHandover(
        premises_pb.AcknowledgeHandoverRequest(name=filing.handover)
    )
    told = events(rencheng, entity)
    assert [event.revision for event in told] == list(range(1, len(told) + 1))
    assert [(e.kind, e.actor_name, e.actor_unit) for e in told] == [
        ("entity.registered", "任秋实", "units/11"),
        ("application.taken", "任秋实", "units/11"),
        ("filing.drafted", "任秋实", "units/11"),
        ("filing.filed", "任秋实", "units/11"),
        ("handover.acknowledged", "颜若水", "units/20"),
    ]
    last = told[-1]
    assert (last.actor, last.subject) == (people.QUFU_SUPERVISOR, filing.handover)
    assert last.workload == "spiffe://jining.yizhao.test/staff/0202"


def test_feed_numbers_have_no_gaps_and_keep_each_entitys_order(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    filed(rencheng, entity, QUFU_SHOP)
    end = datetime.now(UTC) + timedelta(seconds=10)
    while any(not e.feed_number for e in events(rencheng, entity)) and datetime.now(UTC) < end:
        pass
    numbers = [n for (n,) in registry.rows("SELECT feed_no FROM event WHERE feed_no IS NOT NULL")]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    own = [event.feed_number for event in events(rencheng, entity)]
    assert own == sorted(own)
    assert all(own)


def test_every_read_of_a_named_entity_is_recorded(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    registry.as_(people.AUDITOR).entities.GetEntity(
        pb.GetEntityRequest(name=entity.name, basis="专项检查")
    )
    assert registry.rows(
        "SELECT a.staff_no, a.method, a.basis FROM access a JOIN code_directory d USING (entity_no)"
        " WHERE d.code = %s",
        entity.uscc,
    ) == [("0999", "GetEntity", "专项检查")]


def test_a_face_changes_while_the_codes_of_its_sites_stay(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    place = filed(rencheng, entity, QUFU_SHOP).premises
    code = rencheng.licenses.IssueSiteCode(license_pb.IssueSiteCodeRequest(parent=place))
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    changed(rencheng, current, person="孙试改")
    after = rencheng.licenses.GetSiteCode(license_pb.GetSiteCodeRequest(name=f"{place}/codes/-"))
    assert after == code
