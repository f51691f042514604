"""`make soak`: twenty minutes of load at half capacity while the registry is killed ten times.

Usage: python -m tests.load.soak [seconds] [kills]
"""

import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.load.scratch import a_server
from tests.load.soak.report import Report, write
from tests.load.soak.stack import a_stack
from tests.load.soak.trial import Trial

SECONDS: Final = 1200
_KILLS: Final = 10
_INTERRUPTED: Final = 130
_CAPACITY_PART: Final = 20
_MOST_CAPACITY_SECONDS: Final = 15.0
_STEADY: Final = 20_000
"""Licences that no act touches: twice as many as the node's cache keeps, so most are new to it."""
_A_SECOND: Final = 50
"""No more of them than so many for each second of the run: a short one shall begin soon."""


def main(arguments: list[str]) -> int:
    """Run it, print the summary; 1 if anything was wrong."""
    seconds = int(arguments[0]) if arguments else SECONDS
    kills = int(arguments[1]) if len(arguments) > 1 else -(-_KILLS * seconds // SECONDS)
    try:
        report = _run(seconds, kills)
    except KeyboardInterrupt:
        return _INTERRUPTED  # nothing was measured yet
    write(report, sys.stdout)
    if report.interrupted:
        return _INTERRUPTED
    return int(report.tally.wrongs > 0)


def _run(seconds: int, kills: int) -> Report:
    steady = min(_STEADY, _A_SECOND * seconds)
    capacity = min(_MOST_CAPACITY_SECONDS, max(5.0, seconds / _CAPACITY_PART))
    sys.stderr.write(f"soak: starting, with {steady} licences to be issued\n")
    with (
        tempfile.TemporaryDirectory(prefix="yizhao-soak-") as folder,
        a_server() as server,
        a_stack(server, Path(folder), steady) as stack,
    ):
        return Trial(stack, seconds, kills, seed=seconds).run(capacity)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
