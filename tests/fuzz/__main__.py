"""`make fuzz`: a million spoiled scans, then every reader, then the page over real connections.

Usage: python -m tests.fuzz [scans] [seconds a reader]

Each reader meets spoiled samples by chance, then searched for by coverage where atheris is
installed.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from random import Random
from typing import Final

from license_verify import Outcome, verify
from license_verify.rpc.logging import configure
from tests.fuzz import sockets, spoil
from tests.fuzz.readers import TARGETS, Believed, samples
from tests.fuzz.seeds import SCANS, TRUST
from tests.unit.verify.world import NOW

_A_PART: Final = 10_000
_SLOW: Final = {"public-record": 20, "http-path": 20, "http-request": 20, "trust-list": 2}
"""These readers do so many times as much for one input, and get as many fewer."""
_SCANS_A_READING: Final = 50
"""Scans for each input that a reader gets."""
_SCANS_A_CONNECTION: Final = 300
_PARTS: Final = 4


def main(arguments: list[str]) -> int:
    """Run all; 0 if nothing crashed and nothing was believed."""
    scans = int(arguments[0]) if arguments else 1_000_000
    seconds = int(arguments[1]) if len(arguments) > 1 else 20
    configure("CRITICAL")
    first = int(time.time())  # printed, so that a run can be repeated
    _tell(f"spoiling {scans} scans, seeds from {first}")
    with ProcessPoolExecutor(os.cpu_count(), initializer=configure, initargs=("CRITICAL",)) as pool:
        _scans(pool, scans, first)
        names = [name for name in TARGETS for _ in range(_PARTS)]
        counts = [scans // _SCANS_A_READING // _SLOW.get(name, 1) // _PARTS for name in names]
        done = list(pool.map(_readings, names, counts, range(first, first + len(names))))
    for number, name in enumerate(TARGETS):
        part = done[number * _PARTS : (number + 1) * _PARTS]
        _tell(f"{name:14} {sum(part):7} spoiled, none believed, 0 crashed")
    report = sockets.run(max(1, scans // _SCANS_A_CONNECTION), first)
    _tell(f"page over real connections: {report}")
    for each in report.wrong:
        _tell(each)
    if importlib.util.find_spec("atheris") is None:
        _tell("atheris is not installed: nothing was searched for by coverage")
        return int(bool(report.wrong))
    return max(bool(report.wrong), *(_atheris(name, seconds) for name in TARGETS))


def _scans(pool: ProcessPoolExecutor, scans: int, first: int) -> None:
    started = time.monotonic()
    seeds = range(first, first + -(-scans // _A_PART))
    counts = list(pool.map(_part, seeds, repeat(_A_PART)))
    spoiled, refused = (sum(each) for each in zip(*counts, strict=True))
    spent = time.monotonic() - started
    _tell(f"{spoiled} malformed, {refused} INVALID, 0 VALID, 0 crashed; {spent:.0f} s")


def _part(seed: int, count: int) -> tuple[int, int]:
    """Spoil scans until `count` are not genuine; how many, and how many of these INVALID.

    Raises:
        Believed: one was VALID.
    """
    chance = Random(seed)  # noqa: S311 - not a secret
    spoiled = refused = 0
    while spoiled < count:
        text = spoil.scan(chance)
        if text in SCANS:
            continue
        outcome = verify(text, TRUST, NOW).outcome
        if outcome is Outcome.VALID:
            raise Believed(text)
        spoiled += 1
        refused += outcome is Outcome.INVALID
    return spoiled, refused


def _readings(name: str, count: int, seed: int) -> int:
    """Give a reader so many spoiled samples; how many.

    Raises:
        Believed: one was taken for genuine.
    """
    chance = Random(seed)  # noqa: S311 - not a secret
    for _ in range(count):
        TARGETS[name](spoil.data(samples()[name], chance))
    return count


def _atheris(name: str, seconds: int) -> int:
    """One reader in a process of its own, as libFuzzer ends its process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fuzz.guided", name, folder]
        done = subprocess.run(
            [
                *command,
                f"-max_total_time={seconds}",
                "-max_len=4096",
                f"-artifact_prefix={folder}/",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    runs = [line for line in done.stderr.splitlines() if line.startswith("Done ")]
    said = runs[-1] if runs else done.stderr[-2000:]
    _tell(f"{name:14} {'ok' if done.returncode == 0 else 'FAILED'}  {said}")
    return done.returncode


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
