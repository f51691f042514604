"""A real `yizhao up` in a folder of its own, and the commands at it."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

from clients.cli.main import main
from clients.cli.say import console, errors
from clients.local import leftovers
from registry_service.embedded.folder import remove_instance

ROOT = Path(__file__).parents[3]
LAST_LINE = "Ctrl-C"


@contextmanager
def _as_wide_as(columns: str) -> Iterator[None]:
    """Consoles are made once a process; these are ours, whatever another test printed before."""
    with patch.dict(os.environ, {"COLUMNS": columns}):
        for made in (console, errors):
            made.cache_clear()
        try:
            yield
        finally:
            for made in (console, errors):
                made.cache_clear()


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)


@dataclass(slots=True)
class Yizhao:
    """The command in one instance folder."""

    folder: Path
    up: "subprocess.Popen[str] | None" = field(default=None)

    @property
    def environ(self) -> dict[str, str]:
        """Ours without our own settings, so that nothing of this machine decides."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
        paths = os.pathsep.join((str(ROOT), str(ROOT / "proto" / "gen")))
        return inherited | {
            "YIZHAO_INSTANCE": str(self.folder / ".yizhao"),
            "PYTHONPATH": paths,
            "COLUMNS": "160",
        }

    def run(self, *words: str, exits: int = 0, stdin: str = "") -> Ran:
        """Run `yizhao …` in the folder, inside this process, and expect its exit code."""
        out, err = StringIO(), StringIO()
        given = TextIOWrapper(BytesIO(stdin.encode()), encoding="utf-8")
        instance = ("--instance", str(self.folder / ".yizhao"))
        with (
            _as_wide_as("160"),
            chdir(self.folder),
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(sys, "stdin", given),
        ):
            code = main([*instance, *words])
        return self._expected(words, exits, Ran(code, out.getvalue(), err.getvalue()))

    def outcome(self, scan: str, *words: str) -> str:
        """Outcome by the service, whatever it is."""
        out = StringIO()
        with redirect_stdout(out):
            main(["--instance", str(self.folder / ".yizhao"), "--json", "verify", scan, *words])
        told: str = json.loads(out.getvalue())["outcome"]
        return told

    def spawn(self, *words: str, exits: int = 0) -> Ran:
        """Run `yizhao …` as a process of its own: what replaces or ends the process needs that."""
        done = subprocess.run(
            [sys.executable, "-m", "clients.cli", *words],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=100,
            check=False,
        )
        return self._expected(words, exits, Ran(done.returncode, done.stdout, done.stderr))

    @staticmethod
    def _expected(words: tuple[str, ...], exits: int, ran: Ran) -> Ran:
        assert ran.code == exits, f"{shlex.join(words)}\n{ran.out}{ran.err}"
        assert "Traceback" not in ran.err
        return ran

    def ask(self, *words: str, exits: int = 0) -> Any:
        """Run with `--json`."""
        return self.run(*words, "--json", exits=exits).json

    def start(self, until: str = LAST_LINE) -> str:
        """Start `yizhao up`; returns what it said up to the line with `until`."""
        self.up = subprocess.Popen(
            [sys.executable, "-m", "clients.cli", "up"],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        assert self.up.stdout is not None
        said = []
        for line in self.up.stdout:
            said.append(line)
            if until in line:
                return "".join(said)
        raise AssertionError("".join(said))

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal, wait; returns exit code and last words."""
        assert self.up is not None
        self.up.send_signal(number)
        said, _ = self.up.communicate(timeout=60)
        code, self.up = self.up.returncode, None
        return code, said

    def remove(self) -> None:
        """Stop it if it still runs, and destroy its data: root's lie outside the folder."""
        if self.up is not None:
            self.up.kill()
            self.up.communicate(timeout=60)
            leftovers.clear((self.folder / ".yizhao").resolve())
        remove_instance(self.folder / ".yizhao" / "database")
