"""Symbols as they leave the house: the PNG's pixels, and the SVG as a browser paints it."""

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from registry_service.issuing.decoders import Pixels
from registry_service.issuing.symbol import MODULE_MILLIMETERS, Symbol
from tests.needed import missing

_CELL_INCHES: Final = 2
"""A symbol of version 22 has 45.2 mm with its quiet zone."""
_WHITE_INCHES: Final = 0.04
"""Paper around a symbol that is cut out of the sheet, about 1 mm."""
_COLUMNS: Final = 5
_CSS_DPI: Final = 96
_INCH_MILLIMETERS: Final = 25.4
_SECONDS: Final = 120


def png_pixels(symbol: Symbol) -> Pixels:
    """What stands in the PNG."""
    with Image.open(io.BytesIO(symbol.png())) as picture:
        return np.asarray(picture.convert("L"))


def painted(symbols: Sequence[Symbol], dpi: int, folder: Path) -> list[Pixels]:
    """The SVG of each as headless Chromium paints it at that resolution, on white paper.

    Args:
        symbols: at most 100; a browser's picture has at most 16,384 dots a side.
        dpi: dots an inch, at most 300 for 100 symbols.
        folder: where the page is written.
    """
    rows = -(-len(symbols) // _COLUMNS)
    cells = "".join(f"<p>{symbol.svg().decode()}</p>" for symbol in symbols)
    page, shot = folder / "sheet.html", folder / "sheet.png"
    page.write_text(
        "<!doctype html><style>body,p{margin:0}body{display:grid;"
        f"grid-template-columns:repeat({_COLUMNS},{_CELL_INCHES}in);"
        f"grid-auto-rows:{_CELL_INCHES}in}}p{{padding:{_WHITE_INCHES}in}}</style>{cells}",
        encoding="utf-8",
    )
    inch = _CELL_INCHES * _CSS_DPI
    _screenshot(page, shot, (inch * _COLUMNS, inch * rows), dpi / _CSS_DPI)
    with Image.open(shot) as sheet:
        whole = np.asarray(sheet.convert("L"))
    return [
        _cut_out(whole, dpi, divmod(number, _COLUMNS), symbol)
        for number, symbol in enumerate(symbols)
    ]


def _cut_out(sheet: Pixels, dpi: int, cell: tuple[int, int], symbol: Symbol) -> Pixels:
    top, left = (place * _CELL_INCHES * dpi for place in cell)
    inches = len(symbol.modules) * MODULE_MILLIMETERS / _INCH_MILLIMETERS + 2 * _WHITE_INCHES
    side = round(inches * dpi)
    return np.ascontiguousarray(sheet[top : top + side, left : left + side])


def _screenshot(page: Path, shot: Path, size: tuple[int, int], scale: float) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("chromium is not installed: install Debian's chromium")
    width, height = size
    subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",  # the page is our own, and root has no sandbox
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={page.parent / 'chromium'}",
            f"--window-size={width},{height}",
            f"--force-device-scale-factor={scale}",
            f"--screenshot={shot}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
