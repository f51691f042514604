"""Review policies over the wire: two keepers, versions, units; and rules that ask the register."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from registry_service.domain.china import CHINA
from tests.database import SharedServer
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_commitment,
    a_date,
    a_face,
    a_registry,
    a_request_id,
    a_site,
    an_entity,
    filed,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2, policy_pb2, premises_pb2
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb

CITY, RENCHENG_UNIT, QUFU_UNIT = "units/1", "units/11", "units/20"
TODAY = datetime.now(UTC).astimezone(CHINA).date()


@pytest.fixture
def registry(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> Iterator[Registry]:
    """A registry of its own for each test: a policy of the city holds for all."""
    with a_registry(postgres, populated, certificates) as started:
        yield started


@pytest.fixture
def rencheng(registry: Registry) -> Client:
    return registry.as_(people.RENCHENG)


def wire(day: date) -> Any:
    return a_date(day.year, day.month, day.day)


def a_policy(unit: str = CITY, **other: Any) -> policy_pb2.ReviewPolicy:
    values: dict[str, Any] = {
        "unit": unit,
        "effective_date": wire(TODAY),
        "area": policy_pb2.FILING_AREA_CITY,
        "eligible_kinds": [entity_pb2.ENTITY_KIND_COMPANY],
        "permit_outcome": premises_pb2.FINDING_OUTCOME_WARN,
        "permit_items": ["药品零售"],
        "most_entities_at_address": 50,
        "most_premises": 300,
        "least_tenancy_months": 6,
        "struck_months": 12,
        "unreachable_blocks": True,
    }
    return policy_pb2.ReviewPolicy(**(values | other))


def entered(registry: Registry, policy: policy_pb2.ReviewPolicy) -> policy_pb2.ReviewPolicy:
    answer: policy_pb2.ReviewPolicy = registry.as_(people.POLICY).admin.CreateReviewPolicy(
        pb.CreateReviewPolicyRequest(review_policy=policy, request_id=a_request_id())
    )
    return answer


def confirm(
    registry: Registry, policy: policy_pb2.ReviewPolicy, by: str = people.OTHER_POLICY
) -> policy_pb2.ReviewPolicy:
    request = pb.ConfirmReviewPolicyRequest(name=policy.name, request_id=a_request_id())
    answer: policy_pb2.ReviewPolicy = registry.as_(by).admin.ConfirmReviewPolicy(request)
    return answer


def in_force(registry: Registry, **other: Any) -> str:
    """The version of a policy that was entered and confirmed."""
    return confirm(registry, entered(registry, a_policy(**other))).name.removeprefix(
        "reviewPolicies/"
    )


def checked(
    client: Client, entity: entity_pb2.Entity, address: str, **site: Any
) -> premises_pb.CheckFilingResponse:
    answer: premises_pb.CheckFilingResponse = client.premises.CheckFiling(
        premises_pb.CheckFilingRequest(
            parent=entity.name, site=a_site(address, **site), documents=[a_commitment(entity)]
        )
    )
    return answer


def rules(answer: Any) -> list[int]:
    return [finding.rule for finding in answer.findings]


SHOP = "曲阜市鲁城街道样例街8号"


def test_a_policy_holds_once_another_keeper_confirmed_it(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    assert checked(rencheng, entity, SHOP).policy_version == "jining-2023-1"
    policy = entered(registry, a_policy(area=policy_pb2.FILING_AREA_REGISTRAR))
    assert (policy.entered_by, policy.confirmed_by) == (people.POLICY, "")
    assert checked(rencheng, entity, SHOP).policy_version == "jining-2023-1"
    with refused("SAME_PERSON"):
        confirm(registry, policy, by=people.POLICY)
    after = confirm(registry, policy)
    assert after.confirmed_by == people.OTHER_POLICY
    found = checked(rencheng, entity, SHOP)
    assert (rules(found), f"reviewPolicies/{found.policy_version}") == ([8], policy.name)
    assert found.state == premises_pb2.FILING_STATE_REJECTED


def test_a_later_policy_does_not_change_what_was_found_before(
    registry: Registry, rencheng: Client
) -> None:
    scope = {"scope": "一般项目：日用百货销售；许可项目：药品零售"}
    entity = an_entity(rencheng, face=a_face(**scope))
    old = filed(rencheng, entity, SHOP)
    assert (rules(old), old.policy_version) == ([14], "jining-2023-1")
    version = in_force(registry, permit_outcome=premises_pb2.FINDING_OUTCOME_BLOCK)
    with refused("FILING_BLOCKED", rules="14"):
        filed(rencheng, entity, "邹城市钢山街道样例街8号")
    read = premises_pb.GetPremisesFilingRequest(name=old.name)
    kept = rencheng.premises.GetPremisesFiling(read)
    assert (list(kept.findings), kept.policy_version) == (list(old.findings), "jining-2023-1")
    listed = rencheng.premises.ListPremisesFilings(
        premises_pb.ListPremisesFilingsRequest(parent=entity.name)
    )
    assert [f.policy_version for f in listed.filings] == [version, "jining-2023-1"]


def test_a_policy_waits_for_its_day(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    in_force(registry, effective_date=wire(TODAY + timedelta(days=1)))
    assert checked(rencheng, entity, SHOP).policy_version == "jining-2023-1"
    registry.run("UPDATE review_policy SET effective_date = %s", TODAY)
    assert checked(rencheng, entity, SHOP).policy_version == "1"


def test_a_unit_decides_more_narrowly_for_its_own_entities(
    registry: Registry, rencheng: Client
) -> None:
    city = in_force(registry)
    own = in_force(
        registry, unit=RENCHENG_UNIT, area=policy_pb2.FILING_AREA_REGISTRAR, most_premises=5
    )
    found = checked(rencheng, an_entity(rencheng), SHOP)
    assert (rules(found), found.policy_version) == ([8], f"{city}+{own}")
    qufu = registry.as_(people.QUFU)
    other = an_entity(qufu, face=a_face(address="曲阜市鲁城街道样例路6号"))
    found = checked(qufu, other, "任城区阜桥街道样例街8号")
    assert (rules(found), found.policy_version) == ([], city)


def test_a_unit_never_decides_more_widely_than_the_city(registry: Registry) -> None:
    in_force(registry, area=policy_pb2.FILING_AREA_REGISTRAR)
    wider = a_policy(
        RENCHENG_UNIT,
        eligible_kinds=[entity_pb2.ENTITY_KIND_HOUSEHOLD],
        most_premises=0,
        unreachable_blocks=False,
    )
    with refused("INVALID_REQUEST") as told:
        entered(registry, wider)
    assert {each.field for each in told[0].fields} == {
        f"review_policy.{name}"
        for name in ("area", "eligible_kinds", "most_premises", "unreachable_blocks")
    }


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("effective_date", {"effective_date": wire(TODAY - timedelta(days=1))}),
        ("effective_date", {"effective_date": None}),
        ("area", {"area": 0}),
        ("area", {"area": 9}),
        ("eligible_kinds", {"eligible_kinds": []}),
        ("eligible_kinds", {"eligible_kinds": [99]}),
        ("permit_outcome", {"permit_outcome": premises_pb2.FINDING_OUTCOME_MANUAL}),
        ("permit_items[1]", {"permit_items": ["药品零售", " "]}),
        ("pre_approval_items", {"pre_approval_items": ["甲"] * 2001}),
        ("most_premises", {"most_premises": 2**31}),
        ("negative_list[0].items", {"negative_list": [{"basis": "令", "regulator": "局"}]}),
        ("negative_list[0].basis", {"negative_list": [{"items": ["甲"], "regulator": "局"}]}),
        ("listed_buildings[0].cause", {"listed_buildings": [{"address": "甲"}]}),
        (
            "negative_list[0].area",
            {"negative_list": [{"items": ["甲"], "area": "曲阜市邹城市", "basis": "令"}]},
        ),
        ("listed_buildings[0].address", {"listed_buildings": [{"address": "任城区"}]}),
        ("listed_buildings[0].address", {"listed_buildings": [{"address": "泰安市样例路1号"}]}),
        ("unit", {"unit": "units/999"}),
        ("unit", {"unit": "任城区"}),
    ],
)
def test_a_policy_that_cannot_hold_is_refused_by_field(
    registry: Registry, field: str, wrong: dict[str, Any]
) -> None:
    with invalid(f"review_policy.{field}"):
        entered(registry, a_policy(**wrong))


def test_no_version_comes_before_one_that_holds(registry: Registry) -> None:
    in_force(registry, effective_date=wire(TODAY + timedelta(days=30)))
    with invalid("review_policy.effective_date"):
        entered(registry, a_policy())


def test_policies_are_for_keepers_and_bars_for_the_city(
    registry: Registry, rencheng: Client
) -> None:
    policy = pb.CreateReviewPolicyRequest(review_policy=a_policy())
    with refused("ROLE_MISSING", role="policy"):
        rencheng.admin.CreateReviewPolicy(policy)
    with refused("ROLE_MISSING", role="policy"):
        confirm(registry, entered(registry, a_policy()), by=people.CITY)
    with refused("POLICY_UNKNOWN"):
        confirm(registry, policy_pb2.ReviewPolicy(name="reviewPolicies/77"))
    with refused("ROLE_MISSING"):
        rencheng.admin.BarPerson(pb.BarPersonRequest())


def test_policies_are_listed_newest_first_before_the_built_in_one(registry: Registry) -> None:
    in_force(registry)
    in_force(registry, unit=QUFU_UNIT)
    admin = registry.as_(people.AUDITOR).admin
    names, token = [], ""
    while True:
        page = admin.ListReviewPolicies(pb.ListReviewPoliciesRequest(page_size=1, page_token=token))
        names += [policy.name for policy in page.review_policies]
        token = page.next_page_token
        if not token:
            break
    assert names == ["reviewPolicies/2", "reviewPolicies/1", "reviewPolicies/jining-2023-1"]
    own = admin.ListReviewPolicies(pb.ListReviewPoliciesRequest(unit=QUFU_UNIT))
    assert [policy.name for policy in own.review_policies] == ["reviewPolicies/2"]


def test_a_policy_is_told_as_it_was_entered(registry: Registry) -> None:
    policy = a_policy(
        negative_list=[
            policy_pb2.NegativeEntry(items=["木材加工"], area="曲阜市", basis="令", regulator="局")
        ],
        listed_buildings=[policy_pb2.ListedBuilding(address=SHOP, cause="危险房屋")],
        pre_approval_items=["保安服务"],
        mark_mode=policy_pb2.MARK_MODE_SUFFIX,
        reissue=policy_pb2.LICENSE_REISSUE_ALWAYS,
    )
    told = entered(registry, policy)
    for field in ("name", "create_time", "entered_by"):
        told.ClearField(field)
    assert told == policy


def test_a_barred_person_neither_applies_nor_is_the_entitys(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng, face=a_face(person="孙试禁"))
    bar = registry.as_(people.CITY).admin.BarPerson(
        pb.BarPersonRequest(
            person_bar=policy_pb2.PersonBar(
                person=" 孙试禁",
                basis="撤销登记决定书〔2026〕3号",
                until_date=wire(TODAY + timedelta(days=1000)),
            ),
            request_id=a_request_id(),
        )
    )
    assert (bar.person, bar.from_date) == ("孙试禁", wire(TODAY))
    assert rules(checked(rencheng, entity, SHOP)) == [23]
    other = an_entity(rencheng)
    assert rules(checked(rencheng, other, SHOP)) == []
    with invalid("person_bar.until_date"):
        registry.as_(people.CITY).admin.BarPerson(
            pb.BarPersonRequest(person_bar=policy_pb2.PersonBar(person="孙试禁", basis="令"))
        )


def test_a_barred_applicant_files_for_nobody(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng, face=a_face(person="周试正"))
    bar = policy_pb2.PersonBar(person="钱试写", basis="令", until_date=wire(TODAY))
    registry.as_(people.CITY).admin.BarPerson(pb.BarPersonRequest(person_bar=bar))
    with refused("FILING_BLOCKED", rules="23") as told:
        filed(rencheng, entity, SHOP)
    assert "限制申请登记" in told[0].zh


def test_the_register_tells_who_is_and_was_at_the_place(
    registry: Registry, rencheng: Client
) -> None:
    in_force(registry, most_entities_at_address=2)
    first = an_entity(rencheng)
    filing = filed(rencheng, first, SHOP)
    second, third = an_entity(rencheng), an_entity(rencheng)
    assert filed(rencheng, second, SHOP).state == premises_pb2.FILING_STATE_FILED
    found = checked(rencheng, third, SHOP)
    assert (rules(found), found.state) == ([12], premises_pb2.FILING_STATE_MANUAL)
    domicile = checked(rencheng, third, second.face.address.text)
    assert rules(domicile) == []
    number = registry.number_of(first.uscc)
    registry.run(
        "UPDATE premises SET state = 'struck', ended_date = %s WHERE entity_no = %s", TODAY, number
    )
    assert rules(checked(rencheng, third, SHOP)) == [24]
    registry.run("UPDATE premises SET ended_date = %s", TODAY - timedelta(days=400))
    assert rules(checked(rencheng, third, SHOP)) == []
    assert filing.premises


def test_a_listing_is_seen_until_it_ends(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    registry.run(
        "INSERT INTO mark (entity_no, mark_no, kind, basis, from_date)"
        " VALUES (%s, 1, 'abnormal_unreachable', '列入决定书', %s)",
        registry.number_of(entity.uscc),
        TODAY,
    )
    assert rules(checked(rencheng, entity, SHOP)) == [5]
    registry.run("UPDATE mark SET until_date = %s", TODAY - timedelta(days=1))
    assert rules(checked(rencheng, entity, SHOP)) == []


def test_a_question_files_nothing(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    found = checked(rencheng, entity, SHOP, building=premises_pb2.BUILDING_DWELLING)
    assert rules(found) == [16]
    assert registry.rows("SELECT count(*) FROM filing") == [(0,)]


def test_how_licences_show_many_addresses_is_the_citys_to_decide(registry: Registry) -> None:
    plain = entered(registry, a_policy())
    assert plain.mark_mode == policy_pb2.MARK_MODE_SUFFIX_PLUS_QR_LIST
    assert plain.reissue == policy_pb2.LICENSE_REISSUE_FIRST_ONLY
    chosen = a_policy(
        mark_mode=policy_pb2.MARK_MODE_INLINE_LIST, reissue=policy_pb2.LICENSE_REISSUE_NEVER
    )
    told = confirm(registry, entered(registry, chosen))
    assert (told.mark_mode, told.reissue) == (chosen.mark_mode, chosen.reissue)
    for name in ("mark_mode", "reissue"):
        stated: dict[str, Any] = {name: 1}
        with invalid(f"review_policy.{name}"):
            entered(registry, a_policy(RENCHENG_UNIT, **stated))
        with invalid(f"review_policy.{name}"):
            entered(registry, a_policy(**{**stated, name: 99}))
    narrower = entered(registry, a_policy(RENCHENG_UNIT))
    assert not narrower.mark_mode
    assert not narrower.reissue


def test_a_licence_is_issued_anew_as_the_policy_in_force_says(
    registry: Registry, rencheng: Client
) -> None:
    in_force(registry, reissue=policy_pb2.LICENSE_REISSUE_NEVER)
    entity = an_entity(rencheng)
    rencheng.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=entity.name))
    filed(rencheng, entity, SHOP)
    live = license_pb.GetLicenseRequest(name=f"{entity.name}/licenses/-")
    assert rencheng.licenses.GetLicense(live).version == 1
    in_force(registry, reissue=policy_pb2.LICENSE_REISSUE_ALWAYS)
    filed(rencheng, entity, "邹城市钢山街道样例街9号")
    after = rencheng.licenses.GetLicense(live)
    assert (after.version, after.multi_address) == (2, True)


def test_a_licence_is_marked_on_its_face_as_the_policy_in_force_says(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    filed(rencheng, entity, SHOP)
    rencheng.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=entity.name))
    request = license_pb.RenderLicenseRequest(name=f"{entity.name}/licenses/-")
    address = entity.face.address.text
    for mode, wanted, unwanted in (
        (policy_pb2.MARK_MODE_SUFFIX, "（一照多址）", SHOP),
        (policy_pb2.MARK_MODE_INLINE_LIST, f"经营场所1：{SHOP}", "（一照多址）"),
        (policy_pb2.MARK_MODE_SUFFIX_PLUS_QR_LIST, "并查看全部经营场所", SHOP),
    ):
        in_force(registry, mark_mode=mode)
        (page,) = rencheng.licenses.RenderLicense(request).files
        text = re.sub("<[^>]*>", "", page.decode())
        assert address in text
        assert wanted in text
        assert unwanted not in text
