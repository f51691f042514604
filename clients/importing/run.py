"""Sending a table to the registry and adding up what came of its rows."""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from clients.importing.table import Line, Table
from clients.sdk.admin import Admin
from yizhao.registry.v1 import admin_service_pb2 as pb

PART_ROWS: Final = 500
"""The contract allows 1,000; smaller parts show progress and stay below message limits."""
PART_CHARACTERS: Final = 400_000


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not imported, or that somebody should look at."""

    line: int
    field: str
    reason: str
    text: str
    cells: tuple[str, ...]
    """The row as it stands in the file."""


@dataclass(slots=True)
class Outcome:
    """What came of a file so far."""

    run: str = ""
    imported: int = 0
    unchanged: int = 0
    unit_unclear: int = 0
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Rows that were not imported; a row may be rejected for several reasons."""
        return len({reject.line for reject in self.rejects})

    @property
    def rows(self) -> int:
        """Rows accounted for."""
        return self.imported + self.unchanged + self.rejected


def import_table(
    admin: Admin, table: Table, source: str, progress: Callable[[Outcome], None]
) -> Outcome:
    """Send all rows; calls `progress` after each part.

    Raises:
        ServiceError, Unreachable: the parts answered before are durable; send the file again.
    """
    outcome = Outcome()
    sent: deque[dict[int, Line]] = deque()

    def parts() -> Iterator[Sequence[pb.ImportRow]]:
        for part in _parts(table, outcome):
            sent.append({line.number: line for line in part})
            yield [
                pb.ImportRow(line=line.number, fields=table.columns.row(line.cells))
                for line in part
            ]

    for answer in admin.import_entities(source, table.path.name, parts()):
        if not sent:  # the header alone was answered
            continue
        _add(outcome, answer, sent.popleft())
        progress(outcome)
    return outcome


def write_rejects(path: Path, table: Table, outcome: Outcome) -> None:
    """Write the rejected rows as they were, with line, field, reason and the Chinese text."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # BOM: spreadsheets want it
        writer = csv.writer(file)
        writer.writerow(("line", "field", "reason", "text", *table.columns.header))
        for reject in outcome.rejects:
            told = (str(reject.line), reject.field, reject.reason, reject.text)
            writer.writerow((*told, *reject.cells))


def _parts(table: Table, outcome: Outcome) -> Iterator[list[Line]]:
    """Parts within both bounds; rows of the wrong shape go to the rejects right here."""
    part: list[Line] = []
    characters = 0
    for line in table.lines():
        if len(line.cells) != len(table.columns.header):
            outcome.rejects.append(_misshapen(line, len(table.columns.header)))
            continue
        size = sum(map(len, line.cells))
        if part and (len(part) == PART_ROWS or characters + size > PART_CHARACTERS):
            yield part
            part, characters = [], 0
        part.append(line)
        characters += size
    if part:
        yield part


def _misshapen(line: Line, columns: int) -> Reject:
    text = f"该行有{len(line.cells)}列，表头有{columns}列"
    return Reject(line.number, "", "ROW_SHAPE", text, line.cells)


def _add(outcome: Outcome, answer: pb.ImportEntitiesResponse, part: dict[int, Line]) -> None:
    outcome.run = answer.import_run
    outcome.imported += answer.imported_count
    outcome.unchanged += answer.unchanged_count
    outcome.unit_unclear += answer.unit_unclear_count
    for told, kept in ((answer.rejects, outcome.rejects), (answer.warnings, outcome.warnings)):
        for each in told:
            cells = part[each.line].cells if each.line in part else ()
            kept.append(Reject(each.line, each.field, each.reason, each.text, cells))
