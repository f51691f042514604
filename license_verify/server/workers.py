"""Worker processes on one port, and the process that starts them and keeps them alive.

Each worker is a process of its own from the start, not a fork: nothing of gRPC's threads, TLS or
random state is shared. The kernel spreads connections over them (SO_REUSEPORT). Each refreshes
its own data; the first one alone writes the cache folder, which the supervisor holds.
"""

from __future__ import annotations  # a running process is generic for type checkers alone

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from license_verify.rpc.metrics import Exposed
from license_verify.rpc.stopping import Stopping
from license_verify.server.config import PREFIX, Config
from license_verify.server.files import hold
from license_verify.server.worker_metrics import WorkersCollector

_READY: Final = b"ready"
_SHORTEST_LIFE_SECONDS: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 30.0
_CLOSING_SECONDS: Final = 5.0  # beyond the drain, before a worker is killed
_LOOK_SECONDS: Final = 0.1
_log = structlog.stdlib.get_logger()


def worker_number(arguments: list[str]) -> int | None:
    """The number in `worker N`; None for any other command line."""
    match arguments:
        case ["worker", number] if number.isdigit():
            return int(number)
    return None


def tell_supervisor(stopping: Stopping, metrics: str) -> None:
    """In a worker: say that it serves, and where its metrics are (empty: nowhere); stop when the
    supervisor says so or is gone, killed or not."""
    sys.stdout.buffer.write(b"%s %s\n" % (_READY, metrics.encode("ascii")))
    sys.stdout.buffer.flush()

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 64):
            pass
        stopping.ask_quietly()

    threading.Thread(target=watch, name="supervisor", daemon=True).start()


def supervise(config: Config, stopping: Stopping) -> int:
    """Run `config.processes` workers until `stopping`; returns the exit code.

    A worker that dies is started again, later each time if it dies young. If one cannot begin
    at all, everything ends with its exit code. SIGHUP starts all anew, one after another.

    Raises:
        OSError: an address or the cache folder can't be had.
    """
    with ExitStack() as stack:
        stack.callback(os.close, hold(config.cache))
        listen, held = _reserve(config.listen)
        stack.callback(held.close)
        https_listen, held = _reserve(config.https_listen)
        stack.callback(held.close)
        environment = os.environ | {
            f"{PREFIX}LISTEN": listen,
            f"{PREFIX}HTTPS_LISTEN": https_listen,
        }
        workers = [Worker(number, environment) for number in range(config.processes)]
        anew = threading.Event()
        signal.signal(signal.SIGHUP, lambda *_: anew.set())
        metrics = _expose(config, workers, stack)
        stack.callback(_end, workers, config)
        stopping.at_once = partial(_kill, workers)
        for worker in workers:
            worker.start()
        for worker in workers:
            while not worker.ready.wait(_LOOK_SECONDS):
                if stopping.asked.is_set():
                    return 0
                if (code := worker.exit_code()) is not None:
                    return code
        _log.info(
            "verify.serving",
            address=listen,
            page=https_listen,
            processes=len(workers),
            metrics=metrics,
        )
        while _go_on(workers, stopping):
            if anew.is_set():
                anew.clear()
                _restart_each(workers, config, stopping)
        _log.info("verify.draining")
    return 0


def _restart_each(workers: list[Worker], config: Config, stopping: Stopping) -> None:
    """Drain and replace one worker after another, while the others serve.

    A place is empty for a moment instead of having two processes: they share the cache folder's
    writer and what else belongs to a worker's number. If a new one does not come up, the rest stay
    as they are; if everything is to end, nothing more is replaced.
    """
    for worker in workers:
        others = [each for each in workers if each is not worker]
        _log.info("verify.restarting", worker=worker.number)
        worker.ask_to_end()
        until = time.monotonic() + config.drain_seconds + _CLOSING_SECONDS
        while worker.runs and time.monotonic() < until:
            if not _go_on(others, stopping):
                return
        worker.finish(until)
        worker.start()
        while not worker.ready.is_set():
            if not _go_on(others, stopping):
                return
            if (code := worker.exit_code()) is not None:
                _log.error("verify.restart_stopped", worker=worker.number, code=code)
                return
    _log.info("verify.restarted", processes=len(workers))


