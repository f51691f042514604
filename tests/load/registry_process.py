"""A real registry process that can be killed and started again at the same address."""

import os
import re
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from types import MappingProxyType
from typing import Any

from clients.local.process import DidNotStart, Process
from clients.local.services import Service
from registry_service.config import PREFIX, Config
from registry_service.issuing.keys import ROOT_FILE
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import populate, settings

_EVENT = "registry.serving"


class RegistryProcess:
    """`python -m registry_service serve`, over and over."""

    def __init__(
        self,
        certificates: Certificates,
        folder: Path,
        database: str,
        *,
        module: str = "registry_service",
        environ: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Prepare the database and the keys; nothing runs yet."""
        self.root_key = folder / "keys" / ROOT_FILE
        config = settings(certificates, folder / "keys", database)
        populate(config, database)
        self.address = f"127.0.0.1:{free_port()}"
        self._log = folder / "log" / "registry.log"
        self._service = Service(
            "registry", module, _EVENT, {**_environ(config, self.address), **environ}
        )
        self._process: Process | None = None

    @property
    def runs(self) -> bool:
        """Whether it was started, and neither stopped nor killed since."""
        return self._process is not None

    @property
    def log(self) -> str:
        """What all processes so far have logged."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def environ(self) -> dict[str, str]:
        """The settings that it runs with."""
        return dict(self._service.environ)

    def spawn(self) -> None:
        """Start without waiting."""
        self._process = Process(self._service, self._log, SimpleQueue())

    def start(self) -> None:
        """Start and wait until it serves.

        Raises:
            DidNotStart: it does not.
        """
        self.spawn()
        assert self._process is not None
        try:
            self._process.wait_until_ready()
        except DidNotStart:
            self.stop()
            raise

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.stop()  # collects what is left of it
        self._process = None

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> int | None:
        """The process number, if one runs just now."""
        process = self._process
        return process.pid if process is not None else None

    def peak_megabytes(self) -> float:
        """The most memory that it held so far, as the kernel counts it (VmHWM)."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
        return int(kilobytes) / 1024

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            self._process.stop()
            self._process = None


__all__ = ["DidNotStart", "RegistryProcess", "free_port"]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environ(config: Config, address: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
    values: dict[str, Any] = config.model_dump(exclude_unset=True) | {"listen": address}
    values["database_url"] = config.database_url.get_secret_value()
    given = {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}
    path = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
    return kept | given | {"PYTHONPATH": path}
