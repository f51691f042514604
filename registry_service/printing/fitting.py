"""Fitting by rule: the largest size of a scale at which a text fits, line by line.

Sizes are those of Chinese print (初号 … 六号) and half steps between; the last of a scale is the
smallest that is legible on that paper, and nothing is ever printed smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry_service.printing.drawing import MILLIMETERS_PER_POINT, Paper, Text
from registry_service.printing.widths import ems, is_certain
from registry_service.printing.wrapping import wrap

LEADING: Final = 1.45
"""Baseline to baseline, in ems."""
ASCENT: Final = 0.88
"""From the top of a line to its baseline, in ems of a Han font."""
_FULL: Final = 0.88
"""A line that is less full, as a long word went to the next one, is left ragged."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes in points for one paper, the largest first."""

    values: tuple[float, ...]
    broken: float
    """Of a text that goes on to 附页: not the smallest, as no size would do."""
    overflow: float
    """On 附页, where there is room."""

    @property
    def smallest(self) -> float:
        """The smallest legible."""
        return self.values[-1]


SCALES: Final = {
    "A3": Scale((18, 16, 15, 14, 13, 12, 11, 10.5), broken=12, overflow=14),
    "A4": Scale((12, 11, 10.5, 10, 9, 8.5, 8, 7.5), broken=9, overflow=10.5),
}
"""By paper. 五号 10.5 pt is the smallest on a wall, 六号 7.5 pt in the hand."""


def scale_of(paper: Paper) -> Scale:
    """The sizes that are used on a paper."""
    return SCALES[paper.title]


def em_of_size(size: float) -> float:
    """Millimetres of an em at `size` points."""
    return size * MILLIMETERS_PER_POINT


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size, one below the other."""

    lines: tuple[str, ...]
    size: float
    width: float
    """Millimetres of the column that they were broken for."""
    ends: frozenset[int] = frozenset()
    """Numbers of lines that end a paragraph; the others are spaced out to the whole width."""

    @property
    def line_height(self) -> float:
        """Baseline to baseline, in millimetres."""
        return LEADING * em_of_size(self.size)

    @property
    def height(self) -> float:
        """Of all lines, in millimetres."""
        return len(self.lines) * self.line_height

    def texts(self, x: float, top: float) -> list[Text]:
        """The lines, placed."""
        em = em_of_size(self.size)
        first = top + (LEADING - 1) / 2 * em + ASCENT * em
        return [
            self._text(number, line, x, first + number * self.line_height)
            for number, line in enumerate(self.lines)
        ]

    def _text(self, number: int, line: str, x: float, y: float) -> Text:
        natural = ems(line.rstrip(" ")) * em_of_size(self.size)
        spread = number not in self.ends and natural > _FULL * self.width
        exact = spread or not is_certain(line)
        width = self.width if spread else min(natural, self.width)
        return Text(x, y, line, self.size, width, spread=exact)


def block(paragraphs: Sequence[str], width: float, size: float) -> Block:
    """Paragraphs broken into lines of `width` millimetres."""
    lines: list[str] = []
    ends = set()
    for paragraph in paragraphs:
        lines += wrap(paragraph, width / em_of_size(size))
        ends.add(len(lines) - 1)
    return Block(tuple(lines), size, width, frozenset(ends))


def fit(
    paragraphs: Sequence[str], width: float, height: float, sizes: Sequence[float]
) -> Block | None:
    """The block at the largest size that fits; None if none does.

    Args:
        paragraphs: each begins a line.
        width: of the column, millimetres.
        height: of the room, millimetres.
        sizes: points, the largest first.
    """
    for size in sizes:
        found = block(paragraphs, width, size)
        if found.height <= height:
            return found
    return None


def one_line(text: str, width: float, sizes: Sequence[float], **where: float | bool | str) -> Text:
    """A text on one line, at the largest size that fits; squeezed if not even the last does.

    Only for short texts that we make ourselves; `where` are the other fields of `Text`.
    """
    size = next((s for s in sizes if ems(text) * em_of_size(s) <= width), sizes[-1])
    natural = ems(text) * em_of_size(size)
    tight = natural > width or not is_certain(text)
    return Text(text=text, size=size, width=min(natural, width), spread=tight, **where)  # type: ignore[arg-type] # fields of Text


def split_lines(found: Block, count: int) -> tuple[Block, str]:
    """The first lines of a block of one paragraph, and the text that is left."""
    shown = Block(found.lines[:count], found.size, found.width)
    return shown, "".join(found.lines[count:])
