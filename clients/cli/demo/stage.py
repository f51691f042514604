"""The instance that the demonstration plays on: fresh, up, and stopped at the end."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from clients.exits import Failure

READY: Final = "Ctrl-C"
"""In the last line that `yizhao up` prints once everything serves."""
_START_SECONDS: Final = 300
_STOP_SECONDS: Final = 60


class Stage:
    """`yizhao up` as a child of ours."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = dict(environ)
        self._up: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def clear(self) -> None:
        """Remove what an earlier demonstration left.

        Raises:
            Failure: one is playing there now.
        """
        if not self._folder.exists():
            return
        from clients.local import leftovers
        from clients.local.lock import Held, hold
        from registry_service.embedded.folder import remove_instance

        try:
            with hold(self._folder):
                leftovers.clear(self._folder.resolve())
                remove_instance(self._folder / "database")
                shutil.rmtree(self._folder)
        except Held:
            raise Failure(
                f"a demonstration already plays in {self._folder}: stop it, or give another "
                "folder with --instance",
                zh="演示已在运行",
            ) from None

    def start(self, show: Callable[[str], None]) -> None:
        """Start `yizhao up`, show what it prints, and return once everything serves.

        Raises:
            Failure: it ended, or took too long.
        """
        self._up = subprocess.Popen(
            [sys.executable, "-m", "clients.cli", "up"],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches us; we stop it in order
        )
        late = threading.Timer(_START_SECONDS, self._up.terminate)  # it stops what it began
        late.start()
        try:
            ready = self._show_until_ready(self._up, show)
        finally:
            late.cancel()
        if not ready:
            raise Failure(
                f"`yizhao up` did not start; logs are in {self._folder / 'logs'}",
                zh=f"服务未能启动，日志见 {self._folder / 'logs'}",
            )
        # What it says later, as services stop and start, must not fill the pipe.
        self._reader = threading.Thread(target=_drain, args=(self._up.stdout,), daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """Stop everything; does nothing if nothing was started."""
        if self._up is None:
            return
        if self._up.poll() is None:
            self._up.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._up.wait(_STOP_SECONDS)
        if self._up.poll() is None:
            self._up.kill()  # the database's guard ends with it; the services by their mark
            self._up.wait()
            from clients.local import leftovers

            leftovers.clear(self._folder.resolve())
        if self._reader is not None:
            self._reader.join()
        if self._up.stdout is not None:
            self._up.stdout.close()
        self._up = None

    @staticmethod
    def _show_until_ready(up: "subprocess.Popen[str]", show: Callable[[str], None]) -> bool:
        assert up.stdout is not None  # noqa: S101 - asked for above
        for line in up.stdout:
            show(line)
            if line.startswith(READY):
                return True
        return False


def _drain(stream: "IO[str]") -> None:
    for _ in stream:
        pass
