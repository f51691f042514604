"""Places of business 经营场所, their filings and hand-overs."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from registry_service.domain.address import Address, without_door
from registry_service.domain.entity import Source


class FilingState(StrEnum):
    """Where a filing stands (domain.md §6)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    MANUAL = "manual"
    FILED = "filed"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """Whether the applicant can still write to it and submit it."""
        return self in (self.DRAFT, self.RETURNED)

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _FILING_TITLES[self]

    @property
    def under_review(self) -> bool:
        """Whether it waits for an official."""
        return self in (self.SUBMITTED, self.MANUAL)

    @property
    def decided(self) -> bool:
        """Whether nothing more becomes of it."""
        return self in (self.FILED, self.REJECTED, self.WITHDRAWN)


_FILING_TITLES: Final = {
    FilingState.DRAFT: "尚未提交",
    FilingState.SUBMITTED: "正在审查",
    FilingState.RETURNED: "退回补正",
    FilingState.REJECTED: "不予备案",
    FilingState.MANUAL: "转人工审查",
    FilingState.FILED: "已备案",
    FilingState.WITHDRAWN: "已撤回",
}


class FilingAct(StrEnum):
    """What a filing asks for."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


class PremisesState(StrEnum):
    """Where premises stand."""

    LIVE = "live"
    SUSPENDED = "suspended"
    REMOVED = "removed"
    STRUCK = "struck"
    ENDED = "ended"

    @property
    def filed(self) -> bool:
        """Whether the place counts as one of the entity's."""
        return self in (self.LIVE, self.SUSPENDED)


class HandoverState(StrEnum):
    """Where a hand-over stands."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    FORWARDED = "forwarded"
    DISPUTED = "disputed"
    REPORTED = "reported"
    CLOSED = "closed"
    """The place ended before anybody answered."""


class Outcome(StrEnum):
    """What a rule makes of a filing, from the mildest to the worst."""

    WARN = "warn"
    RETURN = "return"
    MANUAL = "manual"
    BLOCK = "block"


LEADS_TO: Final = {
    Outcome.WARN: FilingState.FILED,
    Outcome.RETURN: FilingState.RETURNED,
    Outcome.MANUAL: FilingState.MANUAL,
    Outcome.BLOCK: FilingState.REJECTED,
}
"""The state that the worst finding of a review leads to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found (审查要点, domain.md §10)."""

    rule: int
    outcome: Outcome
    reason: str
    """In Chinese, word for word as told to the applicant."""
    remedy: str = ""
    """What the applicant can do, in Chinese."""


class Building(StrEnum):
    """What a building is, as stated; decides rules 16 and 17."""

    UNSPECIFIED = ""
    COMMERCIAL = "commercial"
    DWELLING = "dwelling"
    MIXED_WITHOUT_FLUE = "mixed_without_flue"
    NEXT_TO_DWELLINGS = "next_to_dwellings"


@dataclass(frozen=True, slots=True)
class Site:
    """A place as it is filed."""

    title: str
    address: Address
    scope: str = ""
    use: str = ""
    tenancy_end_date: date | None = None
    building: Building = Building.UNSPECIFIED

    @property
    def known_building(self) -> Building:
        """What the building is: as stated, but a use that says 住宅 is not talked away."""
        used = _DWELLING.fullmatch(self.use.strip())
        if used and self.building in (Building.UNSPECIFIED, Building.COMMERCIAL):
            return Building.DWELLING
        return self.building

    @property
    def masked_address(self) -> str:
        """What passers-by may see of a place where people live; empty if all of it."""
        return without_door(self.address) if self.known_building is Building.DWELLING else ""


_DWELLING: Final = re.compile(
    r"(?:自有|自建|居民|城镇|农村|商品|成套|普通)*(?:住宅|居住|住房|民宅|居民楼|住宅楼|住宅用房)"
)


@dataclass(frozen=True, slots=True)
class Document:
    """A document by its digest; the content is kept elsewhere."""

    kind: str
    sha256: bytes
    signer: str
    valid_from_date: date | None = None
    valid_until_date: date | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing of a place of business 经营场所备案."""

    entity_no: int
    number: int
    application_no: int
    receipt_number: str
    state: FilingState
    site: Site
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]
    policy_version: str
    premises_no: int | None
    handover_no: int | None
    revision: int
    created_at: datetime
    updated_at: datetime
    act: FilingAct = FilingAct.ADD
    target: int | None = None
    """Number of the filed place that it changes or removes."""
    premises_version: int | None = None
    """Version of the place's data that it brought."""
    documents_revision: int = 1
    """Revision at which place and documents were last written."""
    home_unit: int | None = None
    assignee: str = ""
    due_from: date | None = None
    """Working days count from here."""
    due_date: date | None = None
    due_provisional: bool = False
    decision: str = ""
    """Why an official decided as they did."""
    uscc: str = ""
    business_name: str = ""

    @property
    def completed(self) -> bool:
        """Whether it was returned and written to since."""
        return self.state is FilingState.RETURNED and self.documents_revision == self.revision


@dataclass(frozen=True, slots=True)
class Premises:
    """A filed place of business with the version of its data in force."""

    entity_no: int
    number: int
    """The site's own number, in its code `USCC-n`; never reused."""
    state: PremisesState
    version: int
    site: Site
    unit: int
    """Supervising unit."""
    filing_no: int | None
    filing_date: date
    revision: int
    recorded_at: datetime
    source: Source
    ended_date: date | None = None
    """Day on which it was removed, struck or ended."""
    claimed_by: str = ""
    """Who claimed a place that came from another register, by staff number."""
    claimed_at: datetime | None = None

    @property
    def migrated(self) -> bool:
        """Whether it came from another register: nothing was filed here."""
        return self.filing_no is None


@dataclass(frozen=True, slots=True)
class Handover:
    """Premises handed to the unit that supervises the place."""

    entity_no: int
    number: int
    filing_no: int
    premises_no: int
    from_unit: int
    to_unit: int
    state: HandoverState
    revision: int
    created_at: datetime
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    uscc: str = ""
    business_name: str = ""
    address: str = ""
    premises_state: PremisesState = PremisesState.LIVE
    due_date: date | None = None
    """Day by which the host unit is to answer; None for those of before deadlines."""
    due_provisional: bool = False
    """The calendar did not know a year on the way: the day may move."""
    reason: str = ""
    """Why it was declined, passed on or disputed, or what the city decided."""
    earlier_units: tuple[int, ...] = ()
    """Units it went through before, oldest first."""
