"""Times several things in turns, so that a busy machine slows all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_ROUNDS: Final = 21


@dataclass(frozen=True, slots=True)
class Timing:
    """One thing's time in every round, in seconds an item."""

    rounds: tuple[float, ...]

    @property
    def microseconds(self) -> float:
        """Median time of one item."""
        return statistics.median(self.rounds) * 1e6

    def speed_against(self, other: "Timing") -> float:
        """How many times as fast this is as `other`: median of the rounds' own ratios."""
        pairs = zip(other.rounds, self.rounds, strict=True)
        return statistics.median(theirs / ours for theirs, ours in pairs)


def in_turns(
    things: Mapping[str, Callable[[], object]], items: int, rounds: int = _ROUNDS
) -> dict[str, Timing]:
    """Call each thing once a round; each call works on `items` items.

    The first round warms caches and does not count. The order turns by one each round.
    """
    times: dict[str, list[float]] = {name: [] for name in things}
    names = list(things)
    for number in range(rounds + 1):
        for name in names:
            started = time.perf_counter()
            things[name]()
            spent = (time.perf_counter() - started) / items
            if number:
                times[name].append(spent)
        names.append(names.pop(0))
    return {name: Timing(tuple(spent)) for name, spent in times.items()}
