"""Requests that are wrong: each is refused by name and changes nothing."""

from typing import Any

import grpc
import pytest

from tests.rpc.registry import people
from tests.rpc.registry.test_lifecycle import QUFU_SHOP, changed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_date,
    a_face,
    a_filing,
    a_registration,
    a_site,
    a_visit,
    an_entity,
    filed,
    invalid,
    refused,
    submitted,
)
from yizhao.registry.v1 import application_pb2, entity_pb2, premises_pb2
from yizhao.registry.v1 import application_service_pb2 as application_pb
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb
from yizhao.registry.v1 import publication_service_pb2 as publication_pb

MALFORMED = (
    "",
    "entities",
    "entities/",
    "entities/123",
    "entities/91370811MAJN000108/",
    "entities/91370811majn000108",
    "entities/91370811MAJN000108/x",
    "entities/９1370811MAJN000108",
    "Entities/91370811MAJN000108",
    "entities/91370811MAJN00010\x008",
    "entities/" + "9" * 100_000,
    "/" * 100_000,
)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_name_is_refused(rencheng: Client, name: str) -> None:
    with invalid("name"):
        rencheng.entities.GetEntity(pb.GetEntityRequest(name=name))


@pytest.mark.parametrize("number", ["0", "01", "-1", "1.0", "x", "9999999999", "", "１"])
def test_a_malformed_number_is_refused(rencheng: Client, number: str) -> None:
    name = f"entities/91370811MAJN000108/filings/{number}"
    with invalid("name"):
        rencheng.premises.GetPremisesFiling(premises_pb.GetPremisesFilingRequest(name=name))


def test_an_unknown_thing_is_named(registry: Registry, rencheng: Client) -> None:
    entity, nobody = an_entity(rencheng).name, f"entities/{a_code()}"
    with refused("ENTITY_UNKNOWN", code=nobody.removeprefix("entities/")):
        rencheng.entities.GetEntity(pb.GetEntityRequest(name=nobody))
    with refused("APPLICATION_UNKNOWN", receipt_number="YZ11-20260101-999999"):
        rencheng.applications.GetApplication(
            application_pb.GetApplicationRequest(name=f"{entity}/applications/YZ11-20260101-999999")
        )
    with refused("FILING_UNKNOWN", filing="7"):
        rencheng.premises.GetPremisesFiling(
            premises_pb.GetPremisesFilingRequest(name=f"{entity}/filings/7")
        )
    with refused("HANDOVER_UNKNOWN", handover="7"):
        registry.as_(people.QUFU_SUPERVISOR).premises.AcknowledgeHandover(
            premises_pb.AcknowledgeHandoverRequest(name=f"{entity}/handovers/7")
        )
    with refused("PREMISES_UNKNOWN", premises="7"):
        rencheng.licenses.IssueSiteCode(
            license_pb.IssueSiteCodeRequest(parent=f"{entity}/premises/7")
        )
    with refused("LICENSE_UNKNOWN"):
        rencheng.licenses.GetLicense(license_pb.GetLicenseRequest(name=f"{entity}/licenses/-"))
    with refused("LICENSE_UNKNOWN"):
        rencheng.licenses.GetSiteCode(
            license_pb.GetSiteCodeRequest(name=f"{entity}/premises/1/codes/3")
        )
    with refused("LIST_UNKNOWN"):
        rencheng.publication.GetStatusList(
            publication_pb.GetStatusListRequest(name="statusLists/999")
        )


@pytest.mark.parametrize("name", ["", "statusLists/", "statusLists/-1", "statusLists/01", "x/0"])
def test_a_malformed_list_name_is_refused(rencheng: Client, name: str) -> None:
    with invalid("name"):
        rencheng.publication.GetStatusList(publication_pb.GetStatusListRequest(name=name))


def test_every_wrong_field_of_a_face_is_named_at_once(rencheng: Client) -> None:
    face = a_face(business_name="试\u202e写", person="钱" * 101, type_code=4321)
    face.establish_date.month = 13
    face.address.text = " "
    with refused("INVALID_REQUEST") as told:
        rencheng.entities.RegisterEntity(a_registration(face=face))
    assert {each.field for each in told[0].fields} == {
        "face.business_name",
        "face.person",
        "face.type_code",
        "face.establish_date",
        "face.address.text",
    }
    assert all(each.zh for each in told[0].fields)


