"""The frame: a key pattern of our own between two rules. It imitates no official border."""

from collections.abc import Iterator
from typing import Final

from registry_service.printing.drawing import FAINT, Box, Item, Paper, Strokes, Text

_Points = tuple[tuple[float, float], ...]

_KEY: Final = (
    (0.0, 1.0),
    (0.0, 0.0),
    (0.85, 0.0),
    (0.85, 0.75),
    (0.3, 0.75),
    (0.3, 0.4),
    (0.55, 0.4),
)
"""One turn of the pattern along the upper side, in units of its pitch and depth."""
MARGIN: Final = 8.0
"""From the edge of the paper to the frame, on A4; printers reach no further than 5."""
BAND: Final = 4.2


def unit(paper: Paper) -> float:
    """What a millimetre of the design on A4 is on that paper."""
    return paper.height / 210


def frame(paper: Paper) -> list[Item]:
    """The frame of a sheet."""
    k = unit(paper)
    outer, band = MARGIN * k, BAND * k
    inner = outer + band
    gap = 1.1 * k
    return [
        _box(paper, outer - gap, 0.9 * k),
        Strokes(tuple(_keys(paper, outer, band)), 0.32 * k),
        _box(paper, inner + gap, 0.3 * k),
    ]


def _box(paper: Paper, inset: float, stroke: float) -> Box:
    return Box(inset, inset, paper.width - 2 * inset, paper.height - 2 * inset, stroke)


def _keys(paper: Paper, outer: float, band: float) -> Iterator[_Points]:
    """The pattern along all four sides, and a square in each corner."""
    pitch = band * 1.25
    width, height = paper.width, paper.height
    start = outer + band * 1.3
    for side in range(4):
        run = (height if side % 2 else width) - 2 * start
        count = round(run / pitch)
        for number in range(count):
            turn = (((number + a) * run / count + start, outer + d * band) for a, d in _KEY)
            yield tuple(_turned(along, depth, side, width, height) for along, depth in turn)
    for x in (outer, paper.width - outer - band):
        for y in (outer, paper.height - outer - band):
            for inset in (0.0, 0.3):
                a, b = band * inset, band * (1 - inset)
                left, right, top, bottom = x + a, x + b, y + a, y + b
                yield ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))


def _turned(
    along: float, depth: float, side: int, width: float, height: float
) -> tuple[float, float]:
    """A point of the upper side, on the side that follows it clockwise by `side` places."""
    return (
        (along, depth),
        (width - depth, along),
        (width - along, height - depth),
        (depth, height - along),
    )[side]


def watermark(paper: Paper, text: str, colour: str = FAINT) -> Text:
    """A word across the sheet, under everything else."""
    size = min(120.0, 480.0 / len(text)) * unit(paper)
    em = size * 25.4 / 72
    place = (paper.width / 2 + em * 0.15, paper.height / 2 + em * 0.35)
    width = em * len(text)
    return Text(*place, text, size, width, bold=True, colour=colour, anchor="middle", angle=25)
