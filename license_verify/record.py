"""What the live register answers about one entity; asked for over mTLS, not signed.

It can make a verdict worse, establish the place, say what changed, and how things stood on
another day. It never makes a document good that the published lists do not. One that is older than
the purpose allows (`Policy.max_live_age`) can make a verdict worse and nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

from license_verify.lists.status import Status

LIVE_STATES: Final = frozenset({"FILED", "CHANGED", "FLAGGED", "SUSPENDED"})
"""States in which a filed place counts as the entity's (domain: premises filing). During 歇业 of
the firm it stays filed; that the firm sleeps is the status's to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPremises:
    """One filed place of business."""

    number: int
    """Site number, unique within the entity."""
    address: str
    unit: int
    """Own id of the supervising unit; on another day that of the place's county, 0: unclear."""
    state: str
    """State of the filing, upper snake."""
    since: date
    name: str | None = None
    masked_address: str | None = None
    """What passers-by may see of it; None: `address`. Set where the place is a dwelling."""
    version: int = 0
    """Of what is filed of it, as in the face of its code; 0: not told."""

    @property
    def live(self) -> bool:
        """Whether it counts as the entity's place now."""
        return self.state in LIVE_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRecord:
    """The public part of an entity's record, on one date."""

    uscc: str
    name: str | None
    person: str
    address: str
    """Domicile."""
    scope: str
    status: Status
    """The entity's own state."""
    version: int
    """Version of the face that held on the date."""
    version_since: date
    answered_at: datetime
    """By the register's clock, with a zone."""
    type_code: int | None = None
    capital: str | None = None
    premises: tuple[PublicPremises, ...] = ()
    liquidating: bool = False
    """清算 is filed: the entity exists, and its documents stay what they are."""
    registrar: int | None = None
    """Own id of the unit that registers it now; None: unclear, or not told."""
    as_of: date | None = None
    """The business date asked about; None: now."""
    status_since: date | None = None
    found_by: str | None = None
    """The former code or 注册号 that led here, if it was not the code of today."""
    former_codes: tuple[str, ...] = ()
    """All that it had before, 注册号 included; none with `as_of`."""

    def __post_init__(self) -> None:
        if self.answered_at.tzinfo is None:
            raise ValueError("answered_at has no time zone")


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """The register's answer that it can't say how an entity stood on a day."""

    uscc: str
    """As it was asked about."""
    as_of: date
    not_yet: bool
    """Whether it was registered later, here; else the day lies before what the register knows."""


LiveAnswer: TypeAlias = PublicRecord | NotRecorded | None
"""What came of asking the live register; None: it was not asked, or is away."""
