"""A policy as the JSON that table `review_policy` keeps: read strictly, or not at all."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast, get_args

from license_verify.codes.entity_type import EntityKind
from registry_service.domain.many_addresses import MarkMode, Reissue
from registry_service.domain.premises import Outcome
from registry_service.domain.review.policy import Area, ListedBuilding, NegativeEntry, ReviewPolicy

MOST_ENTRIES: Final = 2000
"""Of one list."""
LONGEST_TEXT: Final = 256
MOST: Final = 1_000_000
"""Largest of the limits."""
MOST_MONTHS: Final = 1200
_PERMIT_OUTCOMES: Final = (Outcome.WARN, Outcome.BLOCK)
_ADDED: Final = {"mark_mode": MarkMode.SUFFIX_PLUS_QR_LIST, "reissue": Reissue.FIRST_ONLY}
"""Fields that policies of earlier releases lack, and what they mean then."""
_Read = TypeVar("_Read")


class PolicyUnreadable(ValueError):
    """The content is no review policy; the message names the field."""


def to_json(policy: ReviewPolicy) -> dict[str, Any]:
    """The policy without its version, ready for JSON.

    What a release did not know yet is written only where it differs from what held before, so that
    the release still reads what asks for nothing new.
    """
    added = {
        name: getattr(policy, name).value
        for name, kind in _ADDED.items()
        if getattr(policy, name) is not kind
    }
    return added | {
        "area": policy.area,
        "eligible_kinds": sorted(kind.value for kind in policy.eligible_kinds),
        "pre_approval_items": list(policy.pre_approval_items),
        "permit_items": list(policy.permit_items),
        "permit_outcome": policy.permit_outcome.value,
        "negative_list": [
            {
                "items": list(entry.items),
                "area": entry.area,
                "basis": entry.basis,
                "regulator": entry.regulator,
            }
            for entry in policy.negative_list
        ],
        "listed_buildings": [
            {"address": building.address, "cause": building.cause}
            for building in policy.listed_buildings
        ],
        "most_entities_at_address": policy.most_entities_at_address,
        "most_premises": policy.most_premises,
        "least_tenancy_months": policy.least_tenancy_months,
        "struck_months": policy.struck_months,
        "unreachable_blocks": policy.unreachable_blocks,
    }


def from_json(version: str, content: object) -> ReviewPolicy:
    """A policy of exactly the fields that `to_json` writes or leaves out.

    Raises:
        PolicyUnreadable: a field is missing, unknown, of another type or out of range.
    """
    fields = _Fields(content, "")
    policy = ReviewPolicy(
        version=version,
        area=cast("Area", fields.one_of("area", get_args(Area))),
        eligible_kinds=frozenset(fields.each("eligible_kinds", _kind)),
        pre_approval_items=fields.each("pre_approval_items", _text),
        permit_items=fields.each("permit_items", _text),
        permit_outcome=Outcome(fields.one_of("permit_outcome", _PERMIT_OUTCOMES)),
        negative_list=fields.each("negative_list", _negative),
        listed_buildings=fields.each("listed_buildings", _building),
        most_entities_at_address=fields.number("most_entities_at_address", MOST),
        most_premises=fields.number("most_premises", MOST),
        least_tenancy_months=fields.number("least_tenancy_months", MOST_MONTHS),
        struck_months=fields.number("struck_months", MOST_MONTHS),
        unreachable_blocks=fields.flag("unreachable_blocks"),
        mark_mode=MarkMode(fields.one_of("mark_mode", tuple(MarkMode), _ADDED["mark_mode"])),
        reissue=Reissue(fields.one_of("reissue", tuple(Reissue), _ADDED["reissue"])),
    )
    fields.finish()
    return policy


class _Fields:
    """Takes the fields of an object one by one; `finish` refuses what was left."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise PolicyUnreadable(f"{where or 'policy'}: is no object")
        self._rest = dict(value)
        self._where = where

    def take(self, name: str) -> object:
        if name not in self._rest:
            raise PolicyUnreadable(f"{self._where}{name}: is missing")
        return self._rest.pop(name)

    def finish(self) -> None:
        if self._rest:
            raise PolicyUnreadable(f"{self._where}{min(map(str, self._rest))}: is not known")

    def text(self, name: str, *, empty: bool = False) -> str:
        value = self.take(name)
        if value == "" and empty:
            return ""
        return _text(value, f"{self._where}{name}")

    def one_of(self, name: str, known: tuple[str, ...], absent: str = "") -> str:
        value = absent if absent and name not in self._rest else self.take(name)
        if not isinstance(value, str) or value not in known:
            raise PolicyUnreadable(f"{self._where}{name}: is none of {', '.join(known)}")
        return value

    def number(self, name: str, most: int) -> int:
        value = self.take(name)
        if type(value) is not int or not 0 <= value <= most:
            raise PolicyUnreadable(f"{self._where}{name}: is no number from 0 to {most}")
        return value

    def flag(self, name: str) -> bool:
        value = self.take(name)
        if not isinstance(value, bool):
            raise PolicyUnreadable(f"{self._where}{name}: is neither true nor false")
        return value

    def each(self, name: str, read: Callable[[object, str], _Read]) -> tuple[_Read, ...]:
        value = self.take(name)
        where = f"{self._where}{name}"
        if not isinstance(value, list) or len(value) > MOST_ENTRIES:
            raise PolicyUnreadable(f"{where}: is no list of at most {MOST_ENTRIES}")
        return tuple(read(entry, f"{where}[{at}]") for at, entry in enumerate(value))


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or value.isspace():
        raise PolicyUnreadable(f"{where}: is no text of 1 to {LONGEST_TEXT} characters")
    return value


def _kind(value: object, where: str) -> EntityKind:
    try:
        return EntityKind(value)
    except ValueError:
        raise PolicyUnreadable(f"{where}: is no kind of entity") from None


def _negative(value: object, where: str) -> NegativeEntry:
    fields = _Fields(value, f"{where}.")
    entry = NegativeEntry(
        items=fields.each("items", _text),
        area=fields.text("area", empty=True),
        basis=fields.text("basis"),
        regulator=fields.text("regulator"),
    )
    fields.finish()
    return entry


def _building(value: object, where: str) -> ListedBuilding:
    fields = _Fields(value, f"{where}.")
    building = ListedBuilding(address=fields.text("address"), cause=fields.text("cause"))
    fields.finish()
    return building
