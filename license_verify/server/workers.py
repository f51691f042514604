"""Worker processes on one port, and the process that starts them and keeps them alive.

Each worker is a process of its own from the start, not a fork: nothing of gRPC's threads, TLS or
random state is shared. The kernel spreads connections over them (SO_REUSEPORT). Each refreshes
its own data; the first one alone writes the cache folder, which the supervisor holds.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import structlog

from license_verify.server.config import PREFIX, Config
from license_verify.server.files import hold

_READY: Final = b"ready\n"
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


def tell_supervisor(stop: threading.Event) -> None:
    """In a worker: say that it serves, and stop when the supervisor is gone, killed or not."""
    sys.stdout.buffer.write(_READY)
    sys.stdout.buffer.flush()

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 64):
            pass
        stop.set()

    threading.Thread(target=watch, name="supervisor", daemon=True).start()


def supervise(config: Config, stop: threading.Event) -> int:
    """Run `config.processes` workers until `stop`; returns the exit code.

    A worker that dies is started again, later each time if it dies young. If one cannot begin
    at all, everything ends with its exit code.

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
        workers = [_Worker(number, environment) for number in range(config.processes)]
        stack.callback(_end, workers, config.drain_seconds)
        for worker in workers:
            worker.start()
        for worker in workers:
            code = worker.await_ready()
            if code is not None:
                return code
        _log.info("verify.serving", address=listen, page=https_listen, processes=len(workers))
        while not stop.wait(_LOOK_SECONDS):
            for worker in workers:
                worker.keep_alive()
        _log.info("verify.draining")
    return 0


@dataclass(slots=True)
class _Worker:
    """One place among the workers, and the process that has it now."""

    number: int
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause: float = 0.0
    due_at: float = 0.0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "license_verify.server", "worker", str(self.number)],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C goes to the supervisor alone, which then ends all
        )

    def await_ready(self) -> int | None:
        """None once it serves, or the exit code with which it ended before."""
        assert self.process is not None  # noqa: S101 - started before
        assert self.process.stdout is not None  # noqa: S101 - a pipe
        if self.process.stdout.readline() == _READY:
            return None
        return self.process.wait()

    def keep_alive(self) -> None:
        """Start it again if it died, after a pause that grows while it dies young."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            young = now - self.started_at < _SHORTEST_LIFE_SECONDS
            self.pause = min(max(0.5, 2 * self.pause), _LONGEST_PAUSE_SECONDS) if young else 0.0
            self.due_at = now + self.pause
            _log.error("verify.worker_died", worker=self.number, code=self.process.returncode)
            self._close_pipes()
            self.process = None
        if self.process is None and now >= self.due_at:
            self.start()

    def terminate(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def finish(self, until: float) -> None:
        """Wait for its end; kill it if it takes longer."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log.error("verify.worker_killed", worker=self.number)
            self.process.kill()
            self.process.wait()
        self._close_pipes()

    def _close_pipes(self) -> None:
        if self.process is not None:
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    pipe.close()


def _end(workers: list[_Worker], drain_seconds: float) -> None:
    for worker in workers:
        worker.terminate()
    until = time.monotonic() + 2 * drain_seconds + _CLOSING_SECONDS  # calls, then pages
    for worker in workers:
        worker.finish(until)


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
