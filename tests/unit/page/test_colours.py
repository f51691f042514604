"""Contrast of every pair of colours, by the formula of WCAG 2.2, in light and dark."""

import re
from importlib.resources import files
from typing import Final

import pytest

_CSS: Final = files("license_verify.server.page").joinpath("templates/page.css").read_text("utf-8")
_TEXT, _SHAPE = 4.5, 3.0
"""Least contrast of text (1.4.3 AA), and of signs, edges and focus (1.4.11, 2.4.11)."""

PAIRS: Final = (
    ("ink", "paper", _TEXT), ("ink", "card", _TEXT), ("soft", "paper", _TEXT),
    ("soft", "card", _TEXT), ("link", "paper", _TEXT), ("link", "card", _TEXT),
    ("mark-ink", "mark", _TEXT), ("on", "ok", _TEXT), ("on", "bad", _TEXT),
    ("on", "unsure", _TEXT), ("on", "plain", _TEXT), ("on-warn", "warn", _TEXT),
    ("on-test", "test", _TEXT), ("on", "seal", _TEXT), ("ring", "card", _SHAPE),
    ("ring", "paper", _SHAPE), ("soft", "mark", _SHAPE), ("ring", "mark", _SHAPE),
)  # fmt: skip
EDGES: Final = frozenset({"line"})
"""Colours that only part what is apart anyway."""


def palette(dark: bool) -> dict[str, str]:
    light, night = re.findall(r":root\{([^}]*)\}", _CSS)
    found = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", light))
    return found | dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", night)) if dark else found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_knows_its_ends() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_each_pair_is_legible(dark: bool, one: str, other: str, least: float) -> None:
    colours = palette(dark)
    assert contrast(colours[one], colours[other]) >= least


def test_no_colour_stands_outside_the_palette_and_each_is_in_a_pair() -> None:
    rules = re.sub(r":root\{[^}]*\}", "", _CSS)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rules)
    used = set(re.findall(r"var\(--([a-z-]+)\)", rules))
    assert used == palette(False).keys()
    assert used - EDGES == {name for pair in PAIRS for name in pair[:2]}
