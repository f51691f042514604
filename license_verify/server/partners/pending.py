"""An act on a partner that one official asked for and another confirms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from license_verify.server.partners.authority import ActName

LIFE: Final = timedelta(days=7)
"""To confirm it; then it lapses and is asked again."""


class ActState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    """By whoever asked for it."""

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _TITLES[self]


_TITLES: Final = {
    ActState.WAITING: "待复核",
    ActState.DONE: "已复核办理",
    ActState.REFUSED: "复核未通过",
    ActState.LAPSED: "已失效",
    ActState.WITHDRAWN: "已撤回",
}


@dataclass(frozen=True, slots=True)
class PartnerAct:
    """What was asked, by whom, and what became of it."""

    partner_id: str
    number: int
    """From 1 in the partner; 0 before it is stored."""
    act: ActName
    """ENROL_PARTNER, UPDATE_PARTNER or GRANT_PURPOSE."""
    title: str
    """What the partner was called, or shall be called, when it was asked."""
    wish: Mapping[str, Any]
    """Title and quota, or a grant: see `as_json`."""
    reason: str
    asked_by: str
    """Staff number."""
    asked_at: datetime
    expires_at: datetime
    state: ActState = ActState.WAITING
    answered_by: str = ""
    answered_at: datetime | None = None
    answer: str = ""
    """Why it was refused, withdrawn or lapsed, in Chinese."""

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"partners/{self.partner_id}/acts/{self.number}"

    def state_at(self, now: datetime) -> ActState:
        """Where it stands: what nobody answered in time has lapsed, written down or not."""
        late = self.state is ActState.WAITING and now >= self.expires_at
        return ActState.LAPSED if late else self.state
