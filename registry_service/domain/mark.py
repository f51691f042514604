"""Marks: the regulator's listings of an entity. A mark is a flag, not a state (domain.md §6)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MarkKind(StrEnum):
    """Which list an entity stands on."""

    ABNORMAL_UNREACHABLE = "abnormal_unreachable"
    ABNORMAL_OTHER = "abnormal_other"
    SERIOUS_VIOLATION = "serious_violation"
    SPECIAL = "special"

    @property
    def zh(self) -> str:
        """The list's name in Chinese, for people."""
        return _TITLES[self]


_TITLES = {
    MarkKind.ABNORMAL_UNREACHABLE: "经营异常名录（通过登记的住所无法联系）",
    MarkKind.ABNORMAL_OTHER: "经营异常名录",
    MarkKind.SERIOUS_VIOLATION: "严重违法失信名单",
    MarkKind.SPECIAL: "特别标注",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One listing, from a day on, until a day once it was ended (both included)."""

    entity_no: int
    number: int
    kind: MarkKind
    basis: str
    """Decision and legal ground."""
    from_date: date
    until_date: date | None = None

    def stands_on(self, day: date) -> bool:
        """Whether the entity is listed on that day."""
        return self.from_date <= day and (self.until_date is None or day <= self.until_date)
