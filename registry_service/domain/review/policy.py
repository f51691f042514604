"""Choices that law leaves to the city or a unit (CFG in domain.md §5), one version of them."""

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from license_verify.codes.entity_type import EntityKind
from registry_service.domain.many_addresses import MarkMode, Reissue
from registry_service.domain.premises import Outcome

Area = Literal["city", "registrar"]
_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class NegativeEntry:
    """Industry × area that is closed 负面清单, with its ground (rule 18)."""

    items: tuple[str, ...]
    """Words of 经营范围 that name the industry."""
    area: str
    """Beginning of an address, as 任城区阜桥街道; empty means everywhere."""
    basis: str
    regulator: str
    """主管部门."""


@dataclass(frozen=True, slots=True)
class ListedBuilding:
    """A building that may not be used (rule 19)."""

    address: str
    """Beginning of its address."""
    cause: str
    """违法建筑, 危险房屋 or 已征收房屋."""


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """One version of the choices; the version in force is kept with the findings."""

    version: str
    area: Area
    """Where premises may lie (8): in the whole city, or only under the same registrar."""
    eligible_kinds: frozenset[EntityKind] = frozenset()
    """What may file premises (4)."""
    pre_approval_items: tuple[str, ...] = ()
    """前置审批: none may be on a site (13)."""
    permit_items: tuple[str, ...] = ()
    """Items that need a permit (14)."""
    permit_outcome: Outcome = Outcome.WARN
    """What a permit item across counties leads to: WARN or BLOCK."""
    negative_list: tuple[NegativeEntry, ...] = ()
    listed_buildings: tuple[ListedBuilding, ...] = ()
    most_entities_at_address: int = 0
    """More than this go to an official (12); 0 for no limit."""
    most_premises: int = 0
    """More than this of one entity go to an official (22); 0 for no limit."""
    least_tenancy_months: int = 0
    """A shorter right of use is told (21)."""
    struck_months: int = 0
    """A strike at the place within so many months goes to an official (24)."""
    unreachable_blocks: bool = True
    """Being listed as unreachable blocks (5); else it warns."""
    mark_mode: MarkMode = MarkMode.SUFFIX_PLUS_QR_LIST
    """How a licence shows 一照多址. The city's alone counts."""
    reissue: Reissue = Reissue.FIRST_ONLY
    """When the filing of places asks for a new licence. The city's alone counts."""


def narrowed(wide: ReviewPolicy, own: ReviewPolicy) -> ReviewPolicy:
    """What holds in a unit: of every choice the narrower, of every list both."""
    strict: Area = "registrar" if "registrar" in (wide.area, own.area) else "city"
    blocks = Outcome.BLOCK in (wide.permit_outcome, own.permit_outcome)
    return replace(
        wide,
        version=f"{wide.version}+{own.version}",
        area=strict,
        eligible_kinds=wide.eligible_kinds & own.eligible_kinds,
        pre_approval_items=_both(wide.pre_approval_items, own.pre_approval_items),
        permit_items=_both(wide.permit_items, own.permit_items),
        permit_outcome=Outcome.BLOCK if blocks else Outcome.WARN,
        negative_list=_both(wide.negative_list, own.negative_list),
        listed_buildings=_both(wide.listed_buildings, own.listed_buildings),
        most_entities_at_address=_least(
            wide.most_entities_at_address, own.most_entities_at_address
        ),
        most_premises=_least(wide.most_premises, own.most_premises),
        least_tenancy_months=max(wide.least_tenancy_months, own.least_tenancy_months),
        struck_months=max(wide.struck_months, own.struck_months),
        unreachable_blocks=wide.unreachable_blocks or own.unreachable_blocks,
    )


def wider_choices(wide: ReviewPolicy, own: ReviewPolicy) -> tuple[str, ...]:
    """Names of the choices in which `own` would allow what `wide` does not.

    A unit's lists only add to the city's, so they are never wider.
    """
    checks = {
        "area": own.area == "city" and wide.area == "registrar",
        "eligible_kinds": not own.eligible_kinds <= wide.eligible_kinds,
        "permit_outcome": (own.permit_outcome, wide.permit_outcome)
        == (Outcome.WARN, Outcome.BLOCK),
        "most_entities_at_address": _exceeds(
            own.most_entities_at_address, wide.most_entities_at_address
        ),
        "most_premises": _exceeds(own.most_premises, wide.most_premises),
        "least_tenancy_months": own.least_tenancy_months < wide.least_tenancy_months,
        "struck_months": own.struck_months < wide.struck_months,
        "unreachable_blocks": wide.unreachable_blocks and not own.unreachable_blocks,
    }
    return tuple(name for name, wider in checks.items() if wider)


def _both(first: tuple[_Entry, ...], second: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    return tuple(dict.fromkeys(first + second))


def _least(first: int, second: int) -> int:
    """The smaller limit; 0 is none."""
    return min(first or second, second or first)


def _exceeds(own: int, wide: int) -> bool:
    """Whether one limit allows more than the other; 0 is none."""
    return wide > 0 and (own == 0 or own > wide)
