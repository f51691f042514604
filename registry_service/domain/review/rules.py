"""The rules of review, one function each (domain.md §10). A rule returns None to stay silent."""

from collections.abc import Callable
from typing import Final

from license_verify.codes.uscc import InvalidUscc, Uscc
from registry_service.domain.address import is_complete, locate
from registry_service.domain.premises import Finding, Outcome
from registry_service.domain.review.case import Case


def code_fails_check(case: Case) -> Finding | None:
    """Rule 1: the credit code fails its check character (GB 32100-2015)."""
    try:
        Uscc.parse(case.entity.uscc)
    except InvalidUscc:
        remedy = "请核对统一社会信用代码；代码确有错误的，先由登记机关更正"
        return Finding(1, Outcome.BLOCK, "统一社会信用代码校验不通过", remedy)
    return None


def entity_has_ended(case: Case) -> Finding | None:
    """Rule 2: 吊销, 撤销 or 注销."""
    if case.entity.state.ended:
        return Finding(2, Outcome.BLOCK, "主体已吊销或终止", "已吊销或终止的主体不能新增经营场所")
    return None


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
        return None  # unit unclear is rule 10's
    if case.policy.area == "registrar":
        return None if unit == home else finding
    return None if case.units.covers(case.units.root(home), unit) else finding


def address_is_incomplete(case: Case) -> Finding | None:
    """Rule 9: no door number and no landmark, or the county is not told (Shandong 2024)."""
    if case.site.address.unit is not None and is_complete(case.site.address):
        return None
    if locate(case.site.address.text).outside:
        return None  # rule 8 tells the applicant what matters
    remedy = "请填写县（市、区）至门牌号的完整地址；没有门牌号的，注明相对参照物的方位和距离"
    return Finding(9, Outcome.RETURN, "地址不完整", remedy)


def address_already_used(case: Case) -> Finding | None:
    """Rule 11: the place is the domicile or one of the entity's live premises."""
    if case.site.address.normalised in case.own_addresses:
        remedy = "该地址已是本主体的住所或已备案的经营场所，无需重复备案"
        return Finding(11, Outcome.BLOCK, "地址重复", remedy)
    return None


Rule = Callable[[Case], Finding | None]

RULES: Final[tuple[Rule, ...]] = (
    code_fails_check,
    entity_has_ended,
    outside_area,
    address_is_incomplete,
    address_already_used,
)
"""In the order of their numbers."""
