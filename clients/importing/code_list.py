"""Lists of credit codes for a mass act: one code a line, or a column of a table."""

from pathlib import Path
from typing import Final

from clients.importing.table import Line, encoding_of, lines_of
from license_verify.codes.uscc import Uscc
from license_verify.refusal import Refusal

COLUMN: Final = "统一社会信用代码"
_TOLD: Final = 20


class WrongCodes(ValueError):
    """Lines of the file hold no code, or one that stands there already; the text names them."""


def read_codes(path: Path) -> list[str]:
    """The codes of a CSV file, UTF-8 or GB18030, in its order.

    Raises:
        WrongCodes: a line has a wrong code, or an earlier one again, or there is none at all.
        UnreadableFile: neither UTF-8 nor GB18030, or no CSV.
        OSError: it can't be read.
    """
    lines = list(lines_of(path, encoding_of(path)))
    header = [cell.strip() for cell in lines[0].cells] if lines else []
    column = header.index(COLUMN) if COLUMN in header else 0
    first: dict[str, int] = {}
    faults = []
    for line in lines[1:] if COLUMN in header else lines:
        fault = _take(line, column, first)
        if fault:
            faults.append(f"{path}, line {line.number}: {fault}")
    if faults:
        more = [f"… and {len(faults) - _TOLD} more lines"] if len(faults) > _TOLD else []
        raise WrongCodes("\n".join(faults[:_TOLD] + more))
    if not first:
        raise WrongCodes(f"{path} holds no code")
    return list(first)


def _take(line: Line, column: int, first: dict[str, int]) -> str:
    """Note the code of a line under its number; what is wrong with it, or nothing."""
    text = line.cells[column].strip() if column < len(line.cells) else ""
    try:
        code = Uscc.parse(text.upper()).text
    except Refusal as refusal:
        return f"{text!r} {refusal} {refusal.zh}"
    before = first.setdefault(code, line.number)
    return "" if before == line.number else f"{code} stands on line {before} already 重复"
