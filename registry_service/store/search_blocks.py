"""How much of the register a search reads at a time."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from registry_service.domain.search import SLICE_DIGITS

WHOLE: Final = ""
"""The digits of the block that is the whole register."""
END: Final = "g"
"""Behind every sort key."""
_SLICES: Final = 16**SLICE_DIGITS
_WIDTHS: Final = tuple(1 << 4 * digits for digits in range(SLICE_DIGITS + 1))
_MOST: Final = 1_000
"""Entities that fit, of which a block should hold no more unless more are wanted."""
_UNSEEN: Final = 3
"""Where none of n slices held any, nineteen times in twenty fewer than this lie in n others."""
_BLOCKS: Final = 3
"""So many are as good as one that is sixteen times as wide."""


@dataclass(frozen=True, slots=True)
class Block:
    """Slices that begin with the same digits, from some place on."""

    digits: str
    after: str
    """A sort key, or its beginning: only what is behind it was not read before."""
    before: str
    """The beginning of the first sort key that is no longer in the block."""


class Blocks:
    """The blocks of one search, each as wide as what was found so far advises."""

    def __init__(self, after: str, limit: int) -> None:
        """Begin behind a sort key, or at the first slice; `limit` are wanted."""
        self._after = after
        self._start = int(after[:SLICE_DIGITS], 16) if after else 0
        self._limit = limit
        self._most = max(_MOST, 4 * limit)
        self._read = 0
        """Slices read whole."""
        self._before = 0
        """Found before those, in the rest of a slice, which tells nothing."""

    def next(self, found: int) -> Block | None:
        """The next block; None behind the last.

        Args:
            found: how many the blocks before held together.
        """
        if self._start >= _SLICES:
            return None
        if not self._read:
            self._before = found
        width = self._width(found)
        digits = f"{self._start:0{SLICE_DIGITS}x}"[: SLICE_DIGITS - _WIDTHS.index(width)]
        end = (self._start // width + 1) * width
        behind = f"{end:0{SLICE_DIGITS}x}" if end < _SLICES else END
        block = Block(digits, self._after, behind)
        if len(self._after) <= SLICE_DIGITS:
            self._read += end - self._start
        self._start, self._after = end, behind
        return block

    def _width(self, found: int) -> int:
        """The narrowest that holds enough, but none that may hold far too many."""
        seen, still = found - self._before, self._limit - found
        for width, wider in pairwise(_WIDTHS):
            enough = _BLOCKS * width * seen >= still * self._read
            if enough or wider * (seen + _UNSEEN) > self._most * self._read:
                return width
        return _WIDTHS[-1]
