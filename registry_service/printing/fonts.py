"""Fonts for PDF: which files, which face of a collection, and what they lack.

A PDF carries its glyphs with it, so it needs a font here; SVG and HTML use the reader's.
"""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import uharfbuzz

from registry_service.printing.errors import PrintFontMissing

_KNOWN: Final = (
    ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"),
    ("NotoSerifCJKsc-Regular.otf", "NotoSerifCJKsc-Bold.otf"),
    ("SourceHanSerifSC-Regular.otf", "SourceHanSerifSC-Bold.otf"),
    ("simsun.ttc", "simsunb.ttf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
)
"""Regular and bold, the best first."""
_FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
_SIMPLIFIED: Final = ("SC", "CN", "GB")
"""Endings of the family that draws mainland forms; the first in a collection may be Japanese."""
_SAMPLE: Final = "营业执照登记机关"


@dataclass(frozen=True, slots=True)
class Font:
    """A face of a font file."""

    file: Path
    number: int
    """In a collection; 0 in any other file."""
    characters: frozenset[int]
    """Code points that it draws."""


@dataclass(frozen=True, slots=True)
class FontSet:
    """What PDFs are printed with."""

    regular: tuple[Font, ...]
    """A character is taken from the first that has it."""
    bold: tuple[Font, ...]

    def of(self, *, bold: bool) -> tuple[Font, ...]:
        """The fonts of a weight, in order."""
        return self.bold if bold else self.regular


def find_fonts(wanted: Sequence[Path] = ()) -> FontSet:
    """The fonts to print with.

    Args:
        wanted: files that the operator named; a font for bold text beside the first, by name, is
            found by itself. Empty: known names in the usual folders, then what fontconfig offers.

    Raises:
        PrintFontMissing: names what is missing and what to do.
    """
    if wanted:
        fonts = tuple(load_font(file) for file in wanted)
        bold = wanted[0].with_name(wanted[0].name.replace("Regular", "Bold"))
        return _set(fonts, bold if bold != wanted[0] and bold.exists() else None)
    for regular, heavier in _KNOWN:
        file = _search(regular)
        if file is not None:
            return _set((load_font(file),), _search(heavier))
    offered = _by_fontconfig()
    if offered is not None:
        return _set((load_font(offered),), None)
    raise PrintFontMissing(
        "no font with Chinese characters was found: install Debian's fonts-noto-cjk, or name a"
        " file in the setting print_fonts; HTML and SVG need none",
        zh="本机没有中文字体，不能生成 PDF。请安装字体（如 Debian 的 fonts-noto-cjk），"
        "或在设置 print_fonts 中指明字体文件；也可以改用 HTML 或 SVG",
    )


def _set(fonts: tuple[Font, ...], bold: Path | None) -> FontSet:
    return FontSet(fonts, (load_font(bold), *fonts) if bold else fonts)


@lru_cache(maxsize=16)
def load_font(file: Path) -> Font:
    """The mainland face of a font file.

    Raises:
        PrintFontMissing: the file is no font, or has no Chinese characters.
    """
    try:
        blob = uharfbuzz.Blob.from_file_path(file)
    except (OSError, uharfbuzz.HarfBuzzError):
        raise _unfit(file, "it can't be read") from None
    faces = [uharfbuzz.Face(blob, number) for number in range(max(uharfbuzz.Face(blob).count, 1))]
    number = next((n for n, face in enumerate(faces) if _is_mainland(face)), 0)
    characters = frozenset(faces[number].unicodes)
    if not characters.issuperset(map(ord, _SAMPLE)):
        raise _unfit(file, "it has no simplified Chinese characters")
    return Font(file, number, characters)


def subset(font: Font, characters: Iterable[int]) -> bytes:
    """A font file with these characters only."""
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(set(characters))
    # No shared subroutines: fpdf2 runs every glyph's program again, and runs these fastest.
    wanted.flags = uharfbuzz.SubsetFlags.DESUBROUTINIZE | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(font.file), font.number)
    return bytes(uharfbuzz.subset(face, wanted).blob.data)


def _unfit(file: Path, why: str) -> PrintFontMissing:
    return PrintFontMissing(
        f"{file.name} can't be used to print: {why}",
        zh=f"字体文件 {file.name} 不能用于打印，请在设置 print_fonts 中换一个有简体中文的字体",
        file=file.name,
    )


def _is_mainland(face: uharfbuzz.Face) -> bool:
    return (face.get_name(uharfbuzz.OTNameIdPredefined.FONT_FAMILY) or "").endswith(_SIMPLIFIED)


def _search(name: str) -> Path | None:
    for folder in _FOLDERS:
        for file in sorted(folder.rglob(name)) if folder.is_dir() else ():
            return file
    return None


def _by_fontconfig() -> Path | None:
    program = shutil.which("fc-match")
    if program is None:
        return None
    wanted = [program, "--format=%{file}\n%{lang}", ":lang=zh-cn:outline=true"]
    try:
        found = subprocess.run(wanted, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    file, _, languages = found.stdout.partition("\n")
    return Path(file) if "zh-cn" in languages.split("|") else None


def missing(fonts: Iterable[Font], text: str) -> list[str]:
    """Characters that none of the fonts draws, each once, in order."""
    have = [font.characters for font in fonts]
    return [c for c in dict.fromkeys(text) if not any(ord(c) in each for each in have)]
