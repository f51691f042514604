"""A process of load: threads that call as its schedule says, and tell what they saw."""

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any, Final

from license_verify import Anchor
from license_verify.rpc.tls import TlsFiles
from license_verify.server.roots import read_roots
from license_verify.server.streams import A_CALLER
from tests.load.soak.lines import PageLine, RpcLine
from tests.load.soak.picks import Picks
from tests.load.soak.seen import Call
from tests.load.soak.ways import Counter, Phone, Rpc

MIX: Final = {
    "unary": 70, "strict": 6, "typed": 2, "batch": 2, "stream": 2, "page": 12, "library": 6,
}  # fmt: skip
"""Calls of each way in a hundred."""
FLOOD: Final = {"unary": 1}
THREADS: Final = 12
_LINES: Final = 4
_READY: Final = "ready"
_TELL_SECONDS: Final = 0.25
_LATEST_SECONDS: Final = 30.0
"""A call that is due for so long is left out, and counted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a process of load is told when it starts."""

    caller: str
    tls: TlsFiles
    node: str
    strict: str
    page: str
    root: Path
    scans: Path
    """Scan texts of the steady licences, a line each."""
    seed: int
    first: int
    """Where in them it begins."""
    threads: int = THREADS
    mix: dict[str, int] = field(default_factory=lambda: MIX)


