"""Review 审查: every rule looks at the case, the worst finding decides."""

from registry_service.domain.premises import LEADS_TO, FilingState, Finding, Outcome
from registry_service.domain.review.case import Case
from registry_service.domain.review.jining import JINING_2023
from registry_service.domain.review.policy import ReviewPolicy
from registry_service.domain.review.rules import RULES

__all__ = ["JINING_2023", "Case", "ReviewPolicy", "review"]

_ORDER = list(Outcome)


def review(case: Case) -> tuple[tuple[Finding, ...], FilingState]:
    """All findings in the order of their rules, and the state that they lead to."""
    findings = tuple(found for rule in RULES if (found := rule(case)) is not None)
    worst = max((f.outcome for f in findings), key=_ORDER.index, default=Outcome.WARN)
    return findings, LEADS_TO[worst]
