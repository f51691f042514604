"""`make fuzz`: a million spoiled scans, then every reader under atheris where it is installed.

Usage: python -m tests.fuzz [scans] [seconds a reader]
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
from tests.fuzz import spoil
from tests.fuzz.readers import TARGETS, Believed
from tests.fuzz.seeds import SCANS, TRUST
from tests.unit.verify.world import NOW

_A_PART: Final = 10_000


def main(arguments: list[str]) -> int:
    """Run both; 0 if nothing crashed and nothing was believed."""
    scans = int(arguments[0]) if arguments else 1_000_000
    seconds = int(arguments[1]) if len(arguments) > 1 else 20
    started = time.monotonic()
    first = int(time.time())  # printed, so that a run can be repeated
    sys.stdout.write(f"spoiling {scans} scans, seeds from {first}\n")
    seeds = range(first, first + -(-scans // _A_PART))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        counts = list(pool.map(_part, seeds, repeat(_A_PART)))
    spoiled = sum(made for made, _ in counts)
    refused = sum(no for _, no in counts)
    spent = time.monotonic() - started
    sys.stdout.write(f"{spoiled} malformed, {refused} INVALID, 0 VALID, 0 crashed; {spent:.0f} s\n")
    if importlib.util.find_spec("atheris") is None:
        sys.stdout.write("atheris is not installed: the readers met hypothesis alone\n")
        return 0
    return max(_atheris(name, seconds) for name in TARGETS)


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
    sys.stdout.write(f"{name:12} {'ok' if done.returncode == 0 else 'FAILED'}  {said}\n")
    sys.stdout.flush()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
