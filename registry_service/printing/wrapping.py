"""Breaking text into lines (GB/T 15834: which signs may not begin or end a line)."""

import re
from collections.abc import Iterator
from typing import Final

from registry_service.printing.widths import em_of, ems

_NEVER_FIRST: Final = frozenset("、，。；：？！）〕】》〉」』”’·,.;:?!)]}%％")
_NEVER_LAST: Final = frozenset("（〔【《〈「『“‘([{")
_WORD: Final = re.compile(r"[!-'*-+\--~]+ ?|.", re.DOTALL)
"""Latin letters and digits that stay together, or any one character."""


def wrap(text: str, width: float) -> list[str]:
    """Lines of at most `width` ems, which together are the text, character for character.

    A word of Latin letters stays whole unless it is longer than a line; a line begins with no
    closing sign and ends with no opening one unless nothing else is on it.
    """
    lines: list[str] = []
    line, taken = "", 0.0
    for piece in _pieces(text, width):
        room = ems(piece.rstrip(" "))
        while line and taken + room > width:
            kept = _last_break(line, piece)
            lines.append(line[:kept])
            line = line[kept:]
            taken = ems(line)
        line += piece
        taken += ems(piece)
    return [*lines, line] if line else lines


def _pieces(text: str, width: float) -> Iterator[str]:
    for word in _WORD.findall(text):
        if ems(word.rstrip(" ")) <= width / 2:
            yield word
        else:
            yield from word


def _last_break(line: str, coming: str) -> int:
    """Where the line may end at the latest, `coming` being what no longer fits."""
    after = coming[0]
    for end in range(len(line), max(len(line) - 4, 1), -1):
        if after not in _NEVER_FIRST and line[end - 1] not in _NEVER_LAST and em_of(after):
            return end
        after = line[end - 1]
    return len(line)
