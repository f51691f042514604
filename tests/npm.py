"""Packages from npm, installed once by a lock of the project's own, and scripts that use them."""

import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.needed import missing

_BUILD: Final = Path(__file__).parents[1] / "build"
_LOCKED: Final = ("package.json", "package-lock.json", ".npmrc")
_INSTALL_SECONDS: Final = 300
_RUN_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Packages:
    """A folder of ours with package.json, its lock, and scripts beside them."""

    source: Path

    def run(self, script: str, asked: object) -> Any:
        """Run a script of the folder with what is asked as JSON, and read its answer.

        Args:
            script: the file's name; it may import the packages of `package.json`, reads JSON from
                standard input and writes JSON.
            asked: goes to the script.

        Raises:
            CalledProcessError: the script ended with an error, which stands on standard error.
        """
        node = shutil.which("node")
        if node is None:
            missing("node is not installed: install nodejs 20 or later, with npm")
        path = self._installed() / script
        done = subprocess.run(
            [node, str(path)],
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=_RUN_SECONDS,
        )
        return json.loads(done.stdout)

    def _installed(self) -> Path:
        """A folder with the packages and the scripts beside them, where node looks for packages."""
        content = b"\0".join((self.source / name).read_bytes() for name in _LOCKED)
        folder = _BUILD / self.source.name / hashlib.sha256(content).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if not (folder / "complete").exists():
                self._install(folder)
            for script in self.source.glob("*.mjs"):
                # In one step: another test may be running it.
                written = folder / f"{script.name}.new"
                shutil.copy(script, written)
                written.replace(folder / script.name)
        return folder

    def _install(self, folder: Path) -> None:
        npm = shutil.which("npm")
        if npm is None:
            missing("npm is not installed: install npm beside nodejs")
        for name in _LOCKED:
            shutil.copy(self.source / name, folder / name)
        done = subprocess.run(
            [npm, "ci"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_INSTALL_SECONDS,
        )
        if done.returncode != 0:
            missing(f"npm cannot install tests/{self.source.name}: {done.stderr[-800:]}")
        (folder / "complete").touch()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep workers of one test run, and other runs, from installing at once."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
