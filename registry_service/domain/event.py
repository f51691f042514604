"""Events: what was done, by whom, on what ground. Never changed, never removed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One change of state of one entity."""

    entity_no: int
    revision: int
    """Of the entity, from 1 without gaps; this event made it."""
    kind: str
    """`entity.registered`, `filing.filed` …"""
    subject: str
    """Resource name below the entity, as `premises/2`; empty for the entity itself."""
    state_after: str
    """State of the entity once this was done."""
    actor: str
    actor_name: str
    actor_unit: int | None
    workload: str
    basis: str
    effective_date: date
    recorded_at: datetime
    reverses_revision: int | None = None
    feed_no: int | None = None
    """Place in the feed; given after commit by the one sequencer."""
    second_actor: str = ""
    """Who confirmed it, by staff number; empty where one person was enough."""
    second_actor_name: str = ""

    def digest(self) -> bytes:
        """SHA-256 over every field but the feed number, 32 bytes.

        The second person is left out where there is none, as in rows from before there were any.
        """
        what = [self.entity_no, self.revision, self.kind, self.subject, self.state_after]
        by, rest = self.hashed_parts()
        text = f'[{_items(what)},{by},"{self.effective_date.isoformat()}",{rest}]'
        return hashlib.sha256(text.encode()).digest()

    def hashed_parts(self) -> tuple[str, str]:
        """Who did it, and when and how it was recorded: what is hashed of them, as JSON.

        Events of one mass act have these in common; SQL puts the rest around them.
        """
        by = [self.actor, self.actor_name, self.actor_unit, self.workload, self.basis]
        rest: list[object] = [int(self.recorded_at.timestamp() * 1_000_000), self.reverses_revision]
        if self.second_actor:
            rest += [self.second_actor, self.second_actor_name]
        return _items(by), _items(rest)


def _items(values: Sequence[object]) -> str:
    """A JSON list without its brackets."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))[1:-1]
