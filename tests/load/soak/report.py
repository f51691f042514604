"""What came of a run, and its summary for people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TextIO

from tests.load.soak.books import PAGE
from tests.load.soak.killer import Outage
from tests.load.soak.sampling import Course
from tests.load.soak.tally import Tally
from tests.load.soak.ways import PHONE
from tests.rpc.registry import people

CALLERS: Final = (people.BANK, "partner/telecom")
FLOODER: Final = "partner/flood"
_STATUSES: Final = ("VALID", "SUSPENDED", "SUPERSEDED", "LOST_VOID", "REVOKED", "DEREGISTERED")


@dataclass
class Report:
    """What came of it."""

    tally: Tally
    seconds: float
    """Under load at the pace of the schedule."""
    kills: int = 0
    """That were asked for."""
    capacity: float = 0.0
    """Calls a second, as fast as the callers could."""
    rate: float = 0.0
    """Calls a second of the schedule."""
    skipped: int = 0
    outages: list[Outage] = field(default_factory=list)
    acts: dict[str, int] = field(default_factory=dict)
    sent_again: int = 0
    courses: list[Course] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    """Entries in the nodes' journals, over time."""
    interrupted: bool = False
    notes: list[str] = field(default_factory=list)

    def new_again(self) -> list[float]:
        """For each outage: seconds after its end until a verdict told data from after the kill."""
        told = self.tally.editions.items()
        return [
            min((at for edition, at in told if edition > each.killed_at), default=float("inf"))
            - each.serving_at
            for each in self.outages
        ]

    def unproven(self) -> Iterator[str]:
        """What a long run should have met and did not, so that it proves nothing about it."""
        statuses = self.tally.statuses
        yield from (f"status {each}" for each in _STATUSES if not statuses[each])
        if not self.tally.reasons["DATA_STALE"]:
            yield "data that is too old"
        if not self.tally.unanswered[FLOODER]:
            yield "a flood that was turned away"
        if len(self.outages) < self.kills:
            yield f"{self.kills - len(self.outages)} of {self.kills} kills"

    @property
    def to_be_counted(self) -> dict[str, int]:
        """Verdicts that were answered, by whom the verifying side must have counted them for."""
        answered = self.tally.answered
        partners = {name: answered[name] for name in (*CALLERS, FLOODER)}
        return partners | {PAGE: answered[PHONE]}

    @property
    def wrong(self) -> list[str]:
        """Everything that is wrong, one line each."""
        return self.tally.wrong


def write(report: Report, out: TextIO) -> None:
    """Print what was counted and what was wrong."""
    tally = report.tally
    lines = [
        f"{report.seconds:.0f} s at {report.rate:.0f} calls a second"
        f" (capacity {report.capacity:.0f}), {report.skipped} left out as the load was behind",
        *tally.rows(),
        f"statuses told: {_counted(tally.statuses)}",
        f"acts acknowledged: {_counted(report.acts)}; requests sent again {report.sent_again}",
        f"registry killed {len(report.outages)} times; seconds away "
        f"{_listed(each.serving_at - each.killed_at for each in report.outages)}; until new data "
        f"was told after that {_listed(report.new_again())}; oldest data behind a verdict "
        f"{tally.oldest:.1f} s",
        f"journals: at most {max(report.waiting, default=0)} entries waited; counted as answered: "
        + _counted(report.to_be_counted),
        f"{'memory in MB':16} {'first':>7} {'last':>7} {'most':>7} {'growth*':>8} {'files':>6} "
        f"{'threads':>8}",
        *map(str, report.courses),
        "* what the slope over the last half comes to in that half; of what is killed peaks count",
        *report.notes,
        *(f"WRONG {each}" for each in tally.wrong),
        f"wrong: {tally.wrongs}" + (" (interrupted)" if report.interrupted else ""),
    ]
    out.write("\n".join(lines) + "\n")


def _listed(seconds: Iterable[float]) -> str:
    return ", ".join(f"{each:.1f}" for each in seconds) or "none"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
