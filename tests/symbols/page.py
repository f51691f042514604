"""docs/symbols.md: how large symbols are, and how well they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from license_verify.token.scan import ScanText
from registry_service.issuing.capacity import version_of
from registry_service.issuing.symbol import (
    MODULE_MILLIMETERS,
    PIXELS_PER_MODULE,
    Symbol,
    draw,
    on_paper,
)
from tests.symbols.faces import HOST, Invented, licences, sites
from tests.symbols.printed import png_pixels
from tests.symbols.readers import READERS, read_right, versions
from tests.symbols.spoilt import SPOILS

PAGE: Final = Path(__file__).parents[2] / "docs" / "symbols.md"
_SEED: Final = 2026
_OF_EACH: Final = 10
_PAPER_PIXELS: Final = 40

_HEAD: Final = f"""\
# Symbols

How large the QR symbols of licences and site codes are, and how well they are read. `make symbols`
writes this page; a test fails when the sizes or the readers' releases are no longer these.

A symbol has one byte segment (`https://HOST/`) and one numeric segment (the token as decimal
digits), error correction M, the smallest version, {MODULE_MILLIMETERS:.2f} mm a module and a quiet
zone of 4 modules. It leaves the house once zxing-cpp and OpenCV have read its picture alone and
with 5 and 12 modules of white around it; if one fails, another mask is drawn. The faces are
invented: 1,500 licences and 500 site codes, two in a hundred with names of up to 100 or addresses
of up to 256 characters.

## Sizes

"""
_RATES: Final = """
## Reading

Of {count} symbols each, {pixels} pixels a module, with paper around: how many each reader reads as
exactly their text. Short, typical and longest are the {count} tokens with the fewest bytes, around
the median, and with the most. Tilt is about the vertical axis, seen from three sides' distance. The
last row is a bad photograph.

"""


@dataclass(frozen=True, slots=True)
class Group:
    """Faces of about one length."""

    title: str
    scans: tuple[ScanText, ...]
    versions: tuple[int, ...]


def groups() -> list[Group]:
    """Short, typical and longest licences and site codes."""
    made = []
    for kind, faces in (("licence", licences(1_500, _SEED)), ("site code", sites(500, _SEED))):
        by_size = sorted(faces, key=lambda face: len(face.scan().data))
        middle = (len(by_size) - _OF_EACH) // 2
        for length, start in (
            ("short", 0),
            ("typical", middle),
            ("longest", len(by_size) - _OF_EACH),
        ):
            made.append(_group(f"{kind}, {length}", by_size[start : start + _OF_EACH]))
    return made


def _group(title: str, faces: Sequence[Invented]) -> Group:
    drawn = tuple(version_of(face.claims, HOST) or 0 for face in faces)
    return Group(title, tuple(face.scan() for face in faces), drawn)


def head(made: Sequence[Group]) -> str:
    """The page down to the sizes; the same on every machine."""
    rows = ["| faces | bytes | digits | version | side, mm |", "|---|---|---|---|---|"]
    for group in made:
        sides = [(4 * version + 17) * MODULE_MILLIMETERS for version in group.versions]
        rows.append(
            f"| {group.title} | {_span([len(scan.data) for scan in group.scans])}"
            f" | {_span([len(scan.digits) for scan in group.scans])} | {_span(group.versions)}"
            f" | {_span([f'{side:.1f}' for side in sides])} |"
        )
    return _HEAD + "\n".join(rows) + "\n"


def releases() -> str:
    """The readers' releases, as the page tells them."""
    return ", ".join(f"{name} {version}" for name, version in versions().items())


def rates(made: Sequence[Group], machine: str) -> str:
    """The page from the reading rates on; takes minutes.

    Args:
        made: the faces.
        machine: where and when it was measured.
    """
    drawn = [[draw(scan) for scan in group.scans] for group in made]
    titles = [group.title for group in made]
    text = _RATES.format(count=_OF_EACH, pixels=PIXELS_PER_MODULE)
    text += f"Read by {releases()}, in this order; {machine}.\n\n"
    rows = [f"| | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|"]
    for spoil in SPOILS:
        cells = [_read(spoil, symbols, group) for symbols, group in zip(drawn, made, strict=True)]
        rows.append(f"| {spoil} | {' | '.join(cells)} |")
    return text + "\n".join(rows) + "\n"


def _read(spoil: str, symbols: Sequence[Symbol], group: Group) -> str:
    pictures = [SPOILS[spoil](on_paper(png_pixels(symbol), _PAPER_PIXELS)) for symbol in symbols]
    texts = [str(scan) for scan in group.scans]
    return " · ".join(str(read_right(reader, pictures, texts)) for reader in READERS)


def _span(values: Sequence[int] | Sequence[str]) -> str:
    low, high = min(values), max(values)
    return f"{low}" if low == high else f"{low}–{high}"
