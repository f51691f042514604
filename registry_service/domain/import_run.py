"""Import runs: a file is read, compared, signed off by each unit, and put on the register."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

UNCLEAR: Final = 0
"""Stands for "unit unclear" in keys, where a unit must be named."""


class ImportKind(StrEnum):
    """What the rows of a file are about."""

    ENTITIES = "entities"
    PREMISES = "premises"
    COPIES = "copies"
    SYNC = "sync"

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _KINDS[self]


_KINDS: Final = {
    ImportKind.ENTITIES: "主体",
    ImportKind.PREMISES: "经营场所",
    ImportKind.COPIES: "在用执照",
    ImportKind.SYNC: "每日增量",
}


class RunState(StrEnum):
    """Where a run stands."""

    LOADING = "loading"
    CHECKED = "checked"
    DONE = "done"
    UNDONE = "undone"
    TRIED = "tried"
    """A dry run that was told."""


class ShareState(StrEnum):
    """Where a unit's part of a run stands."""

    OPEN = "open"
    SIGNED = "signed"
    DONE = "done"
    UNDONE = "undone"


class RemarkKind(StrEnum):
    """Why a row is told of."""

    REJECT = "reject"
    """It could not be read."""
    QUARANTINE = "quarantine"
    """It was read; its code is doubled, wrong or somebody else's."""
    WARNING = "warning"
    """It is taken."""


class RemarkState(StrEnum):
    """What became of a remark."""

    OPEN = "open"
    MENDED = "mended"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said of one row."""

    line: int
    kind: RemarkKind
    field: str
    """Provincial field name; `row` for the row as a whole."""
    reason: str
    text: str
    """In Chinese, for whoever mends the row."""
    unit: int | None = None
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The row as it came."""
    state: RemarkState = RemarkState.OPEN
    decided_by: str = ""
    decision: str = ""
    run: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's part of a run. The counts of all add up to the rows of the file."""

    unit: int | None
    """None: unclear, the city's to settle."""
    new: int
    unchanged: int
    rejected: int
    quarantined: int
    warned: int
    state: ShareState = ShareState.OPEN
    signed_by: str = ""
    signed_name: str = ""
    signed_at: datetime | None = None
    applied_to: int = 0
    """Ordinal of the last row on the register."""
    applied: int = 0
    changed: int = 0
    """Of a delta: what is in force is another thing."""
    late: int = 0
    """Of a delta: it is in the history."""
    decide: int = 0
    """Of a delta: somebody must decide."""
    missing: int = 0
    """Entities that a complete file lacks; no rows of it."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One file, from its first row to the register."""

    number: int
    kind: ImportKind
    state: RunState
    source: str
    file_name: str
    rows: int
    """Below the header."""
    loaded: int
    """Rows that are durable."""
    dry_run: bool
    staff_no: str
    staff_name: str
    unit: int | None
    """For which the sender acted."""
    workload: str
    started_at: datetime
    updated_at: datetime | None
    first_entity_no: int | None = None
    shares: tuple[Share, ...] = ()
    source_date: date | None = None
    """The day that a delta tells of."""
    complete: bool = False
    """The file is everything that its source has."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a chunk's rows."""

    put: int
    """Rows that are dealt with."""
    lost: int = 0
    """Rows that were set aside instead."""
    waiting: tuple[int, ...] = ()
    """Entities of which something is to be signed now."""
    new: int = 0
    """Of a delta: how many more are new than when the file was compared; the next four alike."""
    changed: int = 0
    late: int = 0
    decide: int = 0
    unchanged: int = 0
