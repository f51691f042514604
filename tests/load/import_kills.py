"""kill -9 at random moments of an import: resumed, it gives the same register to the byte.

`python -m tests.load.import_kills 30 60000` kills so often while a file of so many rows is brought
in, registry or client by turns of chance, and compares with a register that was left alone.
"""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final, LiteralString

import psycopg

from registry_service.fsck import check
from tests.database import SharedServer
from tests.load.bench_import import write
from tests.load.frozen_registry import CLOCK
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry.people import Certificates

_DRIVER_SECONDS: Final = 1200.0
_LIFE_SECONDS: Final = (2.0, 0.5)
"""What is killed lives at most so long, from when both are up: while a file is sent, and while what
was signed off goes on the register, which is sooner done."""
_LOOK_SECONDS: Final = 0.05

# Keys are each register's own, and so is what a database counts of itself; all else is the same.
_DUMP: Final[dict[str, LiteralString]] = {
    "entity": "SELECT * FROM entity ORDER BY entity_no",
    "entity_code": "SELECT * FROM entity_code ORDER BY entity_no, code",
    "code_directory": "SELECT * FROM code_directory ORDER BY code",
    "entity_version": "SELECT * FROM entity_version ORDER BY entity_no, version",
    "entity_search": "SELECT * FROM entity_search ORDER BY entity_no",
    "event": "SELECT * FROM event ORDER BY entity_no, revision",
    "feed": "SELECT * FROM feed",
    "import_run": "SELECT * FROM import_run ORDER BY run_no",
    "import_unit": "SELECT * FROM import_unit ORDER BY run_no, unit_id",
    "import_reject": "SELECT * FROM import_reject ORDER BY run_no, line, field, reason",
    "import_entity": "SELECT * FROM import_entity ORDER BY run_no, unit_id, ordinal",
    "entity_no_seq": "SELECT last_value, is_called FROM entity_no_seq",
}


@dataclass
class Report:
    """What was killed when, and whether the two registers are the same."""

    kills: Counter[str] = field(default_factory=Counter)
    during: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    different: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{n} {who}" for who, n in sorted(self.kills.items()))
        when = ", ".join(f"{n} while {state}" for state, n in sorted(self.during.items()))
        same = f"different: {', '.join(self.different)}" if self.different else "the same dump"
        return (
            f"{self.kills.total()} kills ({told}; {when}); {self.entities} entities; {same} as "
            f"undisturbed, {len(_DUMP)} tables byte by byte; fsck faults {self.faults or 'none'}"
        )


class Import:
    """One register with a frozen clock, and a file that is brought onto it."""

    def __init__(self, stack: ExitStack, folder: Path, database: str, file: Path, clock: Path):
        self._folder, self.database, self._file = folder, database, file
        self._process = RegistryProcess(
            Certificates(folder / "ca"),
            folder,
            database,
            module="tests.load.frozen_registry",
            environ={CLOCK: str(clock)},
        )
        stack.callback(self._process.stop)
        self._driver: subprocess.Popen[bytes] | None = None
        stack.callback(self._stop_driver)

    def run(self) -> None:
        """Bring the file in, undisturbed."""
        self._process.start()
        self._drive()
        self._finish()

    def run_killed(self, kills: int, random: Random, report: Report) -> None:
        """Bring the file in; kill so often."""
        pause = threading.Event()
        self._process.start()
        self._drive()
        while report.kills.total() < kills and not self._ended(0):
            if self._driver is None or not self._ended(None):
                self._drive()
            state = self._state()
            if state != "applying" and report.kills.total() >= kills // 2:
                pause.wait(_LOOK_SECONDS)  # the other half is for what was signed off
                continue
            pause.wait(random.uniform(0.05, _LIFE_SECONDS[state == "applying"]))
            report.during[self._state()] += 1
            if random.random() < 0.5:
                report.kills["registry"] += 1
                self._process.kill()
                self._process.start()
            else:
                report.kills["client"] += 1
                self._stop_driver()
        self._finish()

    def _ended(self, code: int | None) -> bool:
        """Whether the driver's exit code is this one; None: it runs."""
        return self._driver is not None and self._driver.poll() == code

    def _state(self) -> str:
        with psycopg.connect(self.database) as connection:
            row = connection.execute("SELECT max(state) FROM import_run").fetchone()
            signed = connection.execute(
                "SELECT EXISTS (SELECT FROM import_unit WHERE state IN ('signed', 'done'))"
            ).fetchone()
        if signed is not None and signed[0]:
            return "applying"
        return str(row[0]) if row and row[0] else "beginning"

    def _drive(self) -> None:
        words = (self._process.address, str(self._folder / "ca"), str(self._file))
        self._driver = subprocess.Popen(
            [sys.executable, "-m", "tests.load.import_driver", *words],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _finish(self) -> None:
        """Wait until the file is in; the driver ends when its registry was killed under it."""
        while self._driver is None or self._driver.wait(_DRIVER_SECONDS) != 0:
            self._drive()
        self._process.stop()

    def _stop_driver(self) -> None:
        if self._driver is not None and self._driver.poll() is None:
            self._driver.send_signal(signal.SIGKILL)
            self._driver.wait()
        self._driver = None


def trial(server: SharedServer, folder: Path, kills: int, rows: int, seed: int) -> Report:
    """Bring one file onto two registers, and compare them."""
    file, clock, report = folder / "city.csv", folder / "clock", Report()
    write(file, rows)
    with ExitStack() as stack:
        calm, killed = stack.enter_context(server.clone()), stack.enter_context(server.clone())
        alone = Import(stack, folder / "calm", calm, file, clock)
        disturbed = Import(stack, folder / "killed", killed, file, clock)
        clock.write_text(datetime.now(UTC).isoformat(), "ascii")  # later than both sets of keys
        alone.run()
        disturbed.run_killed(kills, Random(seed), report)  # noqa: S311 - moments, not keys
        before, after = dump(calm), dump(killed)
        report.different = [table for table in _DUMP if before[table] != after[table]]
        report.entities = int(after["count"])
        report.faults = [str(fault) for fault in check(killed)]
    return report


def dump(url: str) -> dict[str, str]:
    """SHA-256 of each table, ordered, as COPY writes it."""
    found = {}
    with psycopg.connect(url) as connection:
        for table, query in _DUMP.items():
            digest = hashlib.sha256()
            with connection.cursor().copy(b"COPY (" + query.encode() + b") TO STDOUT") as rows:
                for block in rows:
                    digest.update(block)
            found[table] = digest.hexdigest()
        row = connection.execute("SELECT count(*) FROM entity").fetchone()
        found["count"] = str(row[0]) if row else "0"
    return found


def main(arguments: list[str]) -> int:
    """Kill so often; 1 if the registers differ."""
    kills = int(arguments[0]) if arguments else 30
    rows = int(arguments[1]) if len(arguments) > 1 else 60_000
    with tempfile.TemporaryDirectory(prefix="yizhao-kills-") as folder, a_server() as server:
        report = trial(server, Path(folder), kills, rows, seed=7)
    sys.stdout.write(f"{report}\n")
    return int(bool(report.different or report.faults or report.kills.total() < kills))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
