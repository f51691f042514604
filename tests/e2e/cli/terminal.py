"""`yizhao` at a terminal: a pseudo-terminal on which a clerk types."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Sequence
from dataclasses import dataclass

from tests.e2e.cli.instance import Yizhao

_SECONDS = 30.0
PROMPT = b">"


@dataclass(frozen=True, slots=True)
class Typed:
    """What the terminal showed, and how the command ended."""

    code: int
    screen: str


def at_terminal(
    yizhao: Yizhao, *words: str, answers: Sequence[str] = (), interrupt_at: str = ""
) -> Typed:
    """Run `yizhao …` on a terminal, type an answer at each prompt, or press Ctrl-C at a text."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, 100))
    process = subprocess.Popen(
        [sys.executable, "-m", "clients.cli", *words],
        cwd=yizhao.folder,
        env=yizhao.environ | {"COLUMNS": "100", "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    left, screen = list(answers), b""
    try:
        while select.select([ours], [], [], _SECONDS)[0]:
            try:
                screen += os.read(ours, 1 << 16)
            except OSError:  # the other end is closed: the command ended
                break
            if interrupt_at and interrupt_at.encode() in screen:
                process.send_signal(signal.SIGINT)
                interrupt_at = ""
            if left and screen.rstrip(b" ").endswith(PROMPT):
                os.write(ours, left.pop(0).encode() + b"\n")
        return Typed(process.wait(_SECONDS), screen.decode(errors="replace"))
    finally:
        process.kill()
        process.wait()
        os.close(ours)
