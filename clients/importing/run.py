"""Sending a table to the registry."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final

from google.type import date_pb2

from clients.importing.columns import Columns
from clients.importing.table import Line, Table
from clients.sdk.imports import Imports, Sending
from yizhao.registry.v1 import import_run_pb2 as pb

PART_ROWS: Final = 1000
PART_CHARACTERS: Final = 400_000
"""Smaller parts stay below message limits."""

Progress = Callable[[pb.ImportRun], None]


def import_table(
    imports: Imports,
    table: Table,
    kind: str,
    source: str,
    progress: Progress,
    *,
    dry_run: bool = False,
    source_date: date | None = None,
    complete: bool = False,
) -> pb.ImportRun:
    """Send all rows; calls `progress` with the run after each part.

    Args:
        imports: to whom.
        table: the file.
        kind: of its rows.
        source: the system that it comes from.
        progress: is told the run after each part.
        dry_run: keep nothing but the report.
        source_date: the day that a delta tells of.
        complete: the file is everything that its source has; for a delta.

    Returns:
        The run, compared with the register, with its counts by unit.

    Raises:
        ServiceError, Unreachable: the rows sent before are durable; send the file again.
    """
    header = pb.ImportHeader(
        source=source,
        file_name=table.path.name,
        sha256=table.sha256,
        row_count=table.count,
        columns=table.columns.fields,
        dry_run=dry_run,
        source_date=_date_to_pb(source_date) if source_date else None,
        complete=complete,
    )

    def parts(loaded: int) -> Iterator[list[pb.ImportRow]]:
        for part in _parts(islice(table.lines(), loaded, None)):
            yield [_row(table.columns, line) for line in part]

    run = pb.ImportRun()
    for run in imports.send(Sending(kind, header, parts)):
        progress(run)
    return run


def _date_to_pb(day: date) -> date_pb2.Date:
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def _row(columns: Columns, line: Line) -> pb.ImportRow:
    row = pb.ImportRow(line=line.number, values=line.cells)
    if (mends := columns.mends(line.cells)) is not None:
        row.mends_import_run, row.mends_line = mends
    return row


def _parts(lines: Iterator[Line]) -> Iterator[Sequence[Line]]:
    """Parts within both bounds, at least a row each."""
    part: list[Line] = []
    characters = 0
    for line in lines:
        size = sum(map(len, line.cells))
        if part and (len(part) == PART_ROWS or characters + size > PART_CHARACTERS):
            yield part
            part, characters = [], 0
        part.append(line)
        characters += size
    if part:
        yield part
