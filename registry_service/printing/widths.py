"""How wide a text is, whichever font draws it.

SVG and HTML are drawn by the reader's machine with the reader's font, so no font can be measured
when lines are broken. Instead each character counts with a width that usual fonts don't exceed:
a Han character or full-width sign is one em, as in all of them; a Latin letter is as wide as in
the widest of Noto Serif and Sans CJK, SimSun, Source Han and DejaVu, bold included.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_WIDE: Final = 1.0
_ASCII: Final[Mapping[str, float]] = (
    {chr(code): 0.86 for code in range(0x20, 0x7F)}
    | dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.86)
    | dict.fromkeys("abcdeghknopqsuvxyz0123456789", 0.7)
    | dict.fromkeys(" ijlftrI.,:;'!|()[]{}-`\"/\\", 0.5)
    | dict.fromkeys("MWmw%@", 1.1)
)


@lru_cache(maxsize=4096)
def em_of(character: str) -> float:
    """Ems that a character takes at most."""
    if character in _ASCII:
        return _ASCII[character]
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0.0  # also variation selectors: they stand on the character before
    return _WIDE


def ems(text: str) -> float:
    """Ems that a text takes at most."""
    return sum(map(em_of, text))


def is_certain(text: str) -> bool:
    """Whether no usual font draws it wider than `ems` says: Han, Chinese signs and ASCII.

    A line of other characters is squeezed to its width where it is drawn.
    """
    return all(
        character in _ASCII or unicodedata.east_asian_width(character) in "WFA"
        for character in text
    )
