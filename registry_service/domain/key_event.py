"""What was done to keys, hosts and trust lists, by whom. Never changed, never removed."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime

from registry_service.domain.row_digest import row_digest


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One thing that happened."""

    kind: str
    """`key_act.asked`, `.confirmed`, `.refused`, `.lapsed`, or `trust_list.published`."""
    subject: str
    """`keyActs/3`, or `trustLists/8`."""
    reason: str
    detail: Mapping[str, object]
    """JSON: names of acts, kids, hosts and numbers; no free text."""
    actor: str
    """Staff number; empty for the system."""
    actor_name: str
    workload: str
    recorded_at: datetime

    def digest(self) -> bytes:
        """SHA-256 over every field, 32 bytes."""
        return row_digest(astuple(self))