@pytest.mark.parametrize(
    ("item", "longest"), [("business_name", 100), ("person", 100), ("scope", 4000)]
)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(
    rencheng: Client, item: str, longest: int
) -> None:
    an_entity(rencheng, face=a_face(**{item: "试" * longest}))
    with invalid(f"face.{item}"):
        an_entity(rencheng, face=a_face(**{item: "试" * (longest + 1)}))
    with invalid(f"face.{item}"):
        an_entity(rencheng, face=a_face(**{item: "试" * 1_000_000}))


def test_a_request_beyond_four_megabytes_is_not_read(rencheng: Client) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        an_entity(rencheng, face=a_face(scope="x" * (5 << 20)))
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_wrong_code_is_refused(rencheng: Client) -> None:
    for code in ("", "91370811MAJN000109", "370811000000001", "9" * 10_000):
        with invalid("uscc"):
            rencheng.entities.RegisterEntity(a_registration(uscc=code))


def test_a_code_is_never_given_twice(rencheng: Client, qufu: Client) -> None:
    code = an_entity(rencheng).uscc
    with refused("CODE_TAKEN", code=code):
        an_entity(rencheng, uscc=code)
    with refused("CODE_TAKEN", code=code):
        an_entity(qufu, uscc=code, face=a_face(address="曲阜市鲁城街道样例路1号"))


def test_a_face_without_a_required_item_is_no_licence(rencheng: Client) -> None:
    for items in ({"person": ""}, {"scope": ""}, {"business_name": ""}, {"type_code": 0}):
        (missing,) = items
        with refused("FACE_INCOMPLETE", items=missing):
            an_entity(rencheng, face=a_face(**items))


def test_a_household_may_lack_a_name(rencheng: Client) -> None:
    face = a_face(business_name="", type_code=9500, capital="", organization_form="个人经营")
    assert an_entity(rencheng, uscc=a_code("92"), face=face).face.business_name == ""


@pytest.mark.parametrize("item", ["county", "unit"])
def test_an_unknown_unit_is_named(rencheng: Client, item: str) -> None:
    face = a_face()
    setattr(face.address, item, "units/999")
    with invalid(f"face.address.{item}"):
        an_entity(rencheng, face=face)
    entity = an_entity(rencheng)
    with invalid(f"face.address.{item}"):
        changed(rencheng, entity, address=face.address)
    correct = pb.CorrectEntityRequest(name=entity.name, basis="核对", face=face)
    correct.update_mask.paths.append("address")
    with invalid(f"face.address.{item}"):
        rencheng.entities.CorrectEntity(correct)
    site = a_site(QUFU_SHOP)
    setattr(site.address, item, "units/999")
    with invalid(f"site.address.{item}"):
        rencheng.premises.CheckFiling(premises_pb.CheckFilingRequest(parent=entity.name, site=site))
    draft = a_filing(rencheng, entity, QUFU_SHOP)
    with invalid(f"site.address.{item}"):
        rencheng.premises.UpdatePremisesFiling(
            premises_pb.UpdatePremisesFilingRequest(name=draft.name, site=site)
        )


def test_an_unknown_unit_in_a_query_is_named(registry: Registry, rencheng: Client) -> None:
    with invalid("registrar"):
        rencheng.entities.ListEntities(pb.ListEntitiesRequest(registrar="units/999"))
    with invalid("registrar"):
        rencheng.entities.ListEntities(pb.ListEntitiesRequest(registrar="任城区"))
    with invalid("unit"):
        registry.as_(people.CITY).premises.ListHandovers(
            premises_pb.ListHandoversRequest(unit="units/999")
        )


def test_an_unknown_state_is_not_taken_for_any_state(registry: Registry) -> None:
    request = premises_pb.ListHandoversRequest(unit="units/20", state=99)  # type: ignore[arg-type]
    with invalid("state"):
        registry.as_(people.QUFU_SUPERVISOR).premises.ListHandovers(request)


def test_a_visit_says_who_came_and_how_they_were_identified(rencheng: Client) -> None:
    unknown: Any = 99
    for visit, field in (
        (application_pb2.ApplicationDetails(), "application.applicant"),
        (a_visit(identity_check=0), "application.identity_check"),
        (a_visit(channel=unknown), "application.channel"),
    ):
        with invalid(field):
            rencheng.entities.RegisterEntity(a_registration(application=visit))


