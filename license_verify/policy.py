"""What a purpose demands of a verdict."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from license_verify.lists.status import Status
from license_verify.refusal import Kind, Refusal

ALL_ITEMS: Final = frozenset(
    {"name", "type", "person", "address", "capital", "established", "registrar", "approved",
     "form", "term", "many_addresses", "copy", "site_name", "supervisor"}
)  # fmt: skip
"""Names of the face items that a policy may show."""


class UnknownPurpose(Refusal):
    """A purpose that the table does not hold."""

    kind = Kind.INVALID
    reason = "PURPOSE_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Policy:
    """The demands of one purpose."""

    purpose: str
    zh: str
    max_age: timedelta
    """Most age of the manifest for data to count as fresh."""
    max_list_age: timedelta | None = None
    """Most age of the token's status list; None: its own exp rules."""
    max_live_age: timedelta = timedelta(minutes=5)
    """Most age of a live record for it to count as the register's answer of now: it was asked a
    moment ago, so this allows for two clocks that differ and no more."""
    accepted: frozenset[Status] = frozenset()
    """Statuses besides VALID that do not fail."""
    place_required: bool = False
    """Whether PLACE must be established, which needs an address and often the live register."""
    live_required: bool = False
    """Whether nothing is good without the live register's answer."""
    confidential: bool = False
    """Whether the business never learns that it was checked: left out of the list of its checks."""
    items: frozenset[str] = ALL_ITEMS
    """Face items that the verdict shows."""
    skew: timedelta = timedelta(minutes=5)
    """How far an issuer's clock may be ahead of ours."""


DEFAULT: Final = Policy("general", "亮照查验", timedelta(hours=24))

_LIST_RENEWED: Final = timedelta(days=8)
"""A registry signs each list anew after six days at the latest, changed or not: one that is older
under a young manifest comes from a publisher that does only half of its work."""

_ROWS: Final = (
    DEFAULT,
    Policy("counter", "政务窗口办事", timedelta(hours=1), _LIST_RENEWED),
    Policy("banking", "银行开户", timedelta(minutes=15), _LIST_RENEWED),
    Policy("bidding", "招标投标", timedelta(hours=1), _LIST_RENEWED),
    Policy(
        "telecom",
        "移动入网",
        timedelta(hours=1),
        _LIST_RENEWED,
        items=frozenset({"name", "type", "registrar"}),
    ),
    Policy(
        "charging-point",
        "充电桩报装",
        timedelta(hours=24),
        place_required=True,
        items=frozenset({"name", "address", "site_name", "supervisor"}),
    ),
    Policy(
        "inspection",
        "现场检查",
        timedelta(hours=24),
        # An inspector looks at the firm, not at the paper: a dormant firm or an old print is
        # told, and does not end the visit.
        accepted=frozenset({Status.SUSPENDED, Status.SUPERSEDED}),
        confidential=True,
    ),
    Policy(
        "investigation",
        "案件核查",
        timedelta(minutes=15),
        _LIST_RENEWED,
        # It goes into a file: what the register says at this moment, or nothing.
        live_required=True,
        confidential=True,
    ),
    Policy("offline-counter", "离线窗口", timedelta(days=7)),
)
POLICIES: Final = {row.purpose: row for row in _ROWS}
"""Every purpose of the table by name."""


def policy_for(purpose: str) -> Policy:
    """The policy of a purpose; an empty purpose is the general one.

    Raises:
        UnknownPurpose: the table does not hold it.
    """
    if not purpose:
        return DEFAULT
    found = POLICIES.get(purpose)
    if found is None:
        raise UnknownPurpose(
            f"purpose {purpose[:64]!r} is unknown; known are {', '.join(POLICIES)}",
            zh=f"没有核验用途“{purpose[:64]}”，现有 {'、'.join(POLICIES)}",
            purpose=purpose[:64],
        )
    return found
