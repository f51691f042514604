"""Where a process spends its processor time, by parts; py-spy looks at it from outside."""

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_RATE: Final = 200
"""Looks a second."""

# Work in the background is one part, whatever it calls.
_BACKGROUND: Final = (("license_verify/server/usage/drain.py", "receipts to the database"),)
# From the innermost frame outwards, the first that fits names the part.
_PARTS: Final = (
    ("_fits (license_verify/token/cose.py", "signature"),
    ("license_verify/token/", "reading the token"),
    ("license_verify/codes/", "reading the token"),
    ("license_verify/text.py", "reading the token"),
    ("license_verify/words.py", "words"),
    ("license_verify/receipt.py", "receipt and journal"),
    ("license_verify/server/usage/", "receipt and journal"),
    ("license_verify/server/partners/", "partner, grant, quota"),
    ("license_verify/server/convert", "messages"),
    ("license_verify/shown.py", "messages"),
    ("license_verify/server/live.py", "asking the register"),
    ("license_verify/server/page/protocol.py", "HTTP and TLS"),
    ("license_verify/server/page/", "the page's own code"),
    ("license_verify/server/", "servicer and cache"),
    ("license_verify/rpc/", "interceptor and log line"),
    ("license_verify/", "judging"),
    ("jinja2/", "template"),
    (".html:", "template"),
    ("gzip.py", "compression"),
    ("uvicorn/", "HTTP and TLS"),
    ("starlette/", "HTTP and TLS"),
    ("asyncio/", "HTTP and TLS"),
    ("grpc/", "gRPC"),
)
_SMALL: Final = 0.01


class Profile:
    """What was found; empty until it is over."""

    def __init__(self) -> None:
        self.text = ""
        """As `signature 41 %, reading the token 18 % …`; or why there is none."""


@contextmanager
def of(process: int) -> Iterator[Profile]:
    """Look at a process while the block runs, which must keep it busy."""
    found, program = Profile(), _program()
    if program is None:
        found.text = "no profile: py-spy is not installed"
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="yizhao-profile-") as folder:
        file = Path(folder) / "stacks"
        looking = subprocess.Popen(
            [program, "record", "--pid", str(process), "--rate", str(_RATE), "--nonblocking",
             "--format", "raw", "--duration", "3600", "--output", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            yield found
        finally:
            looking.send_signal(2)  # it writes what it has at an interrupt
            _, said = looking.communicate(timeout=60)
        if file.exists():
            found.text = told(file.read_text("utf-8").splitlines())
        else:
            last = said.decode(errors="replace").strip().splitlines()[-1:]
            found.text = f"no profile: py-spy says {' '.join(last) or 'nothing'}"


def while_doing(process: int, work: Callable[[], object]) -> str:
    """The profile of a process while `work`, called here, keeps it busy."""
    with of(process) as found:
        work()
    return found.text


def told(stacks: list[str]) -> str:
    """Parts and their shares, largest first.

    Args:
        stacks: lines as `outer (file:1);inner (file:2) 17`.
    """
    parts: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        parts[_part(stack.split(";"))] += int(count)
    whole = parts.total()
    shares = [(name, count / whole) for name, count in parts.most_common()]
    return ", ".join(f"{name} {share:.0%}" for name, share in shares if share >= _SMALL)


def _part(frames: list[str]) -> str:
    for sign, name in _BACKGROUND:
        if any(sign in frame for frame in frames):
            return name
    for frame in reversed(frames):
        for sign, name in _PARTS:
            if sign in frame:
                return name
    return "other"


def _program() -> str | None:
    beside = Path(sys.executable).with_name("py-spy")
    return str(beside) if beside.exists() else shutil.which("py-spy")
