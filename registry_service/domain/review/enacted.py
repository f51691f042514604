"""A version of the review policy as it was entered and confirmed."""

from dataclasses import dataclass
from datetime import date, datetime

from registry_service.domain.review.policy import ReviewPolicy


@dataclass(frozen=True, slots=True)
class EnactedPolicy:
    """One row of table `review_policy`; it holds for nobody before it is confirmed."""

    number: int
    unit: int
    """Where it holds: the city, or a unit that decides more narrowly."""
    effective_date: date
    policy: ReviewPolicy
    entered_by: str
    entered_at: datetime
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
