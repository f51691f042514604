"""Mass runs: one act on many entities, as on a city's first day or with a changed key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from registry_service.domain.mark import MarkKind

MOST_CODES: Final = 50_000
"""Codes of one run on a list: about 1 MB of a request, of the 4 that the registry takes."""


class MassKind(StrEnum):
    """What is done to each entity."""

    ISSUE = "issue"
    """A licence for each that has none."""
    REISSUE = "reissue"
    """A new licence for each that has one."""
    REISSUE_SITES = "reissue_sites"
    """New codes for the places of each that has such."""
    REVOKE = "revoke"
    """吊销 of those on a list."""
    MARK = "mark"
    """列入名录 of those on a list."""
    UNMARK = "unmark"
    """移出名录 of those on a list."""

    @property
    def listed(self) -> bool:
        """It has its entities on a list of its own, and does one after the other."""
        return self not in (self.ISSUE, self.REISSUE)

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _KINDS[self]


_KINDS: Final = {
    MassKind.ISSUE: "批量签发执照",
    MassKind.REISSUE: "批量换发执照",
    MassKind.REISSUE_SITES: "批量换发场所码",
    MassKind.REVOKE: "批量吊销",
    MassKind.MARK: "批量列入名录",
    MassKind.UNMARK: "批量移出名录",
}


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
    """Of REISSUE and REISSUE_SITES: only what this key signed."""
    host: str = ""
    """Likewise: only what names this host."""
    mark: MarkKind | None = None
    """Of MARK and UNMARK: which list of the regulator."""


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
    """Entities up to this number, or ordinal on the run's list, are in a chunk."""
    issued: int = 0
    """Entities that it was done to."""
    voided: int = 0
    """Licences given up because somebody changed the entity meanwhile; it was done again."""
    failed: int = 0
    """Entities that it could not be done to; the run's remarks say why."""


@dataclass(frozen=True, slots=True)
class ListedEntity:
    """A code on the list of a run."""

    run_no: int
    ordinal: int
    """From 1, in the order in which they were given."""
    code: str


@dataclass(frozen=True, slots=True)
class MassRemark:
    """Why it was not done to an entity."""

    place: int
    """Among the run's remarks: its own number, or its ordinal on the run's list."""
    entity_no: int | None
    """None where nobody has or had the code."""
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
    """Entities behind this number, or ordinal on the run's list …"""
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
