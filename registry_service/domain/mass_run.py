"""Mass runs: one act on many entities, as on a city's first day or with a changed key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class MassKind(StrEnum):
    """What is done to each entity."""

    ISSUE = "issue"
    """A licence for each that has none."""
    REISSUE = "reissue"
    """A new licence for each that has one."""

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _KINDS[self]


_KINDS: Final = {MassKind.ISSUE: "批量签发执照", MassKind.REISSUE: "批量换发执照"}


class MassState(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    """For its second person."""
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _STATES[self]

    @property
    def ended(self) -> bool:
        """Nothing more is done."""
        return self in (self.DONE, self.CANCELLED)


_STATES: Final = {
    MassState.WAITING: "待复核",
    MassState.RUNNING: "进行中",
    MassState.PAUSED: "已暂停",
    MassState.DONE: "已完成",
    MassState.CANCELLED: "已取消",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Of which entities a run is."""

    kind: MassKind
    unit: int | None = None
    """Their registrar; None for all."""
    kid: bytes | None = None
    """Of REISSUE: only licences that this key signed."""
    host: str = ""
    """Of REISSUE: only licences that name this host."""


@dataclass(frozen=True, slots=True)
class MassRun:
    """One act on many entities, from the first person's request to the last entity."""

    number: int
    selection: Selection
    state: MassState
    basis: str
    wanted: int
    """Entities, as counted when it was asked for; others may come or end meanwhile."""
    staff_no: str
    staff_name: str
    unit: int | None
    """For which the first person acted."""
    workload: str
    created_at: datetime
    confirmed_by: str = ""
    confirmed_name: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cursor: int = 0
    """Entities up to this number are in a chunk."""
    issued: int = 0
    voided: int = 0
    """Licences given up because somebody changed the entity meanwhile; it was done again."""
    failed: int = 0
    """Entities that got none; the run's remarks say why."""


@dataclass(frozen=True, slots=True)
class MassRemark:
    """Why an entity got no licence."""

    entity_no: int
    code: str
    business_name: str
    unit: int | None
    reason: str
    """Of the refusal, as `FACE_INCOMPLETE`."""
    text: str
    """In Chinese."""


class ChunkState(StrEnum):
    """How far a chunk is."""

    OPEN = "open"
    INTENDED = "intended"
    """What is to be signed is stored."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class MassChunk:
    """Entities that are done in one go."""

    run_no: int
    number: int
    after: int
    """Entities behind this number …"""
    to: int
    """… up to this one."""
    state: ChunkState = ChunkState.OPEN
    epoch: int = 0
    kid: bytes = b""
    host: str = ""
    made_at: datetime | None = None
    intents: bytes = b""
    """As `issuing.drafts` packs them."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a chunk's entities."""

    issued: int = 0
    voided: int = 0
    failed: int = 0
