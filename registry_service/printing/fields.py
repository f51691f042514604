"""Columns of labelled fields, of which the last may grow and go on elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from registry_service.printing.drawing import PALE, Text
from registry_service.printing.fitting import (
    ASCENT,
    LEADING,
    Block,
    Scale,
    block,
    em_of_size,
    split_lines,
)

_LABEL_EMS: Final = 5.0
"""Labels are spread to this width at least, as licences print 名　　称."""
_GAP_EMS: Final = 1.1
_BELOW_EMS: Final = 0.7
_FIXED_SHARE: Final = 0.55
"""Of a column, for the fields that can't grow: a long scope or address keeps the rest."""


@dataclass(frozen=True, slots=True)
class Field:
    """A label and what stands behind it."""

    label: str
    paragraphs: tuple[str, ...]
    if_too_long: tuple[str, ...] | None = None
    """Printed instead where `paragraphs` don't fit: they are on 附页. None: the text is broken."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where fields stand one below the other: millimetres."""

    x: float
    width: float
    top: float
    bottom: float
    fields: tuple[Field, ...]

    @property
    def label_ems(self) -> float:
        """Width of its labels."""
        return max(_LABEL_EMS, *(float(len(each.label)) for each in self.fields))

    def indent(self, size: float) -> float:
        """From its left edge to the values."""
        return (self.label_ems + _GAP_EMS) * em_of_size(size)

    def value_width(self, size: float) -> float:
        """Room for the values, whose labels are of `size` points."""
        return self.width - self.indent(size)

    def fixed_height(self, size: float) -> float:
        """Height of all fields but the last."""
        return sum(
            block(each.paragraphs, self.value_width(size), size).height
            + _BELOW_EMS * em_of_size(size)
            for each in self.fields[:-1]
        )

    def has_room(self, size: float) -> bool:
        """Whether fields of this size leave the last one its share."""
        return self.fixed_height(size) <= _FIXED_SHARE * (self.bottom - self.top)

    def holds_all(self, size: float, scale: Scale) -> bool:
        """Whether the last one's text fits too, smaller if need be."""
        height = self.bottom - self.top - self.fixed_height(size)
        return self.fit_last(self.fields[-1].paragraphs, size, scale, height) is not None

    def fit_last(
        self, paragraphs: tuple[str, ...], size: float, scale: Scale, height: float
    ) -> Block | None:
        """The last one's text at the largest size that fits, beside a label of `size` points."""
        for smaller in (each for each in scale.values if each <= size):
            found = block(paragraphs, self.value_width(size), smaller)
            if _lower(size, smaller) + found.height <= height:
                return found
        return None


@dataclass(frozen=True, slots=True)
class Placed:
    """A column laid out."""

    texts: list[Text] = field(default_factory=list)
    left_over: str = ""
    """What of the last field's text did not fit."""
    replaced: bool = False
    """The last field says instead where its text stands, as far as there is room."""


def common_size(columns: Sequence[Column], scale: Scale) -> float:
    """The size of the fields of a sheet: one for all columns."""
    roomy = [s for s in scale.values if all(column.has_room(s) for column in columns)]
    sizes = roomy or [scale.smallest]
    could = [column for column in columns if column.holds_all(sizes[-1], scale)]
    return next((s for s in sizes if all(each.holds_all(s, scale) for each in could)), sizes[0])


def place(column: Column, size: float, scale: Scale, goes_on: str) -> Placed:
    """Lay out a column with labels of `size` points.

    Args:
        column: at least one field.
        size: as `common_size` says.
        scale: the sizes of the paper.
        goes_on: printed below a text that is broken, as （下转附页）.
    """
    texts: list[Text] = []
    top = column.top
    for each in column.fields[:-1]:
        found = block(each.paragraphs, column.value_width(size), size)
        texts += _field(column, each.label, found, size, top)
        top += found.height + _BELOW_EMS * em_of_size(size)
    last, left_over, replaced = _last(column, size, scale, column.bottom - top)
    texts += _field(column, column.fields[-1].label, last, size, top)
    if left_over:
        x, y = texts[-1].x, texts[-1].y + last.line_height
        width = len(goes_on) * em_of_size(last.size)
        texts.append(Text(x, y, goes_on, last.size, width, colour=PALE))
    return Placed(texts, left_over, replaced)


def _last(column: Column, size: float, scale: Scale, height: float) -> tuple[Block, str, bool]:
    """The last field's lines, what is left over, and whether other words stand instead."""
    grows, width = column.fields[-1], column.value_width(size)
    found = column.fit_last(grows.paragraphs, size, scale, height)
    if found is not None:
        return found, "", False
    if grows.if_too_long is not None:
        found = column.fit_last(grows.if_too_long, size, scale, height)
        if found is not None:
            return found, "", True
    whole = block(grows.if_too_long or grows.paragraphs, width, min(scale.broken, size))
    room = height - _lower(size, whole.size)
    shown, left_over = split_lines(whole, int(room / whole.line_height) - 1)
    return shown, left_over, grows.if_too_long is not None


def _field(column: Column, label: str, value: Block, size: float, top: float) -> list[Text]:
    width = column.label_ems * em_of_size(size)
    lower = _lower(size, value.size)
    return [
        Text(column.x, _baseline(top, size), label, size, width, spread=len(label) > 1, bold=True),
        *value.texts(column.x + column.indent(size), top + lower),
    ]


def _lower(size: float, smaller: float) -> float:
    """By how much a smaller text begins lower, to stand on its label's line."""
    return _baseline(0, size) - _baseline(0, smaller)


def _baseline(top: float, size: float) -> float:
    return top + ((LEADING - 1) / 2 + ASCENT) * em_of_size(size)