class Schedule:
    """When the next call is due. Threads take turns; who finds none waits."""

    def __init__(self, random: Random) -> None:
        self.skipped = 0
        self._random = random
        self._rate: float | None = 0.0
        self._next = time.time()
        self._changed = threading.Condition()
        self._over = False

    def pace(self, rate: float | None) -> None:
        """So many calls a second from now on, at random; None: one after the other."""
        with self._changed:
            self._rate, self._next = rate, time.time()
            self._changed.notify_all()

    def end(self) -> None:
        """No more calls."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def take(self) -> float | None:
        """Wait for the next call; the moment at which it was due, None when all is over."""
        with self._changed:
            while not self._over:
                now = time.time()
                if self._rate is None:
                    return now
                if self._rate and self._next <= now:
                    return self._turn(now)
                self._changed.wait(self._next - now if self._rate else None)
        return None

    def _turn(self, now: float) -> float:
        assert self._rate
        while now - self._next > _LATEST_SECONDS:
            self._next += self._random.expovariate(self._rate)
            self.skipped += 1
        due = self._next
        self._next += self._random.expovariate(self._rate)
        self._changed.notify()
        return due


class Traffic:
    """The far end of a pipe: takes orders, tells of calls."""

    def __init__(self, plan: Plan, pipe: "Connection[Any, Any]") -> None:
        self._plan = plan
        self._pipe = pipe
        self._random = Random(plan.seed)  # noqa: S311 - draws subjects, not keys
        steady = plan.scans.read_text("ascii").splitlines()
        self._picks = Picks(steady, plan.first, self._random)
        self._schedule = Schedule(self._random)
        self._told: list[Call] = []
        self._telling = threading.Lock()

    def run(self) -> None:
        """Until told to end, or the other end is gone."""
        over = threading.Event()
        with ExitStack() as stack:
            threads = [
                threading.Thread(target=self._work, args=(ways,), daemon=True)
                for ways in self._ways(stack)
            ]
            # Of its own: who takes no orders while it tells, and is not heard, would hang.
            telling = threading.Thread(target=self._tell, args=(over,), daemon=True)
            self._pipe.send(_READY)
            for thread in (*threads, telling):
                thread.start()
            with suppress(EOFError):
                self._obey()
            self._schedule.end()
            for thread in threads:
                thread.join()
            over.set()
            telling.join()
        self._pipe.send(self._schedule.skipped)

    def _ways(self, stack: ExitStack) -> list[dict[str, Callable[[float], Call]]]:
        """For each thread: the ways of asking that it has."""
        plan = self._plan
        lines = [RpcLine(plan.node, plan.tls) for _ in range(_LINES)]
        strict = RpcLine(plan.strict, plan.tls)
        for line in (*lines, strict):
            stack.callback(line.close)
        bundle = PageLine(plan.page, plan.tls.roots)
        stack.callback(bundle.close)
        counter = Counter(bundle, self._picks, Anchor(read_roots(plan.root), "test"))
        streams = threading.Semaphore(A_CALLER)
        severe = Rpc(strict, self._picks, plan.caller, streams)
        found: list[dict[str, Callable[[float], Call]]] = []
        for number in range(plan.threads):
            rpc = Rpc(lines[number % _LINES], self._picks, plan.caller, streams)
            browser = PageLine(plan.page, plan.tls.roots)
            stack.callback(browser.close)
            phone = Phone(browser, self._picks)
            found.append(
                {
                    "unary": rpc.unary, "typed": rpc.typed, "batch": rpc.batch,
                    "stream": rpc.stream, "strict": severe.strict, "page": phone.page,
                    "library": counter.library,
                }
            )  # fmt: skip
        return found

    def _work(self, ways: dict[str, Callable[[float], Call]]) -> None:
        names, weights = [*self._plan.mix], [*self._plan.mix.values()]
        while (due_at := self._schedule.take()) is not None:
            (name,) = self._random.choices(names, weights)
            try:
                call = ways[name](due_at)
            except Exception as error:  # a bug of the load must not pass for silence
                call = Call(name, self._plan.caller, due_at, time.time(), 0, error=repr(error))
            with self._telling:
                self._told.append(call)

    def _obey(self) -> None:
        """Take orders until the last."""
        while (order := self._pipe.recv()) != "end":
            match order:
                case ("pace", rate):
                    self._schedule.pace(rate)
                case ("add", number, scan):
                    self._picks.add(number, scan)

    def _tell(self, over: threading.Event) -> None:
        """Tell of calls now and then, and of the rest when it is over."""
        while True:
            last = over.wait(_TELL_SECONDS)
            with self._telling:
                told, self._told = self._told, []
            if told:
                self._pipe.send(told)
            if last:
                return


def _run(plan: Plan, pipe: "Connection[Any, Any]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us in order
    Traffic(plan, pipe).run()


class TrafficProcess:
    """The near end."""

    def __init__(self, plan: Plan) -> None:
        """Start it; it rests until it is given a pace."""
        context = multiprocessing.get_context("spawn")
        self.caller = plan.caller
        self._pipe, far = context.Pipe()
        self._sending = threading.Lock()
        self._process: BaseProcess = context.Process(target=_run, args=(plan, far), daemon=True)
        self._process.start()
        far.close()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    def await_ready(self, seconds: float) -> None:
        """Wait until it takes orders.

        Raises:
            TimeoutError: it does not.
        """
        if not self._pipe.poll(seconds) or self._pipe.recv() != _READY:
            raise TimeoutError(f"the load of {self.caller} did not start in {seconds:.0f} s")

    def pace(self, rate: float | None) -> None:
        """So many calls a second; None: as fast as its threads can."""
        self._order(("pace", rate))

    def add(self, number: int, scan: str) -> None:
        """A document that acts touch."""
        self._order(("add", number, scan))

    def calls(self) -> list[Call]:
        """What it told since the last time."""
        found: list[Call] = []
        while self._pipe.poll():
            found += self._pipe.recv()
        return found

    def end(self, seconds: float) -> tuple[list[Call], int]:
        """End it: the rest of what it saw, and how many calls it left out.

        Raises:
            TimeoutError: it does not end.
        """
        self._order("end")
        found: list[Call] = []
        until = time.monotonic() + seconds
        while self._pipe.poll(max(0.0, until - time.monotonic())):
            told = self._pipe.recv()
            if isinstance(told, int):
                self._process.join(seconds)
                return found, told
            found += told
        raise TimeoutError(f"the load of {self.caller} did not end in {seconds:.0f} s")

    def kill(self) -> None:
        """Whatever it does."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _order(self, order: object) -> None:
        with self._sending:
            self._pipe.send(order)
