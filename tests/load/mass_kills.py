"""kill -9 at random moments of a mass issue: in the end each entity has exactly one live licence.

`python -m tests.load.mass_kills 50 100000` kills so often while so many entities get their
licences, the registry or one of its processes by turns of chance.
"""

import os
import signal
import sys
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, LiteralString

import psycopg

from registry_service.fsck import check
from tests.database import SharedServer
from tests.load.bulk import fill
from tests.load.mass import begun, over
from tests.load.processes import below
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry

_LIFE_SECONDS: Final = 4.0
"""What is killed lives at most so long after it serves: processes of its own take two to start."""
_COUNTS: LiteralString = """
    SELECT (SELECT count(*) FROM entity),
           (SELECT count(*) FROM license_version WHERE state = 'issued'),
           (SELECT count(DISTINCT entity_no) FROM license_version WHERE state = 'issued'),
           (SELECT count(*) FROM license_version WHERE state <> 'issued')
"""
_STANDING: LiteralString = """
    SELECT r.state = 'running', EXISTS (SELECT FROM mass_chunk WHERE state = 'intended')
      FROM mass_run r
"""


@dataclass
class Report:
    """What was killed when, and what came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    between: int = 0
    """Kills that left something stored to be signed."""
    entities: int = 0
    live: int = 0
    """Live licences; that of each entity is another's."""
    given_up: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        """Each entity has exactly one live licence, and the recheck finds nothing."""
        return self.live == self.entities and not self.faults

    def __str__(self) -> str:
        told = ", ".join(f"{n} {who}" for who, n in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills ({told}; {self.between} left something stored to be "
            f"signed); {self.entities} entities, {self.live} live licences, one each; given up "
            f"{self.given_up}; fsck faults {self.faults or 'none'}"
        )


def trial(server: SharedServer, folder: Path, kills: int, entities: int, seed: int) -> Report:
    """Issue the licences of so many entities, killed so often."""
    random, report, pause = Random(seed), Report(), threading.Event()  # noqa: S311 - moments
    certificates = Certificates(folder / "ca")
    with ExitStack() as stack:
        url = stack.enter_context(server.clone())
        process = RegistryProcess(certificates, folder, url)
        fill(url, 1, entities)
        process.start()
        stack.callback(process.stop)
        registry = Registry(process.address, certificates, url)
        stack.callback(registry.close)
        name = begun(registry).name
        while report.kills.total() < kills:
            if report.kills:  # the first at once: a small run is soon over
                pause.wait(random.uniform(0.0, _LIFE_SECONDS))
            running, _ = _one(url, _STANDING)
            if not running:
                break
            _kill(process, random, report)
            report.between += bool(_one(url, _STANDING)[1])
        over(registry, name)
        process.stop()
        report.entities, live, of, report.given_up = _one(url, _COUNTS)
        report.live = of if live == of else -live
        report.faults = [str(fault) for fault in check(url)]
    return report


def _kill(process: RegistryProcess, random: Random, report: Report) -> None:
    """The registry, which is started again, or one of the processes that it started."""
    workers = sorted(below(process.pid) - {process.pid})
    if workers and random.random() < 0.5:
        report.kills["process"] += 1
        os.kill(random.choice(workers), signal.SIGKILL)
    else:
        report.kills["registry"] += 1
        process.kill()
        process.start()


def _one(url: str, query: LiteralString) -> tuple[int, ...]:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row


def main(arguments: list[str]) -> int:
    """Kill so often; 1 if any entity has none or two."""
    kills = int(arguments[0]) if arguments else 50
    entities = int(arguments[1]) if len(arguments) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="yizhao-kills-") as folder, a_server() as server:
        report = trial(server, Path(folder), kills, entities, seed=7)
    sys.stdout.write(f"{report}\n")
    return int(not report.exact or report.kills.total() < kills)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
