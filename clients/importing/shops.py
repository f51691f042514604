"""A chain's shops in a CSV file: one place of business a row, with its documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clients.importing.table import Line, UnreadableFile, encoding_of, lines_of

MOST_SHOPS: Final = 300
_COLUMNS: Final = {
    "title": ("场所名称", "门店名称", "名称"),
    "address": ("地址", "经营场所", "场所地址"),
    "unit": ("管辖单位", "区县", "县市区"),
    "scope": ("经营范围",),
    "use": ("用途", "房屋用途"),
    "building": ("建筑", "房屋性质"),
    "tenancy_end": ("租赁期限至", "使用期限至"),
    "standard_code": ("标准地址编码",),
    "signer": ("签署人", "承诺书签署人"),
    "commitment": ("承诺书", "申报承诺书"),
    "tenancy": ("租赁合同",),
    "permit": ("许可证",),
    "consent": ("业主同意书",),
    "other": ("其他材料",),
}
_NAMES: Final = {word: column for column, words in _COLUMNS.items() for word in (column, *words)}


@dataclass(frozen=True, slots=True)
class Shop:
    """One row; empty where the file tells nothing."""

    line: int
    """Line of the file, from 1."""
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Text of a column."""
        return self.fields.get(column, "")


def read_shops(path: Path) -> list[Shop]:
    """Read the shops of a file with English or Chinese headers.

    Raises:
        UnreadableFile: no CSV, a header or row that is not understood, too many rows or none.
        OSError: it can't be read.
    """
    lines = lines_of(path, encoding_of(path))
    header = next(lines, None)
    if header is None:
        raise UnreadableFile(f"{path} is empty")
    columns = _understood(path, header.cells)
    shops = []
    for line in lines:
        if any(cell.strip() for cell in line.cells):
            shops.append(_shop(path, columns, line))
        if len(shops) > MOST_SHOPS:
            raise UnreadableFile(f"{path} has more than {MOST_SHOPS} shops: split it into visits")
    if not shops:
        raise UnreadableFile(f"{path} has a header and no shops")
    return shops


def _understood(path: Path, header: Sequence[str]) -> list[str]:
    names = [name.strip() for name in header]
    unknown = [name for name in names if name not in _NAMES]
    columns = [_NAMES.get(name, "") for name in names]
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if unknown or twice or "address" not in columns:
        told = [
            f"unknown columns {'、'.join(unknown)}" if unknown else "",
            f"more than one column for {', '.join(twice)}" if twice else "",
            "" if "address" in columns else "no column 地址 (address)",
        ]
        known = "、".join(words[0] for words in _COLUMNS.values())
        text = "; ".join(filter(None, told))
        raise UnreadableFile(f"{path}, line 1: {text}. Columns are {known}")
    return columns


def _shop(path: Path, columns: list[str], line: Line) -> Shop:
    if len(line.cells) != len(columns):
        raise UnreadableFile(
            f"{path}, line {line.number}: {len(line.cells)} cells, the header has {len(columns)}"
        )
    cells = (cell.strip() for cell in line.cells)
    return Shop(
        line.number, {name: cell for name, cell in zip(columns, cells, strict=True) if cell}
    )
