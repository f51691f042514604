"""How the demonstration speaks, runs commands and checks what they came to."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from rich.rule import Rule

from clients.cli.demo.stage import Stage
from clients.cli.say import console, plain, say
from clients.local.instance import Instance

COLUMNS: Final = "120"
_SPECIAL: Final = re.compile(r"^$|[\s'\"$`\\!*?\[\](){}<>|&;#~]")
"""What a shell would read as something else."""
_COMMAND_SECONDS: Final = 120


class Unmet(Exception):
    """Something did not come as it has to; the text says what."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to."""

    code: int
    output: str

    @property
    def json(self) -> dict[str, Any]:
        """Its JSON output."""
        read: dict[str, Any] = json.loads(self.output)
        return read


class Play:
    """The demonstration while it plays."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.instance = Instance(folder)
        self.begun = time.monotonic()
        self.met = 0
        self._step = 0
        self._environ = dict(environ) | {
            "YIZHAO_INSTANCE": str(folder),
            "COLUMNS": COLUMNS,
            "PYTHONPATH": os.pathsep.join(str(Path(path or ".").resolve()) for path in sys.path),
        }
        for name in ("YIZHAO_AS", "YIZHAO_REGISTRY", "YIZHAO_VERIFY", "YIZHAO_CERT"):
            self._environ.pop(name, None)
        self.stage = Stage(folder, self._environ)

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, environ: Mapping[str, str]) -> Iterator[Self]:
        """A play on a fresh instance, which is stopped however the play ends."""
        play = cls(folder, environ)
        play.stage.clear()
        try:
            yield play
        finally:
            play.stage.stop()

    def step(self, zh: str, en: str) -> None:
        """Announce the next step."""
        self._step += 1
        console().print()
        console().print(Rule(f"[bold cyan]{self._step}. {plain(zh)} — {plain(en)}", align="left"))

    def tell(self, text: str) -> None:
        """Say something in between."""
        say(f"[dim]{plain(text)}[/]")

    def run(self, *words: str, exits: int = 0, quiet: bool = False) -> Ran:
        """Run `yizhao …`, show the line and what it prints, and expect its exit code.

        Raises:
            Unmet: another exit code.
        """
        say(f"[bold green]$ yizhao {plain(_line(words))}[/]")
        done = subprocess.run(
            [sys.executable, "-m", "clients.cli", *words],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        output = done.stdout.decode(errors="replace")
        if not quiet or done.returncode != exits:
            sys.stdout.write(output)
            sys.stdout.flush()
        if done.returncode != exits:
            raise Unmet(f"`yizhao {_line(words)}` ended with {done.returncode}, not {exits}")
        return Ran(done.returncode, output)

    def ask(self, *words: str, exits: int = 0) -> dict[str, Any]:
        """Run with `--json` and take the answer; it is not shown."""
        return self.run(*words, "--json", exits=exits, quiet=True).json

    def expect(self, holds: bool, text: str) -> None:
        """Check an expectation and say so.

        Raises:
            Unmet: it does not hold.
        """
        if not holds:
            raise Unmet(text)
        self.met += 1
        say(f"[green]✓[/] {plain(text)}")

    def failed(self, text: str) -> None:
        """Say what did not hold, and where to look."""
        logs = self.folder / "logs"
        say(f"\n[bold red]✗ 未达预期 not as expected:[/] {plain(text)}\n  logs: {plain(str(logs))}")

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.begun


def _line(words: tuple[str, ...]) -> str:
    """Words as one types them; Chinese needs no quotes."""
    return " ".join(shlex.quote(word) if _SPECIAL.search(word) else word for word in words)
