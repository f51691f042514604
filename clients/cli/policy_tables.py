"""Tables of the review policy."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from clients.cli.say import date_text, facts, table, time_text
from clients.cli.words import FINDING_OUTCOMES

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import policy_pb2

_AREAS: Final = {"CITY": "全市", "REGISTRAR": "同一登记机关辖区"}
_MARKS: Final = {
    "SUFFIX": "住所后加注（一照多址）",
    "INLINE_LIST": "住所下列出全部经营场所",
    "SUFFIX_PLUS_QR_LIST": "住所后加注（一照多址），扫码看清单",
}
_REISSUES: Final = {
    "FIRST_ONLY": "首次备案和全部取消时换发",
    "ALWAYS": "场所每次变动都换发",
    "NEVER": "不因场所变动换发",
}
_KINDS: Final = {
    "COMPANY": "公司",
    "NON_COMPANY": "非公司企业法人",
    "PARTNERSHIP": "合伙企业",
    "SOLE_OWNER": "个人独资企业",
    "COOPERATIVE": "农民专业合作社",
    "BRANCH": "分支机构",
    "HOUSEHOLD": "个体工商户",
}


def show_policies(found: "Sequence[policy_pb2.ReviewPolicy]", units: "UnitNames") -> None:
    """Versions, a line each."""
    table(
        f"审查政策 {len(found)}",
        ("版本", "单位", "施行日期", "录入", "确认"),
        [
            (
                policy.name.removeprefix("reviewPolicies/"),
                units.title(policy.unit),
                date_text(policy.effective_date),
                " ".join((policy.entered_by.removeprefix("staff/"), time_text(policy.create_time))),
                _confirmed(policy),
            )
            for policy in found
        ],
    )


def _confirmed(policy: "policy_pb2.ReviewPolicy") -> str:
    """Who confirmed it; one that nobody entered came with the system."""
    if not policy.entered_by:
        return "随系统提供"
    return policy.confirmed_by.removeprefix("staff/") or "待另一名政策管理员确认"


def show_policy(policy: "policy_pb2.ReviewPolicy", units: "UnitNames") -> None:
    """One version whole."""
    from yizhao.registry.v1 import entity_pb2, policy_pb2, premises_pb2

    area = policy_pb2.FilingArea.Name(policy.area).removeprefix("FILING_AREA_")
    outcome = premises_pb2.FindingOutcome.Name(policy.permit_outcome)
    mark = policy_pb2.MarkMode.Name(policy.mark_mode)
    reissue = policy_pb2.LicenseReissue.Name(policy.reissue)
    kinds = (entity_pb2.EntityKind.Name(kind) for kind in policy.eligible_kinds)
    facts(
        f"审查政策第 {policy.name.removeprefix('reviewPolicies/')} 版",
        [
            ("单位", units.title(policy.unit)),
            ("施行日期", date_text(policy.effective_date)),
            ("录入", policy.entered_by.removeprefix("staff/")),
            ("确认", _confirmed(policy)),
            ("备案区域（规则8）", _AREAS.get(area, area)),
            (
                "主体类型（规则4）",
                "、".join(_KINDS.get(k.removeprefix("ENTITY_KIND_"), k) for k in kinds),
            ),
            ("前置审批（规则13）", "、".join(policy.pre_approval_items)),
            ("涉及许可（规则14）", "、".join(policy.permit_items)),
            (
                "跨县区涉及许可的",
                FINDING_OUTCOMES.get(outcome.removeprefix("FINDING_OUTCOME_"), ""),
            ),
            ("同址主体上限（规则12）", str(policy.most_entities_at_address or "不限")),
            ("场所数量上限（规则22）", str(policy.most_premises or "不限")),
            ("使用期限不少于（规则21）", f"{policy.least_tenancy_months} 个月"),
            ("曾被撤销（规则24）", f"{policy.struck_months} 个月内"),
            ("一照多址的标注", _MARKS.get(mark.removeprefix("MARK_MODE_"), mark)),
            (
                "换发执照",
                _REISSUES.get(reissue.removeprefix("LICENSE_REISSUE_"), reissue),
            ),
            ("无法联系的（规则5）", "不予备案" if policy.unreachable_blocks else "提示"),
        ],
    )
    if policy.negative_list:
        table(
            "负面清单（规则18）",
            ("行业", "区域", "依据", "主管部门"),
            [
                ("、".join(each.items), each.area or "全市", each.basis, each.regulator)
                for each in policy.negative_list
            ],
        )
    if policy.listed_buildings:
        table(
            "不得使用的房屋（规则19）",
            ("地址", "原因"),
            [(each.address, each.cause) for each in policy.listed_buildings],
        )