def _go_on(workers: list[Worker], stopping: Stopping) -> bool:
    """Keep workers alive for a moment; False: everything is to end."""
    for worker in workers:
        worker.keep_alive()
    return not stopping.asked.wait(_LOOK_SECONDS)


def _expose(config: Config, workers: list[Worker], stack: ExitStack) -> str:
    """Listen for whoever asks for metrics; returns where, or nothing."""
    if config.metrics_listen is None:
        return ""
    registry = CollectorRegistry()
    registry.register(
        WorkersCollector(
            lambda: {each.number: each.metrics for each in workers},
            lambda: {each.number: each.deaths for each in workers},
        )
    )
    exposed = Exposed.at(config.metrics_listen, registry)
    stack.callback(exposed.close)
    return exposed.address


class Worker:
    """One place among the workers, and the process that has it now."""

    def __init__(self, number: int, environment: dict[str, str]) -> None:
        self.number = number
        self.ready = threading.Event()
        """Set while a process serves here."""
        self.metrics = ""
        """Where that process tells its metrics; empty while there is none."""
        self.deaths = 0
        """Times that a process ended though nobody asked it to."""
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = False
        """Whether this process was asked to end while others go on."""
        self._started_at = 0.0
        self._pause = 0.0
        self._due_at = 0.0

    def start(self) -> None:
        """Start a process in this place; `ready` is set once it serves."""
        self._started_at = time.monotonic()
        self._ending = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "license_verify.server", "worker", str(self.number)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C goes to the supervisor alone, which then ends all
        )
        threading.Thread(
            target=self._listen, args=(self._process,), name="worker", daemon=True
        ).start()

    @property
    def runs(self) -> bool:
        """Whether a process is here that has not ended."""
        return self._process is not None and self._process.poll() is None

    def exit_code(self) -> int | None:
        """That of the process; None while it runs."""
        return self._process.poll() if self._process is not None else None

    def keep_alive(self) -> None:
        """Start it again if it died, after a pause that grows while it dies young."""
        now = time.monotonic()
        if (code := self.exit_code()) is not None:
            young = now - self._started_at < _SHORTEST_LIFE_SECONDS
            self._pause = min(max(0.5, 2 * self._pause), _LONGEST_PAUSE_SECONDS) if young else 0.0
            self._due_at = now + self._pause
            self.deaths += 1
            _log.error("verify.worker_died", worker=self.number, code=code)
            self._empty()
        if self._process is None and now >= self._due_at:
            self.start()

    def terminate(self) -> None:
        """Ask the process to end as the whole node does. One that was asked already finishes what
        it is at: asked twice, it would end at once."""
        if self.runs and self._process is not None and not self._ending:
            self._process.terminate()

    def ask_to_end(self) -> None:
        """Ask it to end while others go on: without notice to load balancers."""
        self._ending = True
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def kill(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.kill()

    def finish(self, until: float) -> None:
        """Wait for its end; kill it if it takes longer."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log.error("verify.worker_killed", worker=self.number)
            self._process.kill()
            self._process.wait()
        self._empty()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - a pipe
        with process.stdout as told:
            word, _, address = told.readline().rstrip(b"\n").partition(b" ")
            if word == _READY and process is self._process:
                self.metrics = address.decode("ascii")
                self.ready.set()
            told.read()  # until the process ends

    def _empty(self) -> None:
        self.ready.clear()
        self.metrics = ""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None


def _end(workers: list[Worker], config: Config) -> None:
    for worker in workers:
        worker.terminate()
    seconds = config.drain_notice_seconds + config.drain_seconds + _CLOSING_SECONDS
    until = time.monotonic() + seconds
    for worker in workers:
        worker.finish(until)


def _kill(workers: list[Worker]) -> None:
    for worker in workers:
        worker.kill()


def _reserve(address: str) -> tuple[str, socket.socket]:
    """Hold an address without listening, so that port 0 is one port for all workers.

    Raises:
        OSError: it can't be bound, or another process that does not share it has it.
    """
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        held.bind((host.strip("[]"), int(port)))
    except OSError as error:
        held.close()
        raise OSError(f"cannot listen on {address}: {error.strerror}") from error
    return f"{host}:{held.getsockname()[1]}", held
