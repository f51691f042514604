"""A verifying node as processes, to be killed."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from random import Random

from clients.local.process import Process
from clients.local.services import Service
from tests.e2e.page.node import Node
from tests.e2e.usage.office import Office
from tests.load.registry_process import free_port


class NodeProcess:
    """A supervisor and its workers on one port, which stays the same from start to start."""

    def __init__(self, office: Office, processes: int) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._page = f"127.0.0.1:{free_port()}"
        self._office = office
        config = office.config(LISTEN=self.address, HTTPS_LISTEN=self._page)
        told = config.model_dump(exclude_unset=True)
        told |= {"database_url": office.database_url, "processes": processes}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("YIZHAO_")}
        given = {f"YIZHAO_VERIFY_{name.upper()}": str(value) for name, value in told.items()}
        path = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
        self._service = Service(
            "verify",
            "license_verify.server",
            "verify.serving",
            {**kept, **given, "PYTHONPATH": path},
        )
        self._process: Process | None = None

    def node(self) -> Node:
        """To call it."""
        return Node(self.address, self._page, self._office.authorities)

    def start(self) -> None:
        """Start it and wait until one worker serves."""
        log = self._office.folder / "log" / "node.log"
        self._process = Process(self._service, log, SimpleQueue())
        self._process.wait_until_ready()

    def kill(self) -> None:
        """SIGKILL for the supervisor and all its workers."""
        if self._process is None:
            return
        for number in (*self.workers(), self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.stop()

    def kill_a_worker(self, random: Random) -> None:
        """SIGKILL for one worker; the supervisor starts another."""
        with suppress(ProcessLookupError, IndexError):
            os.kill(random.choice(self.workers()), signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def workers(self) -> list[int]:
        """Process ids of the workers that live now; none where the node is one process."""
        assert self._process is not None
        number = self._process.pid
        with suppress(OSError):
            listed = Path(f"/proc/{number}/task/{number}/children").read_text("ascii")
            return [int(each) for each in listed.split()]
        return []
