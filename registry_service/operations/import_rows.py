"""Rows as they come, before anybody reads what is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry_service.domain.import_run import Remark, RemarkKind

CHUNK_ROWS: Final = 5_000
"""Rows that SQL alone puts on the register, in one transaction."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A row as it stands in its file."""

    line: int
    values: Sequence[str]
    mends: tuple[int, int] | None = None
    """Run and line of the row that this one is instead of."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A row whose cells fit the header."""

    place: int
    """Among the rows of its part, from 1."""
    line: int
    values: Mapping[str, str]
    """Field name → text, without empty ones."""
    mends: tuple[int, int] | None


def shaped(columns: Sequence[str], rows: Sequence[Cells]) -> tuple[list[Fields], list[Remark]]:
    """Rows with their cells under the header's names, and what is to be said of the others."""
    fit, misshapen = list[Fields](), list[Remark]()
    for place, row in enumerate(rows, 1):
        if len(row.values) == len(columns):
            pairs = zip(columns, row.values, strict=True)
            values = {name: cell for name, cell in pairs if name and cell}
            fit.append(Fields(place, row.line, values, row.mends))
        else:
            text = f"该行有{len(row.values)}列，表头有{len(columns)}列"
            misshapen.append(Remark(row.line, RemarkKind.REJECT, "row", "ROW_SHAPE", text))
    return fit, misshapen
