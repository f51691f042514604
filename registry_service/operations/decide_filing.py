"""An official decides a filing, or sends it back."""

from dataclasses import replace

from license_verify.refusal import FieldViolation
from registry_service.domain.application import Defect
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import FilingBlocked, FilingNotUnderReview, InvalidRequest
from registry_service.domain.premises import Filing, FilingState, Finding, Outcome
from registry_service.operations.act import Act
from registry_service.operations.draft_filing import read_filing
from registry_service.operations.file_place import file_place
from registry_service.operations.follow_list import follow_list
from registry_service.operations.settle_application import settle_application, tell_defects
from registry_service.operations.submit_filing import put_filing, review_of

_REMEDY = "请按要求补正后重新提交"


def decide_filing(
    act: Act, code: str, filing_no: int, *, accept: bool, reason: str, etag: str = ""
) -> tuple[Entity, Filing]:
    """File or reject a filing that the rules gave to an official, with the reason kept.

    Accepting runs the rules again. What asked for an official is what the official answers; what
    blocks or is still to be completed stops it, and the filing waits on.

    Raises:
        NotYourUnit, RoleMissing: neither registrar nor head of the home unit.
        FilingUnknown: the entity has no such filing.
        FilingNotUnderReview: it does not wait for an official.
        FilingBlocked: a rule blocks it now, or it is not complete.
        PremisesEnded: the place to change or remove is no longer filed.
        EtagMismatch: it changed since it was read.
        InvalidRequest: no reason.
    """
    entity, filing, unit = _under_review(act, ActName.DECIDE_FILING, code, filing_no, etag)
    if not reason:
        raise InvalidRequest(FieldViolation("reason", "is required", "请填写审定理由"))
    application = act.tx.applications.find(entity.number, filing.receipt_number)
    state = FilingState.FILED if accept else FilingState.REJECTED
    decided = replace(filing, state=state, decision=reason)
    if accept:
        found = review_of(act, entity, application, filing)
        _require_acceptable(found.findings)
        act.tx.filings.add_findings(filing, found.findings)
        decided = replace(decided, findings=found.findings, policy_version=found.policy_version)
        entity, decided = file_place(act, entity, decided, unit)
    entity, decided = put_filing(act, entity, decided, unit)
    if accept:
        entity = follow_list(act, entity)
    settle_application(act, application)
    return entity, decided


def return_filing(
    act: Act, code: str, filing_no: int, defects: tuple[str, ...], *, etag: str = ""
) -> tuple[Entity, Filing]:
    """Send a filing under review back to be completed; the notice tells the rules' defects too.

    Args:
        act: who and when.
        code: of the entity.
        filing_no: of the filing.
        defects: what an official found missing, in Chinese; at least one.
        etag: as read.

    Raises:
        NotYourUnit, RoleMissing: neither registrar nor head of the home unit.
        FilingUnknown: the entity has no such filing.
        FilingNotUnderReview: it does not wait for an official.
        EtagMismatch: it changed since it was read.
        InvalidRequest: no defect.
    """
    entity, filing, unit = _under_review(act, ActName.RETURN_FILING, code, filing_no, etag)
    if not defects:
        raise InvalidRequest(FieldViolation("defects", "name none", "请写明需要补正的内容"))
    application = act.tx.applications.find(entity.number, filing.receipt_number)
    told = [
        Defect(filing.number, found.rule, found.reason, found.remedy)
        for found in filing.findings
        if found.outcome is Outcome.RETURN
    ]
    told += [Defect(filing.number, 0, defect, _REMEDY) for defect in defects]
    entity, filing = put_filing(act, entity, replace(filing, state=FilingState.RETURNED), unit)
    entity = tell_defects(act, entity, application, tuple(told), unit)
    settle_application(act, application)
    return entity, filing


def _under_review(
    act: Act, name: ActName, code: str, filing_no: int, etag: str
) -> tuple[Entity, Filing, int]:
    entity, filing, unit = read_filing(act, name, code, filing_no, etag)
    if not filing.state.under_review:
        raise FilingNotUnderReview(
            f"the filing is {filing.state.value}; it does not wait for an official",
            zh=f"该备案申请{filing.state.zh}，不在人工审查中",
            state=filing.state.value,
        )
    return entity, filing, unit


def _require_acceptable(findings: tuple[Finding, ...]) -> None:
    stopping = [f for f in findings if f.outcome in (Outcome.BLOCK, Outcome.RETURN)]
    if stopping:
        rules = ",".join(str(f.rule) for f in stopping)
        told = "；".join(f"{f.reason}（{f.remedy}）" if f.remedy else f.reason for f in stopping)
        raise FilingBlocked(
            f"rules {rules} stop it now; reject or return it",
            zh=f"审查要点不通过，不能准予备案：{told}；请退回补正或不予备案",
            rules=rules,
        )
