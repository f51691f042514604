"""Times several things in turns, so that a busy machine slows all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 21


@dataclass(frozen=True, slots=True)
class Timing:
    """One thing's time in every round, in processor seconds an item."""

    rounds: tuple[float, ...]

    @property
    def microseconds(self) -> float:
        """Median time of one item."""
        return statistics.median(self.rounds) * 1e6

    def speed_against(self, other: "Timing") -> float:
        """How many times as fast this is as `other`: median of the rounds' own ratios."""
        pairs = zip(other.rounds, self.rounds, strict=True)
        return statistics.median(theirs / ours for theirs, ours in pairs)


def each_of(work: Callable[[], object], items: int) -> Callable[[], float]:
    """What times work on `items` items, in processor seconds of this thread an item."""

    def timed() -> float:
        started = time.thread_time()
        work()
        return (time.thread_time() - started) / items

    return timed


def in_turns(things: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, Timing]:
    """Call each thing once a round; each gives its own seconds an item.

    The first round warms caches and does not count. The order turns by one each round.
    """
    times: dict[str, list[float]] = {name: [] for name in things}
    names = list(things)
    for number in range(rounds + 1):
        for name in names:
            spent = things[name]()
            if number:
                times[name].append(spent)
        names.append(names.pop(0))
    return {name: Timing(tuple(spent)) for name, spent in times.items()}
