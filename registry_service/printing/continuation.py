"""附页: what did not fit the face, in two columns, as many sheets as it takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from registry_service.printing.drawing import Item, Paper, Sheet, Text
from registry_service.printing.fitting import Block, Scale, block, fit, scale_of
from registry_service.printing.ornament import unit
from registry_service.printing.parts import LEFT, RIGHT, background, foot, symbol, title
from registry_service.printing.printed_face import QrCode, Surroundings, Void

_GUTTER: Final = 8.0
_TOP: Final = 68.0
_BOTTOM: Final = 186.0
_ROWS_TOP: Final = 39.0
_ROWS_WIDTH: Final = 184.0
_ROWS_HEIGHT: Final = 27.0
_ROWS_SIZES: Final = {"A3": (14, 12, 10.5), "A4": (10, 9, 7.5)}
_FEW_SHEETS: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands below it."""

    heading: str
    paragraphs: tuple[str, ...]
    """A single one may be broken anywhere; of several each stays together."""


@dataclass(frozen=True, slots=True)
class Belongs:
    """To which document the sheets belong, and what they say of it at the top."""

    title: str
    rows: tuple[str, ...]
    """The first three or so of its items, `label：value`; long ones are broken."""
    paper: Paper
    code: QrCode
    void: Void | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that stay together in one column."""

    lines: Block
    heading: bool = False


def continuation_sheets(
    belongs: Belongs, parts: Sequence[Part], around: Surroundings
) -> list[Sheet]:
    """The sheets; none where nothing goes on."""
    paper = belongs.paper
    k = unit(paper)
    width = ((RIGHT - LEFT - _GUTTER) / 2) * k
    pages = _pages(parts, width, (_BOTTOM - _TOP) * k, scale_of(paper))
    sheets = []
    for number, page in enumerate(pages, start=1):
        items = _around(belongs, around, number, len(pages))
        for index, column in enumerate(page):
            items += _column(column, LEFT * k + index * (width + _GUTTER * k), _TOP * k)
        sheets.append(Sheet(paper, tuple(items)))
    return sheets


def _pages(
    parts: Sequence[Part], width: float, height: float, scale: Scale
) -> list[list[list[_Piece]]]:
    """Columns by sheet, at the largest size that needs at most two sheets, else the smallest."""
    pages: list[list[list[_Piece]]] = []
    for size in (each for each in scale.values if each <= scale.overflow):
        columns = _fill(list(_pieces(parts, width, size)), height)
        pages = [columns[start : start + 2] for start in range(0, len(columns), 2)]
        if len(pages) <= _FEW_SHEETS:
            break
    return pages


def _pieces(parts: Sequence[Part], width: float, size: float) -> Iterator[_Piece]:
    for part in parts:
        yield _Piece(block([part.heading], width, size), heading=True)
        for paragraph in part.paragraphs:
            whole = block([paragraph], width, size)
            if len(part.paragraphs) > 1:
                yield _Piece(whole)
                continue
            last = len(whole.lines) - 1
            for number, line in enumerate(whole.lines):  # a long text may break anywhere
                ends = frozenset([0]) if number == last else frozenset[int]()
                one = Block((line,), size, width, ends)
                yield _Piece(one)


def _fill(pieces: list[_Piece], height: float) -> list[list[_Piece]]:
    """Columns of at most `height`; a heading is never the last of one."""
    columns: list[list[_Piece]] = []
    taken = height
    for piece, coming in zip_longest(pieces, pieces[1:]):
        needed = piece.lines.height
        if piece.heading and coming is not None:
            needed += coming.lines.height
        if taken + needed > height:
            columns.append([])
            taken = 0.0
        columns[-1].append(piece)
        taken += piece.lines.height
    return columns


def _column(pieces: list[_Piece], x: float, top: float) -> list[Item]:
    items: list[Item] = []
    for piece in pieces:
        texts = piece.lines.texts(x, top)
        items += [_bold(text) for text in texts] if piece.heading else texts
        top += piece.lines.height
    return items


def _bold(text: Text) -> Text:
    return Text(text.x, text.y, text.text, text.size, text.width, text.spread, bold=True)


def _around(belongs: Belongs, around: Surroundings, number: int, count: int) -> list[Item]:
    """Frame, title, to what it belongs, its symbol, and which sheet this is."""
    paper = belongs.paper
    together = "本附页与正面合并使用，单独使用无效"
    return [
        *background(paper, around, belongs.void),
        title(paper, belongs.title, 33, 20),
        *symbol(belongs.code, paper),
        *_rows(belongs),
        *foot(paper, left=together, right=f"附页第{number}页，共{count}页"),
    ]


def _rows(belongs: Belongs) -> list[Item]:
    k = unit(belongs.paper)
    found = fit(belongs.rows, _ROWS_WIDTH * k, _ROWS_HEIGHT * k, _ROWS_SIZES[belongs.paper.title])
    assert found is not None  # noqa: S101 - the longest name fits; a test tries it
    return list(found.texts(LEFT * k, _ROWS_TOP * k))
