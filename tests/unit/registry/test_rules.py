"""Each of the 24 rules fires and stays silent, word for word as in domain.md §10."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from license_verify.codes.entity_type import EntityKind
from registry_service.domain.address import Address, address_of
from registry_service.domain.entity import EntityState
from registry_service.domain.mark import Mark, MarkKind
from registry_service.domain.person_bar import PersonBar
from registry_service.domain.premises import (
    LEADS_TO,
    Building,
    Document,
    FilingState,
    Outcome,
    Site,
)
from registry_service.domain.review import JINING_2023, Case, review
from registry_service.domain.review.policy import ListedBuilding, NegativeEntry
from registry_service.domain.review.rules import RULES
from registry_service.domain.unit import Unit, UnitTree
from tests.unit.registry.cases import COMMITMENT, TODAY, a_case, a_face, an_entity

# domain.md §10, condition left out.
TABLE = """
1 block 统一社会信用代码校验不通过
2 block 主体已吊销或终止
3 block 歇业期间不予新增
4 block 主体类型不适用
5 block 请先变更住所
6 warn 已列入经营异常名录
7 manual 列入严重违法失信名单
8 block 请办理分支机构登记
9 return 地址不完整
10 manual 管辖区域存疑
11 block 地址重复
12 manual 同址主体过多
13 block 涉及前置审批，应设分支机构
14 warn 涉及许可
15 block 超出登记经营范围
16 block 缺利害关系业主同意
17 block 不得设立产生油烟餐饮
18 block 属禁设区域
19 block 违法或危险建筑
20 return 承诺书未有效签署
21 warn 使用期限不足
22 manual 经营场所数量超限
23 block 限制申请登记
24 manual 曾被撤销备案
"""
REASONS = {
    int(number): (Outcome(outcome), reason)
    for number, outcome, reason in (line.split(" ") for line in TABLE.strip().splitlines())
}
SHOP = "曲阜市鲁城街道样例街8号"
DAY = timedelta(days=1)


def marked(kind: MarkKind, **other: Any) -> tuple[Mark, ...]:
    return (Mark(7, 1, kind, "列入决定书", TODAY - DAY, **other),)


def at(address: str = SHOP, **other: Any) -> dict[str, Any]:
    unit = other.pop("unit", None)
    return {"site": Site("门店", address_of(address, unit=unit), **other)}


def doing(scope: str, registered: str = "", address: str = SHOP, **other: Any) -> dict[str, Any]:
    """A site of that scope, of an entity registered for it or for more."""
    entity = an_entity(**a_face(scope=registered or scope))
    return {"entity": entity} | at(address, scope=scope, **other)


def under(**choices: Any) -> dict[str, Any]:
    return {"policy": replace(JINING_2023, **choices)}


def typed(code: int) -> dict[str, Any]:
    return {"entity": an_entity(**a_face(type_code=code))}


CONSENT = Document("consent", bytes(32), "业主代表")
BAR = PersonBar(1, "钱试写", "撤销登记决定书", TODAY - DAY, TODAY + 1000 * DAY)
CLOSED = NegativeEntry(("木材加工",), "曲阜市鲁城街道", "地方政府令", "生态环境局")
UNSAFE = ListedBuilding("曲阜市鲁城街道样例街8号", "危险房屋")

FIRES: list[tuple[int, dict[str, Any]]] = [
    (1, {"entity": an_entity(uscc="91370811MAJN000109")}),
    (2, {"entity": an_entity(state=EntityState.REVOKED)}),
    (2, {"entity": an_entity(state=EntityState.DEREGISTERED)}),
    (2, {"entity": an_entity(state=EntityState.ANNULLED)}),
    (3, {"entity": an_entity(state=EntityState.DORMANT)}),
    (4, typed(9500)),
    (4, typed(2130)),
    (4, typed(0)),
    (4, under(eligible_kinds=frozenset({EntityKind.COOPERATIVE}))),
    (5, {"marks": marked(MarkKind.ABNORMAL_UNREACHABLE)}),
    (6, {"marks": marked(MarkKind.ABNORMAL_OTHER)}),
    (7, {"marks": marked(MarkKind.SERIOUS_VIOLATION)}),
    (8, at("山东省泰安市宁阳县样例路2号")),
    (8, under(area="registrar")),
    (9, at("曲阜市鲁城街道")),
    (9, at("济宁市太白中路28号")),
    (10, at("曲阜市鲁城街道样例街8号", unit=21)),
    (10, at("任城区样例路8号", unit=31)),
    (10, at("任城区接庄街道样例路8号")),
    (10, at("济宁高新区样例路8号", unit=11)),
    (10, at("曲阜市高新区样例路8号")),
    (10, at("曲阜市邹城市样例路8号")),
    (11, {"own_addresses": frozenset({address_of(SHOP).normalised})}),
    (12, {"others_at_place": 5} | under(most_entities_at_address=5)),
    (13, doing("危险化学品经营")),
    (13, doing("日用百货销售；烟花爆竹、鞭炮零售")),
    (13, {"entity": an_entity(**a_face(scope="许可项目：保安服务")), **at("任城区样例路8号")}),
    (14, doing("药品零售")),
    (14, doing("许可项目：自有项目甲")),
    (14, doing("自有项目甲", "一般项目：日用百货销售；许可项目：自有项目甲")),
    (15, doing("服装服饰零售", "一般项目：日用百货销售")),
    (15, doing("食品销售", "食品销售（仅销售预包装食品）", "任城区样例路8号")),
    (16, at(building=Building.DWELLING)),
    (16, at(building=Building.COMMERCIAL, use="住宅")),
    (
        16,
        at(building=Building.DWELLING)
        | {"documents": (COMMITMENT, replace(CONSENT, valid_until_date=TODAY - DAY))},
    ),
    (17, doing("餐饮服务", address="任城区样例路8号", building=Building.NEXT_TO_DWELLINGS)),
    (17, doing("小吃店经营", address="任城区样例路8号", building=Building.MIXED_WITHOUT_FLUE)),
    (18, doing("木材加工") | under(negative_list=(CLOSED,))),
    (18, doing("木材加工") | under(negative_list=(replace(CLOSED, area=""),))),
    (19, at("曲阜市鲁城街道样例街8号2层") | under(listed_buildings=(UNSAFE,))),
    (20, {"documents": ()}),
    (20, {"documents": (replace(COMMITMENT, signer="孙代签"),)}),
    (20, {"documents": (replace(COMMITMENT, signer=""),)}),
    (20, {"documents": (replace(COMMITMENT, valid_until_date=TODAY - DAY),)}),
    (20, {"documents": (replace(COMMITMENT, valid_from_date=TODAY + DAY),)}),
    (20, {"documents": (replace(COMMITMENT, kind="other"),)}),
    (21, at(tenancy_end_date=date(2027, 5, 1))),
    (
        21,
        {"documents": (COMMITMENT, Document("tenancy", b"", "", None, TODAY + 30 * DAY))},
    ),
    (22, {"other_places": 3} | under(most_premises=3)),
    (23, {"bars": (BAR,)}),
    (23, {"bars": (replace(BAR, until_date=TODAY),)}),
    (24, {"struck_there": date(2025, 11, 2)}),
    (24, {"struck_there": TODAY}),
]

SILENT: list[tuple[int, dict[str, Any]]] = [
    (1, {}),
    (2, {"entity": an_entity(state=EntityState.LIQUIDATING)}),
    (3, {"entity": an_entity(state=EntityState.DORMANT), "adds": False}),
    (4, typed(9100)),
    (4, typed(9500) | under(eligible_kinds=frozenset(EntityKind))),
    (5, {"marks": marked(MarkKind.ABNORMAL_OTHER)}),
    (5, {"marks": marked(MarkKind.ABNORMAL_UNREACHABLE, until_date=TODAY - DAY)}),
    (6, {"marks": marked(MarkKind.SPECIAL)}),
    (7, {"marks": marked(MarkKind.SERIOUS_VIOLATION, until_date=TODAY - DAY)}),
    (8, under(area="registrar") | at("任城区样例路9号")),
    (8, {"entity": an_entity(registrar=1)}),
    (9, at("邹城市中心店镇样例村村委会西50米")),
    (9, at("太白中路28号", unit=11)),
    (9, at("曲阜市邹城市样例路8号")),
    (10, {}),
    (10, at("任城区高新区样例路8号")),
    (10, at("任城区洸河街道样例路8号", unit=31)),
    (10, at("济宁高新区样例路8号")),
    (10, at("太白中路28号", unit=11)),
    (10, at("山东省泰安市宁阳县样例路2号")),
    (11, {"own_addresses": frozenset({address_of("曲阜市鲁城街道样例街9号").normalised})}),
    (12, {"others_at_place": 4} | under(most_entities_at_address=5)),
    (12, {"others_at_place": 10**6} | under(most_entities_at_address=0)),
    (13, doing("普通货物仓储服务（不含危险化学品等需许可审批的项目）")),
    (13, doing("日用百货销售", "日用百货销售；危险化学品经营")),
    (14, doing("药品零售", address="任城区样例路8号")),
    (14, doing("餐饮管理；外卖递送服务")),
    (14, doing("道路货物运输站经营", "一般项目：道路货物运输站经营")),
    (15, doing("日用百货零售", "一般项目：日用百货销售")),
    (15, doing("", "一般项目：日用百货销售")),
    (15, doing("食品销售（仅销售预包装食品）", "许可项目：食品销售")),
    (16, at(building=Building.COMMERCIAL, use="住宅底商")),
    (16, at(building=Building.NEXT_TO_DWELLINGS)),
    (16, at(building=Building.DWELLING) | {"documents": (COMMITMENT, CONSENT)}),
    (17, doing("餐饮服务", building=Building.COMMERCIAL)),
    (17, doing("餐饮管理", building=Building.DWELLING)),
    (17, doing("餐饮服务（不产生油烟、异味、废气）", building=Building.NEXT_TO_DWELLINGS)),
    (18, doing("木材销售") | under(negative_list=(CLOSED,))),
    (18, doing("木材加工", address="曲阜市书院街道样例街8号") | under(negative_list=(CLOSED,))),
    (19, at("曲阜市鲁城街道样例街88号") | under(listed_buildings=(UNSAFE,))),
    (19, at("曲阜市鲁城街道样例街8号楼2层") | under(listed_buildings=(UNSAFE,))),
    (19, at("邹城市鲁城街道样例街8号") | under(listed_buildings=(UNSAFE,))),
    (20, {"documents": (replace(COMMITMENT, signer=" 钱 试写"),)}),
    (20, {"documents": (replace(COMMITMENT, valid_from_date=TODAY, valid_until_date=TODAY),)}),
    (
        20,
        {"entity": an_entity(**a_face(person="济宁市某某投资有限公司（委派代表：钱试写）"))},
    ),
    (21, at(tenancy_end_date=date(2027, 5, 2))),
    (21, {}),
    (21, at(tenancy_end_date=TODAY) | under(least_tenancy_months=0)),
    (22, {"other_places": 2} | under(most_premises=3)),
    (22, {"other_places": 3, "adds": False} | under(most_premises=3)),
    (22, {"other_places": 10**6} | under(most_premises=0)),
    (23, {"bars": (replace(BAR, until_date=TODAY - DAY),)}),
    (23, {"bars": (replace(BAR, from_date=TODAY + DAY),)}),
    (24, {"struck_there": date(2025, 11, 1)}),
    (24, {"struck_there": TODAY} | under(struck_months=0)),
]


def found(case: Case) -> dict[int, tuple[Outcome, str]]:
    return {f.rule: (f.outcome, f.reason) for f in review(case)[0]}


@pytest.mark.parametrize(("rule", "given_"), FIRES)
def test_a_rule_fires_alone_and_word_for_word(rule: int, given_: dict[str, Any]) -> None:
    told = found(a_case(**given_))
    assert told.pop(rule) == REASONS[rule]
    assert not {r for r, (outcome, _) in told.items() if outcome is not Outcome.WARN}, told


@pytest.mark.parametrize(("rule", "given_"), SILENT)
def test_a_rule_stays_silent(rule: int, given_: dict[str, Any]) -> None:
    assert rule not in found(a_case(**given_))


def test_every_rule_of_the_table_was_tried_both_ways() -> None:
    assert len(RULES) == len(REASONS) == 24
    assert {rule for rule, _ in FIRES} == {rule for rule, _ in SILENT} == set(REASONS)


def test_policy_decides_whether_the_unreachable_and_permits_block() -> None:
    unreachable = marked(MarkKind.ABNORMAL_UNREACHABLE)
    warned = found(a_case(marks=unreachable, **under(unreachable_blocks=False)))
    assert warned[5] == (Outcome.WARN, "请先变更住所")
    blocked = found(a_case(**doing("药品零售"), **under(permit_outcome=Outcome.BLOCK)))
    assert blocked[14] == (Outcome.BLOCK, "涉及许可")


def test_a_station_stands_for_the_county_it_belongs_to() -> None:
    case = a_case()
    tree = UnitTree([*case.units, Unit(901, "鲁城市场监管所", "station", 20)])
    case = replace(case, units=tree, **at(SHOP, unit=901))
    assert found(case) == {}
    assert case.crosses_units


def test_remedies_name_what_is_meant() -> None:
    (finding,) = review(a_case(**doing("药品零售")))[0]
    assert "药品零售" in finding.remedy
    (finding,) = review(a_case(bars=(BAR,)))[0]
    assert "2029 年" in finding.remedy


# Properties ---------------------------------------------------------------------------------------

_TEXT = st.text(
    st.sampled_from("任城区曲阜市高新济宁街道镇路号8（(）);；、。项目：许可一般销售零餐饮服务仅"),
    max_size=40,
)
_DAYS = st.dates() | st.none()
_ADDRESSES = st.builds(
    lambda text, county, unit: Address(text, text, county, unit),
    _TEXT,
    st.none() | st.integers(-1, 40),
    st.none() | st.integers(-1, 40),
)
_SITES = st.builds(
    Site,
    title=_TEXT,
    address=_ADDRESSES,
    scope=_TEXT,
    use=_TEXT | st.just("住宅"),
    tenancy_end_date=_DAYS,
    building=st.sampled_from(Building),
)
_DOCUMENTS = st.builds(
    Document,
    kind=st.sampled_from(["commitment", "consent", "tenancy"]),
    sha256=st.just(bytes(32)),
    signer=_TEXT | st.just("钱试写"),
    valid_from_date=_DAYS,
    valid_until_date=_DAYS,
)
_POLICIES = st.builds(
    lambda base, most, months, area, words: replace(
        base,
        area=area,
        most_entities_at_address=most,
        most_premises=most,
        least_tenancy_months=months,
        struck_months=months,
        negative_list=(NegativeEntry(tuple(words), "".join(words), "", ""),),
        listed_buildings=tuple(ListedBuilding(word, "") for word in words),
    ),
    st.just(JINING_2023),
    st.integers(0, 3),
    st.integers(0, 10**6),
    st.sampled_from(["city", "registrar"]),
    st.lists(_TEXT, max_size=2),
)
_ENTITIES = st.builds(
    lambda code, state, registrar, scope, person, kind: an_entity(
        uscc=code,
        state=state,
        registrar=registrar,
        **a_face(scope=scope, person=person, type_code=kind),
    ),
    st.sampled_from(["91370811MAJN000108", "", "x"]),
    st.sampled_from(EntityState),
    st.none() | st.integers(-1, 40),
    _TEXT,
    _TEXT,
    st.sampled_from([0, 1130, 9500, 9100]),
)
_MARKS = st.builds(
    Mark, st.just(7), st.just(1), st.sampled_from(MarkKind), _TEXT, st.dates(), _DAYS
)
_CASES = st.builds(
    lambda **values: replace(a_case(), **values),
    entity=_ENTITIES,
    site=_SITES,
    documents=st.lists(_DOCUMENTS, max_size=3).map(tuple),
    policy=_POLICIES,
    today=st.dates(),
    marks=st.lists(
        st.builds(
            Mark, st.just(7), st.just(1), st.sampled_from(MarkKind), _TEXT, st.dates(), _DAYS
        ),
        max_size=3,
    ).map(tuple),
    bars=st.lists(
        st.builds(PersonBar, st.just(1), _TEXT, _TEXT, st.dates(), st.dates()), max_size=2
    ).map(tuple),
    others_at_place=st.integers(0, 5),
    other_places=st.integers(0, 5),
    struck_there=_DAYS,
    adds=st.booleans(),
)


@settings(max_examples=300)
@given(_CASES)
def test_no_rule_ever_raises_findings_stand_in_order_and_the_worst_decides(case: Case) -> None:
    findings, state = review(case)
    assert [f.rule for f in findings] == sorted({f.rule for f in findings})
    assert all(f.reason == REASONS[f.rule][1] and f.remedy for f in findings)
    outcomes = [f.outcome for f in findings]
    worst = next(
        (o for o in (Outcome.BLOCK, Outcome.MANUAL, Outcome.RETURN) if o in outcomes), Outcome.WARN
    )
    assert state is LEADS_TO[worst]
    if Outcome.BLOCK in outcomes:
        assert state is FilingState.REJECTED
    assert review(case) == (findings, state)


def test_each_rule_tells_its_own_number() -> None:
    told: dict[Callable[..., object], set[int]] = {}
    for _, values in FIRES:
        case = a_case(**values)
        for rule in RULES:
            if finding := rule(case):
                told.setdefault(rule, set()).add(finding.rule)
    assert [told[rule] for rule in RULES] == [{number} for number in range(1, 25)]
