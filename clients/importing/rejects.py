"""Rows of a file that did not come on the register, as a file to be mended and fed again."""

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from clients.importing.columns import REPORT
from clients.importing.table import Line, Table
from clients.whole_files import naming
from yizhao.registry.v1 import import_run_pb2 as pb


def write_rejects(path: Path, table: Table, remarks: Iterable[pb.ImportRemark]) -> int:
    """Write each row of which something is said as it stands in its file, behind what is said.

    Args:
        path: of the new file; spreadsheets read it as UTF-8.
        table: the file that was sent.
        remarks: by line; several of one line become one row.

    Returns:
        How many rows were written.
    """
    own = table.columns.header[len(REPORT) if table.columns.reported else 0 :]
    written = 0
    # BOM: spreadsheets want it
    with naming(path), path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*REPORT, *own))
        for told, line in _with_lines(table, remarks):
            cells = line.cells[len(REPORT) if table.columns.reported else 0 :]
            writer.writerow((*_report(told), *cells))
            written += 1
    return written


def _with_lines(
    table: Table, remarks: Iterable[pb.ImportRemark]
) -> Iterator[tuple[list[pb.ImportRemark], Line]]:
    """What is said of each row, with the row: both come by line, so one pass is enough."""
    lines = table.lines()
    for number, told in groupby(remarks, key=lambda remark: remark.line):
        found = next((line for line in lines if line.number >= number), None)
        if found is not None and found.number == number:
            yield list(told), found


def _report(told: list[pb.ImportRemark]) -> tuple[str, ...]:
    def joined(texts: Iterable[str]) -> str:
        return "；".join(dict.fromkeys(texts))

    return (
        told[0].import_run,
        str(told[0].line),
        joined(each.field for each in told),
        joined(each.reason for each in told),
        joined(each.text for each in told),
    )