def test_documents_are_digests_of_a_known_kind(rencheng: Client) -> None:
    draft = a_filing(rencheng, an_entity(rencheng), QUFU_SHOP)
    good: dict[str, Any] = {"kind": "commitment", "sha256": bytes(32), "signer": "钱试写"}
    for wrong, field in (
        ([{**good, "kind": "lease"}], "documents[0].kind"),
        ([{**good, "sha256": bytes(31)}], "documents[0].sha256"),
        ([good] * 51, "documents"),
    ):
        request = premises_pb.UpdatePremisesFilingRequest(
            name=draft.name,
            site=draft.site,
            documents=[premises_pb2.Document(**each) for each in wrong],
        )
        with invalid(field):
            rencheng.premises.UpdatePremisesFiling(request)


def test_a_change_of_nothing_is_refused(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    with invalid("update_mask"):
        changed(rencheng, entity)
    with invalid("update_mask"):
        changed(rencheng, entity, person=entity.face.person)
    unknown = pb.ChangeEntityRequest(name=entity.name, application=a_visit())
    unknown.update_mask.paths.extend(["state", "face.person"])
    with invalid("update_mask"):
        rencheng.entities.ChangeEntity(unknown)


def test_a_change_takes_effect_between_the_last_one_and_today(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    for day in (a_date(2020, 1, 1), a_date(2999, 1, 1)):
        request = pb.ChangeEntityRequest(
            name=entity.name, application=a_visit(), effective_date=day
        )
        request.face.person = "孙试改"
        request.update_mask.paths.append("person")
        with invalid("effective_date"):
            rencheng.entities.ChangeEntity(request)


def test_a_domicile_leaves_its_registrar_neither_by_change_nor_by_correction(
    rencheng: Client,
) -> None:
    entity = an_entity(rencheng)
    away = entity_pb2.Address(text="曲阜市鲁城街道样例路3号")
    with invalid("face.address"):
        changed(rencheng, entity, address=away)
    correct = pb.CorrectEntityRequest(name=entity.name, basis="核对")
    correct.face.address.CopyFrom(away)
    correct.update_mask.paths.append("address")
    with invalid("face.address"):
        rencheng.entities.CorrectEntity(correct)


@pytest.mark.parametrize("act", ["change", "correct"])
def test_a_filed_place_that_becomes_the_domicile_is_filed_no_longer(
    rencheng: Client, act: str
) -> None:
    """Invariant 3: no live place equals the domicile, in whatever spelling."""
    entity = an_entity(rencheng)
    filed(rencheng, entity, "山东省济宁市任城区古槐街道样例路19号")
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    same = entity_pb2.Address(text="任城区古槐街道样例路１９号")
    if act == "change":
        changed(rencheng, current, address=same)
    else:
        correct = pb.CorrectEntityRequest(name=entity.name, basis="核对")
        correct.face.address.CopyFrom(same)
        correct.update_mask.paths.append("address")
        rencheng.entities.CorrectEntity(correct)
    listed = rencheng.premises.ListPremises(premises_pb.ListPremisesRequest(parent=entity.name))
    assert [place.state for place in listed.premises] == [premises_pb2.PREMISES_STATE_ENDED]
    after = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    assert not after.multi_address


def test_a_correction_names_its_ground_and_a_version_that_exists(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    request = pb.CorrectEntityRequest(name=entity.name)
    request.face.person = "孙试改"
    request.update_mask.paths.append("person")
    with invalid("basis"):
        rencheng.entities.CorrectEntity(request)
    request.basis = "核对"
    request.corrects_version = 4_000_000_000
    with invalid("corrects_version"):
        rencheng.entities.CorrectEntity(request)


def test_revoking_needs_the_right_name_and_a_ground(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    name = entity.face.business_name
    with refused("EXPECTED_NAME_DIFFERS", code=entity.uscc):
        rencheng.entities.RevokeEntity(
            pb.RevokeEntityRequest(name=entity.name, expected_business_name="别家", basis="决定书")
        )
    with invalid("basis"):
        rencheng.entities.RevokeEntity(
            pb.RevokeEntityRequest(name=entity.name, expected_business_name=name)
        )
    with invalid("expected_business_name"):
        rencheng.entities.RevokeEntity(
            pb.RevokeEntityRequest(
                name=entity.name, expected_business_name="\ufdfa" * 1_000_000, basis="决定书"
            )
        )
    with refused("NOT_REVERSIBLE", state="active"):
        rencheng.entities.ReinstateEntity(
            pb.ReinstateEntityRequest(name=entity.name, expected_business_name=name, basis="决定书")
        )


def test_a_live_licence_is_not_issued_twice(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    rencheng.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=entity.name))
    with refused("LICENSE_LIVE", version="1"):
        rencheng.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=entity.name))
    place = filed(rencheng, entity, QUFU_SHOP).premises
    rencheng.licenses.IssueSiteCode(license_pb.IssueSiteCodeRequest(parent=place))
    with refused("LICENSE_LIVE"):
        rencheng.licenses.IssueSiteCode(license_pb.IssueSiteCodeRequest(parent=place))


def test_a_place_no_longer_filed_gets_no_code(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    place = filed(rencheng, entity, QUFU_SHOP).premises
    registry.run(
        "UPDATE premises SET state = 'struck' WHERE entity_no = %s",
        registry.number_of(entity.uscc),
    )
    with refused("PREMISES_ENDED", state="struck"):
        rencheng.licenses.IssueSiteCode(license_pb.IssueSiteCodeRequest(parent=place))


def test_a_face_beyond_the_largest_symbol_is_not_signed(rencheng: Client) -> None:
    long = {"person": "钱" * 100, "capital": "壹" * 64, "business_name": "试" * 100}
    entity = an_entity(rencheng, face=a_face(**long))
    with refused("FACE_TOO_LONG"):
        rencheng.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=entity.name))
    with refused("LICENSE_UNKNOWN"):
        rencheng.licenses.GetLicense(license_pb.GetLicenseRequest(name=f"{entity.name}/licenses/-"))


