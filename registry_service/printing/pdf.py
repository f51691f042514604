"""A print as PDF, with the glyphs that it uses embedded."""

import io
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont
from PIL import ImageColor

from registry_service.printing.drawing import (
    MILLIMETERS_PER_POINT,
    Box,
    Item,
    Picture,
    Print,
    Strokes,
    Symbol,
    Text,
)
from registry_service.printing.errors import PrintCharactersMissing
from registry_service.printing.fonts import Font, FontSet, missing, subset

MEDIA_TYPE: Final = "application/pdf"
_SELECTORS: Final = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
"""Variation selectors 字形选择符: nothing is drawn for them."""


_Run = tuple[Font, str]


def pdf(printed: Print, fonts: FontSet, at: datetime) -> bytes:
    """The document.

    Args:
        printed: sheets, all of one paper.
        fonts: of this machine.
        at: written as the time of making.

    Raises:
        PrintCharactersMissing: names each character that no font has.
    """
    texts = [text for sheet in printed.sheets for text in sheet.texts]
    _refuse_missing(texts, fonts)
    with TemporaryDirectory(prefix="yizhao-print-") as folder:
        drawing = _Drawing(printed, fonts, at, _cut_down(texts, fonts, Path(folder)))
        return drawing.bytes()


def _refuse_missing(texts: list[Text], fonts: FontSet) -> None:
    whole = "".join(text.text for text in texts).translate(_SELECTORS)
    lacking = missing(fonts.of(bold=True), whole)
    if not lacking:
        return
    names = "、".join(f"{each}（U+{ord(each):04X}）" for each in lacking)
    raise PrintCharactersMissing(
        f"the fonts of this machine lack {names}: add a font that has them to the setting"
        " print_fonts, or take HTML or SVG",
        zh=f"本机字体缺少下列字符，不能生成 PDF：{names}。"
        "请在设置 print_fonts 中增加有这些字符的字体，或改用 HTML、SVG",
        characters=names,
    )


def _cut_down(texts: list[Text], fonts: FontSet, folder: Path) -> dict[Font, Path]:
    """Each font that is used, with the characters that it draws only."""
    used: dict[Font, set[int]] = {}
    for text in texts:
        for font, characters in _runs(text, fonts):
            used.setdefault(font, set()).update(map(ord, characters))
    files = {}
    for number, (font, wanted) in enumerate(used.items()):
        files[font] = folder / f"{number}.otf"
        files[font].write_bytes(subset(font, wanted))
    return files


def _runs(text: Text, fonts: FontSet) -> list[_Run]:
    """The text by the fonts that draw it."""
    offered = fonts.of(bold=text.bold)

    def drawn_by(character: str) -> Font:
        return next(font for font in offered if ord(character) in font.characters)

    drawn = text.text.translate(_SELECTORS)
    return [(font, "".join(run)) for font, run in groupby(drawn, drawn_by)]


class _Drawing:
    """Draws item by item."""

    def __init__(
        self, printed: Print, fonts: FontSet, at: datetime, files: dict[Font, Path]
    ) -> None:
        paper = printed.sheets[0].paper
        self._fonts = fonts
        self._pdf = FPDF(orientation="landscape", unit="mm", format=(paper.height, paper.width))
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.c_margin = 0
        self._pdf.set_title(printed.title)
        self._pdf.set_lang("zh-CN")
        self._pdf.set_creation_date(at)
        self._names = {font: file.stem for font, file in files.items()}
        for font, file in files.items():
            self._pdf.add_font(self._names[font], fname=file)
            added = self._pdf.fonts[self._names[font]]
            assert isinstance(added, TTFFont)  # noqa: S101 - not one of PDF's own fonts
            # The whole font's bounds hold for a part of it; measuring each glyph takes seconds.
            added.ttfont.recalcBBoxes = False
        for sheet in printed.sheets:
            self._pdf.add_page()
            for item in sheet.items:
                self._draw(item)

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self._pdf.output())

    def _draw(self, item: Item) -> None:
        pdf = self._pdf
        match item:
            case Text() if item.angle:
                with pdf.rotation(item.angle, item.x, item.y):
                    self._text(item)
            case Text():
                self._text(item)
            case Box():
                self._pen(item.stroke, item.colour)
                pdf.rect(item.x, item.y, item.width, item.height)
            case Strokes():
                self._pen(item.stroke, item.colour)
                for points in item.lines:
                    pdf.polyline(points)
            case Symbol():
                self._symbol(item)
            case Picture():
                pdf.image(io.BytesIO(item.png), item.x, item.y, item.side, item.side)

    def _pen(self, stroke: float, colour: str) -> None:
        self._pdf.set_line_width(stroke)
        self._pdf.set_draw_color(*ImageColor.getrgb(colour)[:3])

    def _symbol(self, item: Symbol) -> None:
        pdf, side = self._pdf, item.module
        pdf.set_fill_color(255, 255, 255)
        pdf.rect(item.x, item.y, item.side, item.side, style="F")
        pdf.set_fill_color(0, 0, 0)
        for row, start, length in item.runs():
            pdf.rect(item.x + start * side, item.y + row * side, length * side, side, style="F")

    def _text(self, item: Text) -> None:
        """Drawn with the real font's widths: exactly as wide as said, or not wider."""
        pdf = self._pdf
        pdf.set_text_color(*ImageColor.getrgb(item.colour)[:3])
        found = _runs(item, self._fonts)
        runs = [(font, text, self._natural(font, text, item.size)) for font, text in found]
        natural = sum(width for _, _, width in runs)
        gaps = sum(len(text) for _, text, _ in runs) - 1
        spacing = stretching = 0.0
        if item.spread and gaps > 0:
            spacing = (item.width - natural) / gaps
        elif natural > item.width:
            stretching = item.width / natural
        width = item.width if spacing or stretching else natural
        x = item.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[item.anchor]
        pdf.set_char_spacing(spacing / MILLIMETERS_PER_POINT)
        pdf.set_stretching(100 * stretching if stretching else 100)
        for font, text, natural_width in runs:
            pdf.set_font(self._names[font], size=item.size)
            pdf.text(x, item.y, text)
            x += natural_width * (stretching or 1) + spacing * len(text)

    def _natural(self, font: Font, text: str, size: float) -> float:
        pdf = self._pdf
        pdf.set_char_spacing(0)
        pdf.set_stretching(100)
        pdf.set_font(self._names[font], size=size)
        return pdf.get_string_width(text)
