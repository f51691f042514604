"""A partner, what it was granted, and how much it may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

CLAIMS: Final = frozenset({"name", "person", "address"})
"""What a partner may be allowed to claim, as of `license_verify.claimed.Claimed`."""


class PartnerState(StrEnum):
    """Whether a partner may call."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Until somebody resumes it."""
    ENDED = "ended"
    """For good; its name is never given again."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much a partner may ask for."""

    calls_per_second: int
    """Checks a second, of each process of a node, over a while."""
    burst: int
    """Checks that may come at once after a pause."""
    calls_at_once: int
    """Calls that are worked on at the same time, of each process."""
    checks_per_day: int
    """On a day of Beijing, by all nodes together."""

    def raises(self, before: "Quota") -> bool:
        """Whether anything is more than it was."""
        return (
            self.calls_per_second > before.calls_per_second
            or self.burst > before.burst
            or self.calls_at_once > before.calls_at_once
            or self.checks_per_day > before.checks_per_day
        )


USUAL: Final = Quota(calls_per_second=50, burst=1000, calls_at_once=8, checks_per_day=100_000)
"""Of a partner that nobody gave another; a burst of one full batch."""


@dataclass(frozen=True, slots=True)
class Grant:
    """That a partner may check licences for a purpose, and what it then sees."""

    purpose: str
    items: frozenset[str]
    """Face items that it may see, names of `policy.ALL_ITEMS`; the purpose may show fewer."""
    claims: frozenset[str]
    """Names of `CLAIMS` that are compared for it."""
    from_date: date
    until_date: date | None = None
    """The last day; None: open."""
    revoked_at: datetime | None = None
    revision: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day of Beijing."""
        begun = self.revoked_at is None and self.from_date <= day
        return begun and (self.until_date is None or day <= self.until_date)


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as nodes know it."""

    id: str
    """As in `spiffe://DOMAIN/partner/<id>`."""
    title: str
    """What people call it: 中国工商银行济宁分行."""
    state: PartnerState
    quota: Quota
    grants: Mapping[str, Grant] = field(default_factory=dict)
    """By purpose, those that are over included."""
    revision: int = 0
    created_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"partners/{self.id}"

    def purposes_on(self, day: date) -> list[str]:
        """Purposes whose grants are in force, in order."""
        return sorted(purpose for purpose, each in self.grants.items() if each.holds_on(day))
