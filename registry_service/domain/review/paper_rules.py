"""Rules that look at papers: the commitment, the right of use."""

from registry_service.domain.months import add_months
from registry_service.domain.person import persons_of, same_person
from registry_service.domain.premises import Finding, Outcome
from registry_service.domain.review.case import Case


def commitment_not_signed(case: Case) -> Finding | None:
    """Rule 20: no 申报承诺书 that holds today and is signed by the entity's person."""
    persons = persons_of(case.entity.face.person)
    for paper in case.papers("commitment"):
        if any(same_person(paper.signer, person) for person in persons):
            return None
    kind = case.entity.face.kind
    title = kind.labels.person if kind else "法定代表人（负责人、经营者）"
    remedy = f"请提交由{title}本人签署、在有效期内的申报承诺书"
    return Finding(20, Outcome.RETURN, "承诺书未有效签署", remedy)


def tenancy_too_short(case: Case) -> Finding | None:
    """Rule 21: the right of use ends before the policy's months are over."""
    papers = (p.valid_until_date for p in case.documents if p.kind == "tenancy")
    last = min(
        (day for day in (case.site.tenancy_end_date, *papers) if day is not None), default=None
    )
    months = case.policy.least_tenancy_months
    if not months or last is None or last >= add_months(case.today, months):
        return None
    remedy = (
        f"场所使用权至 {last.year} 年 {last.month} 月 {last.day} 日，不足 {months} 个月；"
        "不影响本次备案，请及时续租，到期不再使用的应办理取消备案"
    )
    return Finding(21, Outcome.WARN, "使用期限不足", remedy)
