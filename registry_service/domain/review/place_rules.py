"""Rules that look at the place: where it lies, who else is or was there, what building it is."""

from registry_service.domain.address import is_complete, locate
from registry_service.domain.area import UnitDoubt, lies_in, unit_doubt
from registry_service.domain.months import add_months
from registry_service.domain.premises import Building, Finding, Outcome
from registry_service.domain.review.case import Case


def outside_area(case: Case) -> Finding | None:
    """Rule 8: the place lies outside the area in which one licence covers many addresses."""
    finding = Finding(
        8,
        Outcome.BLOCK,
        "请办理分支机构登记",
        "该地址不在一照多址适用区域内，请向当地登记机关申请设立分支机构",
    )
    unit, home = case.site.address.unit, case.entity.registrar
    if locate(case.site.address.text).outside:
        return finding
    if unit is None or home is None:
        return None  # unit unclear is for rules 9 and 10
    area = home if case.policy.area == "registrar" else case.units.root(home)
    return None if case.units.covers(area, unit) else finding


def address_is_incomplete(case: Case) -> Finding | None:
    """Rule 9: no door number and no landmark, or the county is not told (Shandong 2024)."""
    if locate(case.site.address.text).outside:
        return None  # rule 8 tells the applicant what matters
    told = case.unit is not None or unit_doubt(case.site.address, None) is not None
    if told and is_complete(case.site.address):
        return None
    remedy = "请填写县（市、区）至门牌号的完整地址；没有门牌号的，注明相对参照物的方位和距离"
    return Finding(9, Outcome.RETURN, "地址不完整", remedy)


_DOUBTS = {
    UnitDoubt.TWO_NAMED: "地址同时写有两个县（市、区）或功能区",
    UnitDoubt.COUNTY_DIFFERS: "地址所写县（市、区）与所选不符",
    UnitDoubt.UNIT_DIFFERS: "地址所写县（市、区）、功能区或镇街与所选管辖单位不符",
    UnitDoubt.ZONE_UNCLEAR: "地址未写明功能区，无法确认由其管辖",
}


def unit_is_unclear(case: Case) -> Finding | None:
    """Rule 10: unit and address text disagree, or the zone is unclear."""
    if locate(case.site.address.text).outside:
        return None  # rule 8's
    doubt = unit_doubt(case.site.address, case.unit)
    if doubt is None:
        return None
    remedy = f"{_DOUBTS[doubt]}；请核对后重新提交，或由登记机关会同有关单位确认管辖单位"
    return Finding(10, Outcome.MANUAL, "管辖区域存疑", remedy)


def address_already_used(case: Case) -> Finding | None:
    """Rule 11: the place is the domicile or one of the entity's live premises."""
    if case.site.address.normalised in case.own_addresses:
        remedy = "该地址已是本主体的住所或已备案的经营场所，无需重复备案"
        return Finding(11, Outcome.BLOCK, "地址重复", remedy)
    return None


def too_many_entities(case: Case) -> Finding | None:
    """Rule 12: more entities at one address than the policy lets pass without a look."""
    most = case.policy.most_entities_at_address
    if not most or case.others_at_place + 1 <= most:
        return None
    remedy = (
        f"该地址登记的主体超过 {most} 户，由登记机关人工审查；请将地址细化到房间号，"
        "或提交集中办公区、市场等场所的证明"
    )
    return Finding(12, Outcome.MANUAL, "同址主体过多", remedy)


def dwelling_without_consent(case: Case) -> Finding | None:
    """Rule 16: a dwelling for business needs all affected owners' consent (Civil Code 279)."""
    if case.building is not Building.DWELLING:
        return None
    if any(paper.signer for paper in case.papers("consent")):
        return None
    remedy = "将住宅用于经营的，请提交有利害关系的业主一致同意的书面材料（民法典第二百七十九条）"
    return Finding(16, Outcome.BLOCK, "缺利害关系业主同意", remedy)


def in_listed_building(case: Case) -> Finding | None:
    """Rule 19: the building is on the list of illegal, dangerous or expropriated ones."""
    for building in case.policy.listed_buildings:
        if lies_in(case.site.address, building.address):
            remedy = f"该房屋已列为{building.cause}，请另行选择合法、安全的经营场所"
            return Finding(19, Outcome.BLOCK, "违法或危险建筑", remedy)
    return None


def struck_there(case: Case) -> Finding | None:
    """Rule 24: premises at this address were struck within the policy's months."""
    months, struck = case.policy.struck_months, case.struck_there
    if not months or struck is None or struck < add_months(case.today, -months):
        return None
    remedy = (
        f"该地址于 {struck.year} 年 {struck.month} 月 {struck.day} 日被撤销备案，"
        "由登记机关人工审查；请提交证明场所真实、合法使用的材料"
    )
    return Finding(24, Outcome.MANUAL, "曾被撤销备案", remedy)
