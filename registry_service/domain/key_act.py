"""Acts on keys and hosts: one key custodian asks, another confirms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.pending_act import PendingState

KEY_ACTS: Final = (
    ActName.CREATE_KEY,
    ActName.ACTIVATE_KEY,
    ActName.RETIRE_KEY,
    ActName.DISTRUST_KEY,
    ActName.ADD_HOST,
    ActName.RETIRE_HOST,
)
"""Each waits for a second key custodian."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be done to a key or a host."""

    act: ActName
    subject: str
    """The use of a key to be made, the kid in 16 hexadecimal digits, or the host."""
    reason: str
    early: bool = False
    """To activate a key before checkers had time to learn of it."""


@dataclass(frozen=True, slots=True)
class KeyAct:
    """What was asked, by whom, and what became of it."""

    number: int
    """From 1; 0 before it is stored."""
    wish: Wish
    affected: int
    """Documents in use that stop being good by it, when it was asked."""
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    state: PendingState = PendingState.WAITING
    answered_by: str = ""
    answered_at: datetime | None = None
    answer: str = ""
    """Why it was refused or lapsed, in Chinese."""
    kid: bytes | None = None
    """Of the key that was made."""

    def state_at(self, now: datetime) -> PendingState:
        """Where it stands: what nobody answered in time has lapsed, written down or not."""
        late = self.state is PendingState.WAITING and now >= self.expires_at
        return PendingState.LAPSED if late else self.state
