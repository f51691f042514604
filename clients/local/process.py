"""One child process: started in its own group, ready when its log says so, stopped in order."""

import json
import os
import signal
import subprocess
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Final

from clients.local.services import Service

READY_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 20.0
_LAST_LINES: Final = 8


class DidNotStart(Exception):
    """The process ended, or said nothing, before it served; the text has its last words."""


class Process:
    """A running service. Its log goes to a file; `ended` is told when it is gone."""

    def __init__(self, service: Service, log: Path, ended: "SimpleQueue[str]") -> None:
        self.service = service
        self._ended = ended
        self._ready: SimpleQueue[bool] = SimpleQueue()
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        log.parent.mkdir(exist_ok=True)
        self._child = subprocess.Popen(
            service.command("serve"),
            env=dict(service.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop it in order
        )
        assert self._child.stderr is not None  # noqa: S101 - asked for above
        reader = threading.Thread(target=self._read, args=(self._child.stderr, log), daemon=True)
        reader.start()
        self._reader = reader

    @property
    def pid(self) -> int:
        """Its number, which is its group's too."""
        return self._child.pid

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait for its log line.

        Raises:
            DidNotStart: it ended or took too long; it is stopped then.
        """
        try:
            ready = self._ready.get(timeout=seconds)
        except Empty:
            self.stop()
            raise DidNotStart(f"{self.service.name} was not ready in {seconds:.0f} s") from None
        if not ready:
            self._child.wait()
            last = "\n  ".join(self._last) or "it said nothing"
            raise DidNotStart(
                f"{self.service.name} ended with code {self._child.returncode}:\n  {last}"
            )

    def stop(self) -> None:
        """Ask it to drain and end; after some patience, end its group."""
        if self._child.poll() is None:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(_STOP_SECONDS)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # workers that outlived their parent
        self._child.wait()
        self._reader.join()

    def _read(self, stream: IO[bytes], log: Path) -> None:
        with stream, log.open("ab") as file:
            for line in stream:
                file.write(line)
                file.flush()
                text = line.decode(errors="replace").rstrip()
                self._last.append(text)
                if self._says(text):
                    self._ready.put(True)
        self._ready.put(False)
        self._ended.put(f"ended {self.service.name} {self.pid}")

    def _says(self, text: str) -> bool:
        if self.service.event not in text:
            return False
        try:
            line = json.loads(text)
        except ValueError:
            return False
        return isinstance(line, dict) and line.get("event") == self.service.event
