"""An act that one person asked for and another confirms."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from registry_service.domain.command import Command


class PendingState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    LAPSED = "lapsed"

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _TITLES[self]


_TITLES: Final = {
    PendingState.WAITING: "待复核",
    PendingState.DONE: "已复核办理",
    PendingState.REFUSED: "复核未通过",
    PendingState.LAPSED: "已失效",
}


@dataclass(frozen=True, slots=True)
class PendingAct:
    """What was asked, by whom, about an entity in which shape; and what became of it."""

    entity_no: int
    number: int
    """From 1 in the entity; 0 before it is stored."""
    command: Command
    summary: str
    """What it will do and who may confirm it, in Chinese."""
    business_name: str
    """名称 when it was asked."""
    home_unit: int | None
    """Registrar when it was asked."""
    entity_revision: int
    """Of the event that asked for it: tells the state the entity was in."""
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    state: PendingState = PendingState.WAITING
    answered_by: str = ""
    """Empty while it waits, and where it lapsed by itself."""
    answered_at: datetime | None = None
    reason: str = ""
    """Why it was refused or lapsed, in Chinese."""
    uscc: str = ""
    """Of the entity, in force."""

    def state_at(self, now: datetime) -> PendingState:
        """Where it stands: what nobody answered in time has lapsed, written down or not."""
        late = self.state is PendingState.WAITING and now >= self.expires_at
        return PendingState.LAPSED if late else self.state
