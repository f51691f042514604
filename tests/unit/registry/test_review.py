"""The rules of review: each fires, each stays silent, each speaks word for word."""

from dataclasses import replace

import pytest

from registry_service.domain.address import address_of
from registry_service.domain.entity import EntityState
from registry_service.domain.premises import FilingState, Finding, Outcome, Site
from registry_service.domain.review import JINING_2023, Case, review
from tests.unit.registry.cases import FACE, a_case, an_entity


def found(case: Case) -> list[tuple[int, Outcome, str]]:
    findings, _ = review(case)
    assert all(finding.remedy for finding in findings), "each tells what to do"
    return [(finding.rule, finding.outcome, finding.reason) for finding in findings]


def state(case: Case) -> FilingState:
    return review(case)[1]


def test_a_place_that_no_rule_objects_to_is_filed() -> None:
    assert review(a_case()) == ((), FilingState.FILED)


def test_rule_1_code_fails_check() -> None:
    case = a_case(entity=an_entity(uscc="91370811MAJN000109"))
    assert found(case) == [(1, Outcome.BLOCK, "统一社会信用代码校验不通过")]
    assert state(case) is FilingState.REJECTED


@pytest.mark.parametrize(
    "ended", [EntityState.REVOKED, EntityState.DEREGISTERED, EntityState.ANNULLED]
)
def test_rule_2_entity_ended(ended: EntityState) -> None:
    assert found(a_case(entity=an_entity(state=ended))) == [(2, Outcome.BLOCK, "主体已吊销或终止")]


def test_rule_2_is_silent_of_who_lives() -> None:
    assert 2 not in {rule for rule, _, _ in found(a_case())}


@pytest.mark.parametrize("address", ["山东省泰安市宁阳县样例路2号", "江苏省徐州市样例路2号"])
def test_rule_8_outside_the_city(address: str) -> None:
    assert found(a_case(address)) == [(8, Outcome.BLOCK, "请办理分支机构登记")]


def test_rule_8_where_the_area_is_one_registrar() -> None:
    narrow = replace(JINING_2023, area="registrar")
    assert found(a_case(policy=narrow)) == [(8, Outcome.BLOCK, "请办理分支机构登记")]
    assert found(a_case("任城区样例路9号", policy=narrow)) == []


def test_rule_8_lets_the_city_file_in_every_county() -> None:
    assert found(a_case(entity=an_entity(registrar=1))) == []


@pytest.mark.parametrize(
    "address", ["曲阜市鲁城街道", "人民北路1号", "济宁市太白中路28号", "微山县欢城镇袁堂村"]
)
def test_rule_9_incomplete_address(address: str) -> None:
    case = a_case(address)
    assert found(case) == [(9, Outcome.RETURN, "地址不完整")]
    assert state(case) is FilingState.RETURNED


def test_rule_9_takes_a_landmark_for_a_door() -> None:
    assert found(a_case("邹城市中心店镇样例村村委会西50米")) == []


@pytest.mark.parametrize(
    "address",
    [
        FACE.address.text,
        "任城区阜桥街道样例路２号",
        "济宁市 任城区阜桥街道样例路2号（一照多址）",
    ],
)
def test_rule_11_domicile_in_any_spelling(address: str) -> None:
    assert found(a_case(address)) == [(11, Outcome.BLOCK, "地址重复")]


def test_rule_11_own_live_premises_alone() -> None:
    shop = address_of("曲阜市鲁城街道样例街8号")
    own = frozenset({FACE.address.normalised, shop.normalised})
    assert found(a_case(own_addresses=own)) == [(11, Outcome.BLOCK, "地址重复")]
    assert found(a_case("曲阜市鲁城街道样例街9号", own_addresses=own)) == []


def test_the_worst_finding_decides_and_all_are_told_in_order() -> None:
    case = a_case(
        "曲阜市鲁城街道", entity=an_entity(uscc="91370811MAJN000109", state=EntityState.REVOKED)
    )
    assert [rule for rule, _, _ in found(case)] == [1, 2, 9]
    assert state(case) is FilingState.REJECTED


def test_a_unit_stated_by_an_official_settles_an_unclear_one() -> None:
    site = Site("", address_of("济宁市太白中路28号", unit=11))
    assert found(replace(a_case(), site=site)) == []


def test_findings_compare_by_what_they_say() -> None:
    assert Finding(9, Outcome.RETURN, "地址不完整") == Finding(9, Outcome.RETURN, "地址不完整")