def test_an_unknown_picture_format_is_refused(rencheng: Client) -> None:
    unknown: Any = 99
    with invalid("format"):
        rencheng.licenses.RenderSymbol(
            license_pb.RenderSymbolRequest(
                name="entities/91370811MAJN000108/licenses/1", format=unknown
            )
        )


def test_unknown_fields_are_ignored(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    newer = pb.GetEntityRequest(name=entity.name).SerializeToString() + b"\xfa\x3f\x03abc"
    call: Any = rencheng.channel.unary_unary("/yizhao.registry.v1.EntityService/GetEntity")
    assert entity_pb2.Entity.FromString(call(newer)) == entity


@pytest.mark.parametrize(
    "wire", [b"\x0a\x02\xff\xfe", b"\x0a\xff", b"\xff" * 1000], ids=["utf8", "cut", "noise"]
)
@pytest.mark.parametrize("method", ["GetEntity", "RegisterEntity"])
def test_bytes_that_are_no_request_are_refused_as_such(
    rencheng: Client, wire: bytes, method: str
) -> None:
    call: Any = rencheng.channel.unary_unary(f"/yizhao.registry.v1.EntityService/{method}")
    with refused("REQUEST_MALFORMED"):
        call(wire)


def test_bytes_that_are_no_part_of_a_stream_are_refused_as_such(registry: Registry) -> None:
    call: Any = registry.as_(people.OPERATOR).channel.stream_stream(
        "/yizhao.registry.v1.AdminService/ImportEntities"
    )
    with refused("REQUEST_MALFORMED"):
        list(call(iter([b"\x0a\x04\x0a\x02\xff\xfe"])))


def test_a_refused_request_changes_nothing(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    draft = a_filing(rencheng, entity, QUFU_SHOP)
    tables = ("entity", "event", "filing", "premises", "handover", "license_version", "request_log")
    count = [registry.rows(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608 - ours
    with refused("ETAG_MISMATCH"):
        rencheng.premises.SubmitPremisesFiling(
            premises_pb.SubmitPremisesFilingRequest(
                name=draft.name, etag="f99", request_id="3f2b8a52-8a0d-4d0c-9c9a-6a3c1c0f7f10"
            )
        )
    with refused("CODE_TAKEN"):
        an_entity(rencheng, uscc=entity.uscc)
    assert count == [registry.rows(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608
    submitted(rencheng, draft)
