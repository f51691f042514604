"""What a sheet consists of: positioned things in millimetres, from the top left corner.

Every form is drawn from these, so SVG, HTML and PDF can't say or place anything differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

MILLIMETERS_PER_POINT: Final = 25.4 / 72

INK: Final = "#1a1a1a"
PALE: Final = "#6b6255"
"""Small print."""
GOLD: Final = "#9a7430"
RED: Final = "#b3261e"
FAINT: Final = "#e9e4da"
"""A watermark, under everything."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of paper as it lies: millimetres."""

    title: str
    width: float
    height: float


A3: Final = Paper("A3", 420, 297)
A4: Final = Paper("A4", 297, 210)
"""Landscape both: 正本 297×420 and 副本 210×297 (h×w) since 2019-03-01."""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text."""

    x: float
    """Of its left edge; of its middle or right edge by `anchor`."""
    y: float
    """Of the baseline."""
    text: str
    size: float
    """Points."""
    width: float
    """Millimetres that it takes at most, by the rule of `widths`."""
    spread: bool = False
    """Spaced out or together so that it takes exactly `width`."""
    bold: bool = False
    colour: str = INK
    anchor: str = "start"
    """`start`, `middle` or `end`, as SVG says it."""
    angle: float = 0.0
    """Degrees, anticlockwise, around its own place."""

    @property
    def left(self) -> float:
        """Of its left edge."""
        return self.x - self.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]

    @property
    def em(self) -> float:
        """Its size in millimetres."""
        return self.size * MILLIMETERS_PER_POINT


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle's outline."""

    x: float
    y: float
    width: float
    height: float
    stroke: float
    colour: str = GOLD


@dataclass(frozen=True, slots=True)
class Strokes:
    """Open lines, each through its points in order."""

    lines: tuple[tuple[tuple[float, float], ...], ...]
    stroke: float
    colour: str = GOLD


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol with its quiet zone, on white."""

    x: float
    y: float
    modules: npt.NDArray[np.bool_] = field(repr=False, compare=False)
    """Square; true is dark."""
    module: float
    """Side of a module."""

    @property
    def side(self) -> float:
        """Of the whole, quiet zone included."""
        return len(self.modules) * self.module

    def runs(self) -> list[tuple[int, int, int]]:
        """Dark modules that lie side by side: row, first column, how many."""
        found = []
        for row, modules in enumerate(self.modules):
            edges = np.flatnonzero(np.diff(np.concatenate(([0], modules.astype(np.int8), [0]))))
            found += [
                (row, int(start), int(end - start))
                for start, end in zip(edges[::2], edges[1::2], strict=True)
            ]
        return found


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, as large as it fits."""

    x: float
    y: float
    side: float
    png: bytes = field(repr=False)


Item: TypeAlias = Text | Box | Strokes | Symbol | Picture


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of paper."""

    paper: Paper
    items: tuple[Item, ...]
    """In the order in which they are drawn."""

    @property
    def texts(self) -> list[Text]:
        """Every line of text on it."""
        return [item for item in self.items if isinstance(item, Text)]


@dataclass(frozen=True, slots=True)
class Print:
    """Everything that one document prints."""

    title: str
    sheets: Sequence[Sheet]
