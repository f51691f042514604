"""Rules that look at the entity: its code, state, type, listings, persons, number of places."""

from license_verify.codes.uscc import InvalidUscc, Uscc
from registry_service.domain.entity import EntityState
from registry_service.domain.mark import MarkKind
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


def entity_is_dormant(case: Case) -> Finding | None:
    """Rule 3: 歇业; a place filed before may still be changed."""
    if case.adds and case.entity.state is EntityState.DORMANT:
        remedy = "请先办理恢复营业，恢复营业后再申请新增经营场所"
        return Finding(3, Outcome.BLOCK, "歇业期间不予新增", remedy)
    return None


def type_not_eligible(case: Case) -> Finding | None:
    """Rule 4: a type that the policy does not let file premises, or that nobody knows."""
    kind = case.entity.face.kind
    if kind in case.policy.eligible_kinds:
        return None
    here = f"{kind.zh}不适用一照多址；" if kind else "主体类型不明；"
    remedy = here + "可向经营场所所在地登记机关申请登记分支机构或另行办理登记"
    return Finding(4, Outcome.BLOCK, "主体类型不适用", remedy)


def listed_as_unreachable(case: Case) -> Finding | None:
    """Rule 5: 通过登记的住所无法联系 (cf. SAMR Order 52 art. 20)."""
    if not case.listed(MarkKind.ABNORMAL_UNREACHABLE):
        return None
    remedy = "请先变更住所登记，并向市场监督管理部门申请移出经营异常名录"
    outcome = Outcome.BLOCK if case.policy.unreachable_blocks else Outcome.WARN
    return Finding(5, outcome, "请先变更住所", remedy)


def listed_otherwise(case: Case) -> Finding | None:
    """Rule 6: 经营异常名录 for another cause."""
    if case.listed(MarkKind.ABNORMAL_OTHER):
        remedy = "不影响本次备案；请尽快补报年度报告或更正公示信息，并申请移出经营异常名录"
        return Finding(6, Outcome.WARN, "已列入经营异常名录", remedy)
    return None


def listed_for_serious_violation(case: Case) -> Finding | None:
    """Rule 7: 严重违法失信名单."""
    if case.listed(MarkKind.SERIOUS_VIOLATION):
        remedy = "由登记机关人工审查；可提交信用修复或已履行义务的证明材料"
        return Finding(7, Outcome.MANUAL, "列入严重违法失信名单", remedy)
    return None


def above_maximum(case: Case) -> Finding | None:
    """Rule 22: more premises than the policy files without an official's look."""
    most = case.policy.most_premises
    after = case.other_places + 1
    if not case.adds or not most or after <= most:
        return None
    remedy = (
        f"备案后经营场所将达 {after} 处，超过 {most} 处，由登记机关人工审查；"
        "可先取消不再使用的经营场所"
    )
    return Finding(22, Outcome.MANUAL, "经营场所数量超限", remedy)


def person_is_barred(case: Case) -> Finding | None:
    """Rule 23: the applicant or the entity's person may not apply (Order 746 art. 40)."""
    last = max((bar.until_date for bar in case.bars if bar.holds_on(case.today)), default=None)
    if last is None:
        return None
    remedy = (
        f"限制期至 {last.year} 年 {last.month} 月 {last.day} 日，期满后可再申请；"
        "如属同名，请持身份证件到登记机关核实"
    )
    return Finding(23, Outcome.BLOCK, "限制申请登记", remedy)
