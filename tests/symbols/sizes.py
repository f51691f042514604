"""How large the symbols of many faces are."""

from collections import Counter
from collections.abc import Sequence
from math import ceil


def share_below(values: Sequence[int], share: float) -> int:
    """The smallest value that this share of all values does not exceed: 0.5 gives the median."""
    return sorted(values)[ceil(share * len(values)) - 1]


def distribution(values: Sequence[int]) -> str:
    """As `13: 71, 14: 428`, smallest first."""
    return ", ".join(f"{value}: {count}" for value, count in sorted(Counter(values).items()))
