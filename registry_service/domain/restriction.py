"""Holds 限制 of courts and authorities: which acts they block."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from registry_service.domain.authority import ActName


class HeldAct(StrEnum):
    """Kinds of acts that a hold can block."""

    ALL = "all"
    CHANGE = "change"
    FILING = "filing"
    DEREGISTRATION = "deregistration"

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _TITLES[self]


_TITLES: Final = {
    HeldAct.ALL: "一切登记和备案",
    HeldAct.CHANGE: "变更、迁移和更正登记",
    HeldAct.FILING: "经营场所备案",
    HeldAct.DEREGISTRATION: "注销登记",
}

_BLOCKS: Final = {
    # A correction changes person, name, address or code as well: under any name it is a change. So
    # is the annulment of a version, which asks as a change (operations/annul_entity.py).
    HeldAct.CHANGE: frozenset(
        {
            ActName.CHANGE_ENTITY,
            ActName.MOVE_ENTITY,
            ActName.CORRECT_ENTITY,
            ActName.CORRECT_CODE,
        }
    ),
    HeldAct.FILING: frozenset(
        {
            ActName.SUBMIT_APPLICATION,
            ActName.CREATE_PREMISES_FILING,
            ActName.BATCH_CREATE_FILINGS,
            ActName.UPDATE_PREMISES_FILING,
            ActName.SUBMIT_PREMISES_FILING,
            ActName.DECIDE_FILING,
            ActName.REINSTATE_PREMISES,
        }
    ),
    HeldAct.DEREGISTRATION: frozenset({ActName.DEREGISTER_ENTITY}),
}
_CHANGING: Final = frozenset(
    {
        ActName.ASSIGN_REGISTRAR,
        ActName.SUSPEND_ENTITY,
        ActName.RESUME_ENTITY,
        ActName.LIQUIDATE_ENTITY,
        ActName.REVOKE_ENTITY,
        ActName.ANNUL_ENTITY,
        ActName.REINSTATE_ENTITY,
        ActName.STRIKE_PREMISES,
    }
)
"""Acts that change the entity and that only a hold on everything blocks. Holds and marks
themselves, visits, issuing and what hosts do with a hand-over are never blocked."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A hold on an entity."""

    entity_no: int
    number: int
    authority: str
    """Who ordered it: 某某人民法院 …"""
    basis: str
    """Document number and legal ground."""
    held_acts: tuple[HeldAct, ...]
    from_date: date
    until_date: date | None = None
    """Last day as ordered; None means until it is lifted."""
    lifted_at: datetime | None = None
    lift_basis: str = ""

    def stands_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        begun = self.from_date <= day
        return begun and self.lifted_at is None and (not self.until_date or day <= self.until_date)

    def blocks(self, name: ActName) -> bool:
        """Whether the act is among those that it holds."""
        if HeldAct.ALL in self.held_acts:
            return name in _CHANGING or any(name in acts for acts in _BLOCKS.values())
        return any(name in _BLOCKS[held] for held in self.held_acts)
