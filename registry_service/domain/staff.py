"""Who acts: a person with roles in units, through a workload."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may do for a unit (design.md §3). Each is separate from the others."""

    REGISTRAR = "registrar"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    CITY = "city"
    POLICY = "policy"
    OPERATOR = "operator"
    KEY_CUSTODIAN = "key_custodian"
    AUDITOR = "auditor"

    @property
    def zh(self) -> str:
        """In Chinese, for refusals."""
        return _TITLES[self]


_TITLES = {
    Role.REGISTRAR: "登记员",
    Role.HEAD: "登记科长",
    Role.SUPERVISOR: "监管员",
    Role.CITY: "市级管理员",
    Role.POLICY: "政策管理员",
    Role.OPERATOR: "系统运维员",
    Role.KEY_CUSTODIAN: "密钥保管员",
    Role.AUDITOR: "审计员",
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role in a unit, from a day on, until a day if that is set (both included)."""

    unit: int
    role: Role
    from_date: date
    until_date: date | None = None
    ended_at: datetime | None = None
    """When somebody ended it, on `until_date`, before its time; None: nobody did."""

    def holds_on(self, day: date) -> bool:
        """Whether it holds on that day; on the day somebody ended it, it holds no more."""
        if self.until_date is None or day < self.until_date:
            return self.from_date <= day
        return self.from_date <= day == self.until_date and self.ended_at is None


@dataclass(frozen=True, slots=True)
class Staff:
    """A person on the staff table."""

    number: str
    person_name: str
    assignments: tuple[Assignment, ...]
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does an act: the workload that carries it, and the person if there is one."""

    workload: str
    """SPIFFE id."""
    staff: Staff | None = None

    @property
    def number(self) -> str:
        """Staff number; empty for a service."""
        return self.staff.number if self.staff else ""

    @property
    def person_name(self) -> str:
        """The person's name; empty for a service."""
        return self.staff.person_name if self.staff else ""

    def units_as(self, role: Role, day: date) -> list[int]:
        """Units in which the person holds the role on that day."""
        assignments = self.staff.assignments if self.staff else ()
        return [a.unit for a in assignments if a.role is role and a.holds_on(day)]


SYSTEM = Actor(workload="system")
"""The registry itself: start-up and publication."""
