"""What every sheet has: background, symbol, small print."""

from collections.abc import Sequence
from typing import Final

from registry_service.printing.drawing import PALE, RED, Item, Paper, Symbol, Text
from registry_service.printing.fitting import block, em_of_size, one_line
from registry_service.printing.ornament import frame, unit, watermark
from registry_service.printing.printed_face import QrCode, Surroundings, Void
from registry_service.printing.widths import ems

LEFT: Final = 22.0
RIGHT: Final = 275.0
"""Edges of what is printed, on A4 in millimetres. A3 is the same times √2, but for the symbol."""
FOOT: Final = 193.5
SYMBOL_TOP: Final = 17.5
_BESIDE: Final = 6.0
"""By which captions may be wider than the symbol, on either side."""
_CAPTION_LINES: Final = 3
_TEST: Final = "测试系统打印，仅供测试，不具有法律效力"
_VOID: Final = "#f4c9c4"


def small_print(paper: Paper) -> float:
    """Points of captions and of the foot."""
    return 8.5 if paper.title == "A3" else 7.5


def background(paper: Paper, around: Surroundings, void: Void | None) -> list[Item]:
    """Frame, and what says that this is a test system, or that the document is no longer good."""
    items: list[Item] = []
    warnings = []
    if around.test_system:
        items.append(watermark(paper, "测试"))
        warnings.append(_TEST)
    if void:
        items = [watermark(paper, void.word, _VOID)]
        warnings.append(void.sentence)
    items += frame(paper)
    if warnings:
        words = "；".join(warnings)
        items.append(middle_line(paper, words, 19.5, 10 * unit(paper), bold=True, colour=RED))
    return items


def middle_line(
    paper: Paper, words: str, y: float, size: float, *, bold: bool = False, colour: str = PALE
) -> Text:
    """A short line of our own words in the middle of the sheet; `y` as on A4."""
    width = ems(words) * em_of_size(size)
    place = (paper.width / 2, y * unit(paper))
    return Text(*place, words, size, width, bold=bold, colour=colour, anchor="middle")


def title(paper: Paper, words: str, y: float, size: float) -> Text:
    """The title, its characters apart by a half; `y` and `size` as on A4."""
    k = unit(paper)
    width = (1.5 * len(words) - 0.5) * em_of_size(size * k)
    place = (paper.width / 2, y * k)
    return Text(*place, words, size * k, width, spread=True, bold=True, anchor="middle")


def symbol(code: QrCode, paper: Paper, captions: Sequence[str] = ()) -> list[Item]:
    """The symbol at the upper right, and below it what to do with it."""
    k = unit(paper)
    side = len(code.modules) * code.module
    x, y = RIGHT * k - side, SYMBOL_TOP * k
    items: list[Item] = [Symbol(x, y, code.modules, code.module)]
    room = side + 2 * _BESIDE * k
    lines = block(captions, room, small_print(paper))
    if len(lines.lines) > _CAPTION_LINES:  # the address of a host with a very long name
        lines = block(captions[:1], room, small_print(paper))
    middle = x + side / 2
    for text in lines.texts(x, y + side):
        width = ems(text.text) * text.em
        items.append(
            Text(middle, text.y, text.text, text.size, width, colour=PALE, anchor="middle")
        )
    return items


def foot(paper: Paper, left: str = "", middle: str = "", right: str = "") -> list[Item]:
    """Small print along the lower edge."""
    k = unit(paper)
    size = small_print(paper)
    parts = (
        (left, LEFT, 82.0, "start"),
        (middle, 165.0, 112.0, "middle"),
        (right, RIGHT, 112.0 if not middle else 50.0, "end"),
    )
    return [
        one_line(words, room * k, (size,), x=x * k, y=FOOT * k, colour=PALE, anchor=anchor)
        for words, x, room, anchor in parts
        if words
    ]
