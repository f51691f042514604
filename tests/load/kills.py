"""kill -9 of the registry at random moments under load: nothing that was acknowledged is lost.

`python -m tests.load.kills 100` kills so often and prints what it counted; 1 if anything is wrong.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import psycopg

from clients.sdk import RegistryClient
from registry_service.fsck import check
from tests.load.mixed import Acknowledged, Gate, Writer
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry import people
from tests.rpc.registry.feed import Subscriber, everything, newest
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry

CHECK_EVERY: Final = 10
"""Kills between two rechecks of the whole register, with the writers held."""
_PATIENCE: Final = 60.0
_LIFE_SECONDS: Final = 1.0
"""A registry lives at most so long under load before it is killed."""
_START_SECONDS: Final = 1.5
_KILLED_STARTING: Final = 0.1
"""Part of the kills that hit a registry that does not serve yet."""
_TEAMS: Final = (
    (people.RENCHENG, people.QUFU_SUPERVISOR, ("任城区阜桥街道", "曲阜市鲁城街道")),
    (people.QUFU, people.ZOUCHENG_SUPERVISOR, ("曲阜市鲁城街道", "邹城市钢山街道")),
    (people.ZOUCHENG, people.RENCHENG_SUPERVISOR, ("邹城市钢山街道", "任城区阜桥街道")),
)
_EFFECTS: Final = {
    "entities.RegisterEntity": "SELECT 1 FROM entity_version v JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND v.version = %(version)s AND v.capital = %(capital)s",
    "applications.CreateApplication": "SELECT 1 FROM application WHERE receipt_number = %(last)s",
    "premises.CreatePremisesFiling": "SELECT 1 FROM filing f JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND f.filing_no = %(last)s::integer",
    "premises.SubmitPremisesFiling": "SELECT 1 FROM filing f JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND f.filing_no = %(last)s::integer"
    " AND f.state NOT IN ('draft', 'submitted')",
    "premises.AcknowledgeHandover": "SELECT 1 FROM handover h JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND h.handover_no = %(last)s::integer AND h.state = 'acknowledged'",
    "licenses.IssueLicense": "SELECT 1 FROM license_version l JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND l.version = %(last)s::integer AND l.token IS NOT NULL",
    "licenses.IssueSiteCode": "SELECT 1 FROM site_code c JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND c.version = %(last)s::integer AND c.token IS NOT NULL",
    "licenses.PrintLicenseCopy": "SELECT 1 FROM copy_token t JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND t.copy_no = %(last)s::integer AND t.token IS NOT NULL",
    "licenses.VoidLostCopy": "SELECT 1 FROM copy_token t JOIN entity e USING (entity_no)"
    " WHERE e.uscc = %(code)s AND t.copy_no = %(last)s::integer AND t.state = 'lost_void'",
}
"""What must be in the database once an act was acknowledged."""


@dataclass
class Report:
    """What was counted, and what was wrong."""

    kills: int = 0
    while_starting: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    sent_again: int = 0
    repetitions: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    rechecks: int = 0
    events: int = 0
    subscribers: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        acts = ", ".join(f"{name} {count}" for name, count in sorted(self.acknowledged.items()))
        refused = ", ".join(f"{reason} {n}" for reason, n in sorted(self.refused.items())) or "none"
        return (
            f"{self.kills} kills, {self.while_starting} of them while starting; "
            f"{self.acknowledged.total()} acts acknowledged ({acts}); "
            f"calls sent again without an answer {self.sent_again}; refused: {refused}; "
            f"acknowledged requests repeated after a restart {self.repetitions}; "
            f"fsck runs {self.rechecks}; events {self.events}, each seen once and in order by "
            f"{self.subscribers} subscribers; wrong {len(self.wrong)}; {self.seconds:.0f} s"
        )


class Trial:
    """One register under load."""

    def __init__(self, process: RegistryProcess, registry: Registry, random: Random) -> None:
        self.report = Report()
        self._process = process
        self._registry = registry
        self._random = random
        self._gate = Gate()
        self._checked: dict[Writer, int] = {}
        self._clients = ExitStack()

    def run(self, kills: int) -> Report:
        """Kill so often under load; what is wrong stands in the report."""
        started = time.monotonic()
        self._process.start()
        with self._clients, self._load(), self._subscribers() as subscribers:
            for number in range(1, kills + 1):
                self._kill()
                self._verify_acknowledged()
                if number % CHECK_EVERY == 0 or number == kills:
                    self._recheck(subscribers)
            self.report.subscribers = len(subscribers)
            for writer in self._checked:
                self.report.sent_again += writer.journal.repeated
                self.report.refused.update(writer.journal.refused)
                self.report.wrong += writer.journal.bugs
        self.report.seconds = time.monotonic() - started
        return self.report

    def _kill(self) -> None:
        self._gate.go.set()
        self._gate.stop.wait(self._random.uniform(0, _LIFE_SECONDS))
        self._process.kill()
        self.report.kills += 1
        if self._random.random() < _KILLED_STARTING:
            self._process.spawn()
            self._gate.stop.wait(self._random.uniform(0, _START_SECONDS))
            self._process.kill()
            self.report.while_starting += 1
            self.report.kills += 1
        self._process.start()
        self._gate.go.clear()

    def _verify_acknowledged(self) -> None:
        """What was acknowledged since the last time is there, and its request repeats it."""
        with psycopg.connect(self._registry.database) as connection:
            for writer, done in self._checked.items():
                known = list(writer.journal.acknowledged)
                for each in known[done:]:
                    self.report.acknowledged[each.method.partition(".")[2]] += 1
                    if not _is_there(connection, each):
                        self.report.wrong.append(f"lost: {each.method} {each.answer}")
                    self.report.repetitions += 1
                    if writer.repeat(each) != each.essence:
                        self.report.wrong.append(f"another answer: {each.method} {each.answer}")
                self._checked[writer] = len(known)

    def _recheck(self, subscribers: list[Subscriber]) -> None:
        """With the writers held: the whole register, and what the subscribers saw."""
        for writer in self._checked:
            if not writer.idle.wait(_PATIENCE):
                self.report.wrong.append("a writer got no answer")
        self.report.rechecks += 1
        self.report.wrong += map(str, check(self._registry.database))
        last = newest(self._registry)
        self.report.events = last
        all_events = everything(self._registry)
        for subscriber in subscribers:
            subscriber.wait_for(last)
            if subscriber.seen != all_events:
                seen, there = len(subscriber.seen), len(all_events)
                self.report.wrong.append(f"a subscriber saw {seen} events where there are {there}")

    @contextmanager
    def _load(self) -> Iterator[None]:
        certificates = self._registry.certificates
        for seed, (registrar, supervisor, places) in enumerate(_TEAMS):
            clients = [
                self._registry.client(certificates.tls(caller))
                for caller in (registrar, supervisor)
            ]
            for client in clients:
                self._clients.callback(client.channel.close)
            self._checked[Writer(clients[0], clients[1], places, seed, self._gate)] = 0
        for writer in self._checked:
            writer.start()
        try:
            yield
        finally:
            self._gate.stop.set()
            for writer in self._checked:
                writer.join(_PATIENCE)

    @contextmanager
    def _subscribers(self) -> Iterator[list[Subscriber]]:
        with ExitStack() as stack:
            found = []
            for caller in (people.VERIFY, people.AUDITOR):
                tls = self._registry.certificates.tls(caller)
                client = stack.enter_context(RegistryClient.open(self._registry.address, tls))
                found.append(Subscriber(client).start())
                stack.callback(found[-1].stop)
            yield found


def _is_there(connection: psycopg.Connection, each: Acknowledged) -> bool:
    method = each.method
    if method in ("entities.ChangeEntity", "entities.CorrectEntity"):
        method = "entities.RegisterEntity"
    answer = each.answer
    name = str(getattr(answer, "name", ""))
    values = {
        "code": name.split("/")[1],
        "last": name.rpartition("/")[2],
        "version": getattr(answer, "version", 0),
        "capital": answer.face.capital if hasattr(answer, "face") else "",
    }
    return connection.execute(_EFFECTS[method].encode(), values).fetchone() is not None


@contextmanager
def a_trial(url: str, folder: Path, seed: int) -> Iterator[Trial]:
    """A register on that database, ready to be killed."""
    certificates = Certificates(folder / "ca")
    process = RegistryProcess(certificates, folder, url)
    registry = Registry(process.address, certificates, url)
    try:
        yield Trial(process, registry, Random(seed))  # noqa: S311 - draws moments, not keys
    finally:
        process.stop()
        registry.close()


def main(arguments: list[str]) -> int:
    """Kill so often, print the counts; 1 if anything was wrong."""
    count = int(arguments[0]) if arguments else 100
    with (
        tempfile.TemporaryDirectory(prefix="yizhao-kills-") as folder,
        a_server() as server,
        server.clone() as url,
        a_trial(url, Path(folder), seed=count) as trial,
    ):
        report = trial.run(count)
    for line in report.wrong:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{report}\n")
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
