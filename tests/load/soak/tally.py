"""What was counted: calls and verdicts by way, their times, and what was wrong."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.load.soak.judge import Judge
from tests.load.soak.seen import Call

_LINES: Final = 40
"""Of what is wrong; the rest is counted alone."""


@dataclass(slots=True)
class Line:
    """Of one way of asking, of one caller."""

    calls: int = 0
    verdicts: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def quantile(self, part: float) -> float:
        """Milliseconds within which that part of the calls was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


class Tally:
    """Judges and counts. A verdict is judged a moment later, when acts that ran are put down."""

    def __init__(self, judge: Judge, allowed: Iterable[tuple[str, str]] = ()) -> None:
        """`allowed` are errors that a caller may get, as ("partner/flood", "RESOURCE_…")."""
        self.lines: dict[tuple[str, str], Line] = {}
        self.wrong: list[str] = []
        self.wrongs = 0
        self.oldest = 0.0
        """Seconds of age of the oldest data behind a verdict."""
        self.statuses: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.editions: dict[float, float] = {}
        """When each edition was told first, of those whose time is known to the second."""
        self.answered: Counter[str] = Counter()
        """Verdicts by caller, from the first call on."""
        self.unanswered: Counter[str] = Counter()
        """Calls by caller of which nobody knows whether they were counted."""
        self.begun_at = time.time()
        self._judge = judge
        self._allowed = frozenset(allowed)
        self._waiting: deque[Call] = deque()

    def add(self, calls: Iterable[Call]) -> None:
        """Calls that ended."""
        self._waiting.extend(calls)

    def judge(self, until: float = float("inf")) -> None:
        """Judge the calls that ended before that moment."""
        while self._waiting and self._waiting[0].ended_at < until:
            self._take(self._waiting.popleft())

    def say(self, what: str) -> None:
        """Something is wrong."""
        self.wrongs += 1
        if len(self.wrong) < _LINES:
            self.wrong.append(what)

    def begin(self) -> None:
        """The lines begin anew; totals and what was wrong stay."""
        self.judge()
        self.lines = {}

    def _take(self, call: Call) -> None:
        line = self.lines.setdefault((call.way, call.caller), Line())
        line.calls += 1
        if call.error:
            line.errors[call.error] += 1
            self.unanswered[call.caller] += 1
            code = call.error.partition(" ")[0]
            if (call.caller, code) not in self._allowed:
                self.say(f"{call.way} of {call.caller}: {call.error}")
            return
        line.seconds.append(call.ended_at - call.due_at)
        line.verdicts += call.answered
        self.answered[call.caller] += call.answered
        if call.refused:
            self.say(f"{call.way} of {call.caller}: {call.refused} items refused")
        for seen in call.verdicts:
            line.outcomes[seen.outcome] += 1
            self.statuses[seen.status] += 1
            self.reasons[seen.reason] += 1
            if seen.edition_from == seen.edition_until:
                self.editions.setdefault(seen.edition_from, seen.answered_at)
            self.oldest = max(self.oldest, seen.answered_at - seen.edition_until)
            if why := self._judge.wrong(seen):
                self.say(f"wrong verdict: {why}: {seen}{self._judge.known(seen)}")

    @property
    def a_second(self) -> float:
        """Verdicts a second, since the beginning."""
        return self.answered.total() / (time.time() - self.begun_at)

    @property
    def calls(self) -> int:
        """Calls of all lines."""
        return sum(line.calls for line in self.lines.values())

    def rows(self) -> Iterator[str]:
        """A table by way."""
        yield (
            f"{'way':8} {'caller':16} {'calls':>8} {'verdicts':>9} {'errors':>7} {'p50 ms':>8} "
            f"{'p99 ms':>8} {'most ms':>8}  outcomes"
        )
        for (way, caller), line in sorted(self.lines.items()):
            outcomes = ", ".join(f"{name} {count}" for name, count in line.outcomes.most_common())
            yield (
                f"{way:8} {caller:16} {line.calls:8} {line.verdicts:9} "
                f"{line.errors.total():7} {line.quantile(0.5):8.1f} {line.quantile(0.99):8.1f} "
                f"{line.quantile(1):8.1f}  {outcomes}"
            )
