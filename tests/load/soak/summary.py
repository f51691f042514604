"""The summary of a run, for people."""

from collections.abc import Iterable, Mapping
from typing import TextIO

from tests.load.soak.trial import Report


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
