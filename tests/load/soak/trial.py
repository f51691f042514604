"""A stack under load for some time: capacity first, then half of it, with all that goes wrong."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from random import Random
from typing import Final

from license_verify.policy import POLICIES, Policy
from license_verify.rpc.client import open_channel
from tests.load.soak.acts import Acts
from tests.load.soak.flood import Flood
from tests.load.soak.judge import Judge, Purpose
from tests.load.soak.killer import Killer
from tests.load.soak.lines import PageLine
from tests.load.soak.office import Office
from tests.load.soak.report import CALLERS, FLOODER, Report
from tests.load.soak.sampling import Sampler, children
from tests.load.soak.stack import NodeProcess, Stack
from tests.load.soak.strict_node import STRICT
from tests.load.soak.tally import Tally
from tests.load.soak.traffic import FLOOD, Plan, TrafficProcess
from tests.load.soak.truth import Document, Truth
from tests.rpc.registry import people
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

_FLOOD_THREADS: Final = 6
_FLOOD_A_SECOND: Final = 40
"""Checks that the flooding partner may make in a second, of each process."""
_ENOUGH_A_SECOND: Final = 100_000
_WARM_SECONDS: Final = 3.0
_TICK_SECONDS: Final = 0.5
_SETTLE_SECONDS: Final = 2.0
"""A verdict is judged so long after it came."""
_ARRIVAL_SECONDS: Final = 60.0
_KILLED: Final = ("registry", "PostgreSQL")
"""The server's processes serve the registry's connections, and end with them."""
_AGE_SECONDS: Final = 60.0
"""Age of data beyond an outage: five seconds by design, the rest for a machine that is busy."""
_LAST_DOCUMENTS: Final = 60
_WAITING_SECONDS: Final = 60.0
"""What the journals may hold: verdicts of so long. They are emptied every second or so."""
_PROVING_SECONDS: Final = 240.0
"""In less time it is chance what a run meets."""
_PROGRESS_SECONDS: Final = 10.0
_START_SECONDS: Final = 120.0
_END_SECONDS: Final = 120.0


def purposes() -> dict[str, Purpose]:
    """What the load asks for, as the table of policies has it."""

    def of(policy: Policy) -> Purpose:
        return Purpose(
            policy.max_age / timedelta(seconds=1), frozenset(each.name for each in policy.accepted)
        )

    return {name: of(policy) for name, policy in POLICIES.items()} | {STRICT.purpose: of(STRICT)}


class Trial:
    """One run over a stack."""

    def __init__(self, stack: Stack, seconds: float, kills: int, seed: int) -> None:
        self._stack = stack
        self._seconds = seconds
        self._random = Random(seed)  # noqa: S311 - draws acts and subjects, not keys
        self._truth = Truth()
        for scan in stack.scans:
            self._truth.add("licence", scan)
        tally = Tally(Judge(self._truth, purposes()), [(FLOODER, "RESOURCE_EXHAUSTED")])
        self.report = Report(tally, 0.0, kills)
        self._tally = tally
        self._killer = Killer(stack.process, kills, seconds)
        self._acts_end = threading.Event()
        self._office = Office(stack.registry, self._acts_end)
        self._traffic: list[TrafficProcess] = []
        self._changing: list[Document] = []

    def run(self, capacity_seconds: float, rate: float | None = None) -> Report:
        """Measure the capacity for so long, then run at half of it, or at `rate` calls a second.

        Ctrl-C ends it early, with all that was counted.
        """
        with ExitStack() as stack:
            self._start(stack)
            sampler = Sampler(self._roots, self._stack.books.waiting, killed=_KILLED)
            acts = Acts(
                self._office, self._truth, self._acts_end, self._random,
                pause_seconds=0.4, tell=self._add,
            )  # fmt: skip
            sampler.start()
            acts.start()
            try:
                self._measure(capacity_seconds)
                self._soak(rate)
            except KeyboardInterrupt:
                self.report.interrupted = True
                _say("ending")
            self.report.courses = sampler.courses()
            self.report.waiting = sampler.waiting
            self._end(acts)
        for course in self.report.courses:
            for why in course.wrong():
                self._tally.say(why)
        return self.report

    def _start(self, stack: ExitStack) -> None:
        it = self._stack
        stack.callback(self._office.close)
        rates = dict.fromkeys(CALLERS, _ENOUGH_A_SECOND) | {FLOODER: _FLOOD_A_SECOND}
        it.books.enrol(rates, [*purposes()])
        for node in (it.node, it.strict):
            _await_data(node, it)
        scans = it.folder / "scans"
        scans.write_text("\n".join(it.scans), "ascii")

        def load(caller: str, number: int, **other: object) -> TrafficProcess:
            plan = Plan(
                caller=caller,
                tls=it.certificates.tls(caller),
                node=it.node.address,
                strict=it.strict.address,
                page=it.node.page,
                root=it.folder / "keys" / "root.pub.pem",
                scans=scans,
                seed=self._random.randrange(1 << 30),
                first=number * len(it.scans) // (len(CALLERS) + 1),
                **other,  # type: ignore[arg-type]
            )
            process = TrafficProcess(plan)
            stack.callback(process.kill)
            return process

        self._traffic = [load(caller, number) for number, caller in enumerate(CALLERS)]
        self._flooder = load(FLOODER, len(CALLERS), threads=_FLOOD_THREADS, mix=FLOOD)
        for process in self._all_traffic:
            process.await_ready(_START_SECONDS)

    @property
    def _all_traffic(self) -> list[TrafficProcess]:
        return [*self._traffic, self._flooder]

    def _add(self, document: Document) -> None:
        self._changing.append(document)
        for process in self._all_traffic:
            process.add(document.number, document.scan)

    def _roots(self) -> dict[str, int]:
        it = self._stack
        found = {"node": it.node.pid, "strict node": it.strict.pid, "PostgreSQL": it.postgres}
        for number, child in enumerate(children(it.node.pid)):
            found[f"node, process {number}"] = child
        for process in self._all_traffic:
            found[f"load {process.caller}"] = process.pid
        if (registry := it.process.running) is not None:
            found["registry"] = registry
        return found

    def _measure(self, seconds: float) -> None:
        if not seconds:
            return
        _say(f"measuring what the node can do, {seconds:.0f} s")
        self._pace(None)
        self._watch(_WARM_SECONDS)
        self._tally.begin()
        started = time.time()
        self._watch(seconds)
        self._pace(0)
        self._tally.judge()
        self.report.capacity = self._tally.calls / (time.time() - started)
        self._tally.begin()

    def _soak(self, rate: float | None) -> None:
        self.report.rate = rate or self.report.capacity / 2
        _say(f"{self.report.rate:.0f} calls a second for {self._seconds:.0f} s")
        self._pace(self.report.rate / len(self._traffic))
        self._killer.start()
        started = time.time()
        try:
            self._watch(self._seconds, Flood(self._flooder))
        finally:
            self.report.seconds = time.time() - started

    def _pace(self, rate: float | None) -> None:
        for process in self._traffic:
            process.pace(rate)

    def _watch(self, seconds: float, flood: Flood | None = None) -> None:
        """Collect and judge for so long; a flood comes and goes meanwhile, and is told of."""
        begun = last = time.monotonic()
        pause = threading.Event()
        while (spent := time.monotonic() - begun) < seconds:
            self._collect()
            self._tally.judge(time.time() - _SETTLE_SECONDS)
            if flood is not None:
                flood.turn(spent)
                if time.monotonic() - last > _PROGRESS_SECONDS:
                    last = time.monotonic()
                    self._progress(seconds - spent)
            pause.wait(_TICK_SECONDS)

    def _collect(self) -> None:
        for process in self._all_traffic:
            self._tally.add(process.calls())

    def _progress(self, left: float) -> None:
        away = "serves" if self._stack.process.running else "is away"
        _say(
            f"{int(left) // 60}:{int(left) % 60:02} left; {self._tally.answered.total()} verdicts, "
            f"{self._tally.wrongs} wrong; the registry {away}, killed {self._killer.kills} times"
        )

    def _end(self, acts: Acts) -> None:
        """Everything in order; what was answered late is judged too."""
        for process in self._all_traffic:
            process.pace(0)
        self._killer.end()
        self._acts_end.set()
        acts.join()
        for process in self._all_traffic:
            calls, skipped = process.end(_END_SECONDS)
            self._tally.add(calls)
            self.report.skipped += skipped
        self._tally.judge()
        report = self.report
        report.acts, report.sent_again = dict(acts.done), self._office.sent_again
        report.outages = self._killer.outages
        for why in (
            *acts.wrong,
            *self._killer.wrong,
            *self._never_arrived(),
            *self._logged(),
            *self._miscounted(),
        ):
            self._tally.say(why)
        if report.skipped:
            self._tally.say(f"the load fell behind: {report.skipped} calls were not sent")
        if (most := max(report.waiting, default=0)) > _WAITING_SECONDS * self._tally.a_second:
            self._tally.say(f"{most} entries waited in the journals")
        longest = max((each.serving_at - each.killed_at for each in report.outages), default=0.0)
        if self._tally.oldest > longest + _AGE_SECONDS:
            self._tally.say(
                f"data was {self._tally.oldest:.0f} s old; the longest outage was {longest:.0f} s"
            )
        if report.seconds > _PROVING_SECONDS and not report.interrupted:
            for what in report.unproven():
                self._tally.say(f"the run met nothing of this, and proves nothing of it: {what}")

    def _never_arrived(self) -> Iterator[str]:
        """In the end the node must tell the last act on each document."""
        until = time.monotonic() + _ARRIVAL_SECONDS
        tls = self._stack.certificates.tls(people.VERIFY)
        with open_channel(self._stack.node.address, tls) as channel:
            stub = VerifyServiceStub(channel)
            for document in self._changing[-_LAST_DOCUMENTS:]:
                may = document.between(time.time(), time.time())
                while (told := _status(stub, document)) not in may:
                    if time.monotonic() > until:
                        yield f"document {document.number} is still {told}, which should be {may}"
                        break
                    time.sleep(0.1)

    def _miscounted(self) -> Iterator[str]:
        """Usage must be the calls that were answered, no more and no fewer."""
        yield from self._stack.books.wrong(self.report.to_be_counted)

    def _logged(self) -> Iterator[str]:
        """Errors in the nodes' logs; a worker that died is one."""
        for node in (self._stack.node, self._stack.strict):
            for line in node.errors():
                yield f"the log of {node.name}: {line}"


def _status(stub: VerifyServiceStub, document: Document) -> str:
    answer: verdict_pb2.Verdict = stub.Verify(VerifyRequest(subject=Subject(scan=document.scan)))
    return verdict_pb2.Status.Name(answer.status).removeprefix("STATUS_")


def _await_data(node: NodeProcess, stack: Stack) -> None:
    """Wait until the node has live data."""
    line = PageLine(node.page, stack.certificates.root("services").read_bytes())
    until = time.monotonic() + _ARRIVAL_SECONDS
    while b'"live"' not in line.get("/healthz").content:
        if time.monotonic() > until:
            raise TimeoutError(f"{node.name} has no live data")
        time.sleep(0.1)
    line.close()


def _say(text: str) -> None:
    sys.stderr.write(f"soak: {text}\n")
    sys.stderr.flush()
