"""Memory, files and threads of every process, over time."""

import re
import statistics
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.load.processes import below, megabytes

_EVERY_SECONDS: Final = 2.0
SHORT_SECONDS: Final = 600.0
"""In less time caches still fill, and growth is told but not judged."""
GROWTH_MEGABYTES: Final = 16.0
GROWTH_PART: Final = 0.05
"""What a process may grow in the last half: so much, or this part of what it has. A node that is
asked seldom still fills its cache of opened scans then, which ends at 10,000."""
PEAK_PART: Final = 1.5
"""What is killed may need at most this part of what it needed before, and as much as above."""
MORE_FILES: Final = 24
MORE_THREADS: Final = 24
"""What a process may have in the last half beyond its most in the first."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a group of processes has at a moment."""

    at: float
    megabytes: float
    """Of memory of its own."""
    files: int
    threads: int


@dataclass(frozen=True, slots=True)
class Course:
    """How a group went over time."""

    name: str
    samples: tuple[Sample, ...]
    lives: bool
    """The same processes from start to end; else some are killed and begin anew."""

    def __str__(self) -> str:
        held = [each.megabytes for each in self.samples]
        return (
            f"{self.name:16} {held[0]:7.1f} {held[-1]:7.1f} {max(held):7.1f} "
            f"{self.growth():+8.2f} {max(each.files for each in self.samples):6} "
            f"{max(each.threads for each in self.samples):8}"
        )

    def growth(self) -> float:
        """Megabytes that the last half's slope comes to over the last half."""
        half = self._last_half()
        if not self.lives or len(half) < 3:
            return 0.0
        at = [each.at for each in half]
        slope, _ = statistics.linear_regression(at, [each.megabytes for each in half])
        return slope * (at[-1] - at[0])

    def wrong(self) -> list[str]:
        """What is not bounded."""
        if self.samples[-1].at - self.samples[0].at < SHORT_SECONDS:
            return []
        last = self._last_half()
        first = self.samples[: len(self.samples) - len(last)]
        if not self.lives:
            return self._higher(first, last)
        found = []
        most = max(GROWTH_MEGABYTES, GROWTH_PART * last[0].megabytes)
        if (growth := self.growth()) > most:
            found.append(f"{self.name} grew by {growth:.1f} MB in the last half")
        if max(each.files for each in last) > max(each.files for each in first) + MORE_FILES:
            found.append(f"{self.name} opened more and more files")
        if max(each.threads for each in last) > max(each.threads for each in first) + MORE_THREADS:
            found.append(f"{self.name} started more and more threads")
        return found

    def _higher(self, first: tuple[Sample, ...], last: tuple[Sample, ...]) -> list[str]:
        """Of processes that come and go only the peaks can be compared."""
        before, after = (max(each.megabytes for each in half) for half in (first, last))
        if after > PEAK_PART * before + GROWTH_MEGABYTES:
            return [f"{self.name} needed {before:.0f} MB, and {after:.0f} MB in the last half"]
        return []

    def _last_half(self) -> tuple[Sample, ...]:
        middle = (self.samples[0].at + self.samples[-1].at) / 2
        return tuple(each for each in self.samples if each.at >= middle)


class Sampler(threading.Thread):
    """Looks every two seconds until the end."""

    def __init__(
        self,
        roots: Callable[[], Mapping[str, int]],
        waiting: Callable[[], int],
        *,
        killed: Collection[str],
    ) -> None:
        """`roots` gives the top process of each group; those of `killed` come and go.
        `waiting` tells how many entries the journals hold."""
        super().__init__(name="sampler", daemon=True)
        self.waiting: list[int] = []
        self._roots = roots
        self._count_waiting = waiting
        self._killed = killed
        self._samples: dict[str, list[Sample]] = {}
        self._end = threading.Event()

    def run(self) -> None:
        """Until `courses` is asked for."""
        while not self._end.wait(_EVERY_SECONDS):
            self.waiting.append(self._count_waiting())
            for name, root in self._roots().items():
                with suppress(OSError):
                    self._samples.setdefault(name, []).append(_sample(root))

    def courses(self) -> list[Course]:
        """End, and tell how all went."""
        self._end.set()
        self.join()
        return [
            Course(name, tuple(samples), name not in self._killed)
            for name, samples in self._samples.items()
        ]


def _sample(root: int) -> Sample:
    files = threads = 0
    for number in below(root):
        with suppress(OSError):
            files += sum(1 for _ in Path(f"/proc/{number}/fd").iterdir())
            status = Path(f"/proc/{number}/status").read_text("utf-8")
            threads += int(re.findall(r"Threads:\s+(\d+)", status)[0])
    return Sample(time.time(), megabytes(root), files, threads)


def children(root: int) -> list[int]:
    """The processes right below one."""
    return [int(each) for each in Path(f"/proc/{root}/task/{root}/children").read_text().split()]
