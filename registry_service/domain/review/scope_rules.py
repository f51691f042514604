"""Rules that look at what is done on the site: approvals, permits, scope, fumes, closed areas."""

import re
from collections.abc import Iterable
from typing import Final

from registry_service.domain.area import lies_in
from registry_service.domain.premises import Building, Finding, Outcome
from registry_service.domain.review.case import Case
from registry_service.domain.scope import ScopeItem, covering, covers

_SHOWN: Final = 5
_FUME: Final = re.compile(
    r"餐饮服务|餐饮经营|小餐饮|餐馆|饭店|酒楼|快餐|小吃|烧烤|火锅|中餐|西餐|正餐|热食类食品制售|食堂|早餐|夜宵"
)
_FUMELESS: Final = re.compile(r"不产生油烟|无油烟|不含热食|不含.*油烟")
_NO_FUMES: Final = (
    Building.DWELLING,
    Building.MIXED_WITHOUT_FLUE,
    Building.NEXT_TO_DWELLINGS,
)


def pre_approval_on_site(case: Case) -> Finding | None:
    """Rule 13: an item 前置审批 (Order 746 art. 14) is to be done on the site."""
    found = [item for item in case.items if _named(item, case.policy.pre_approval_items)]
    if not found:
        return None
    remedy = (
        f"涉及{_list(found)}；请取得批准文件后向场所所在地登记机关申请设立分支机构，"
        "或从该场所的经营范围中去掉上述项目"
    )
    return Finding(13, Outcome.BLOCK, "涉及前置审批，应设分支机构", remedy)


def permit_across_units(case: Case) -> Finding | None:
    """Rule 14: an item that needs a permit, across counties; the permit stays per site."""
    found = [item for item in case.items if _needs_permit(case, item)]
    if not found or not case.crosses_units:
        return None
    outcome = case.policy.permit_outcome
    remedy = f"涉及{_list(found)}；" + (
        "跨县（市、区）场所不得从事许可项目，请设立分支机构，或从该场所的经营范围中去掉上述项目"
        if outcome is Outcome.BLOCK
        else "备案不代替许可，请向场所所在地主管部门办理许可后再开展经营"
    )
    return Finding(14, outcome, "涉及许可", remedy)


def scope_exceeds_entitys(case: Case) -> Finding | None:
    """Rule 15: the site does what the entity is not registered for."""
    registered = case.registered_items
    beyond = [item for item in case.items if not covers(registered, item)]
    if not beyond:
        return None
    remedy = (
        f"{_list(beyond)}不在登记的经营范围内；请按营业执照的表述填写，或先办理经营范围变更登记"
    )
    return Finding(15, Outcome.BLOCK, "超出登记经营范围", remedy)


def fumes_beside_dwellings(case: Case) -> Finding | None:
    """Rule 17: fume-making catering where people live (Air Pollution Law art. 81)."""
    if case.building not in _NO_FUMES or not any(_makes_fumes(item) for item in case.items):
        return None
    remedy = (
        "居民住宅楼、未配套设立专用烟道的商住综合楼以及与居住层相邻的商业楼层不得新建产生油烟的餐饮"
        "（大气污染防治法第八十一条）；请另选场所，或仅从事不产生油烟的经营并在经营范围中注明"
    )
    return Finding(17, Outcome.BLOCK, "不得设立产生油烟餐饮", remedy)


def on_negative_list(case: Case) -> Finding | None:
    """Rule 18: the industry is closed in this area."""
    for entry in case.policy.negative_list:
        found = [item for item in case.items if _named(item, entry.items)]
        if found and lies_in(case.site.address, entry.area):
            remedy = (
                f"{_list(found)}在该区域禁止设立，依据：{entry.basis}；"
                f"请另选场所或咨询{entry.regulator}"
            )
            return Finding(18, Outcome.BLOCK, "属禁设区域", remedy)
    return None


def _needs_permit(case: Case, item: ScopeItem) -> bool:
    """As the block says in which it is registered; as the list says, where none does."""
    if item.permit:
        return True
    wide = covering(case.registered_items, item)
    exact = [each for each in wide if (each.key, each.notes) == (item.key, item.notes)]
    for each in exact + wide:
        if each.permit is not None:
            return each.permit
    return _named(item, case.policy.permit_items)


def _named(item: ScopeItem, words: Iterable[str]) -> bool:
    return any(item.names(word) for word in words)


def _makes_fumes(item: ScopeItem) -> bool:
    return bool(_FUME.search(item.key)) and not any(_FUMELESS.search(n) for n in item.notes)


def _list(items: list[ScopeItem]) -> str:
    """The first of the items, for people."""
    names = list(dict.fromkeys(item.text for item in items))
    more = "等" if len(names) > _SHOWN else ""
    return "“" + "、".join(names[:_SHOWN]) + f"”{more}"
