"""Runs postgres and stops it when whoever wanted it is gone.

Started as a program of its own: standard input is a pipe that nobody writes to, and its end of
file means that every holder of the other end has exited, however it died. SIGTERM means stop, too.
The guard itself has one thread, so a parent-death signal on postgres is safe here, where in a
server process it would fire as soon as the starting *thread* ends.

Usage: python guard.py UID GID LOG SOCKETFOLDER COMMAND…      (UID "-": stay who we are)
"""

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_FAST_SHUTDOWN, _IMMEDIATE_SHUTDOWN = signal.SIGINT, signal.SIGQUIT
_FAST_SECONDS, _IMMEDIATE_SECONDS = 30, 10


def main(arguments: list[str]) -> int:
    """Run until told to stop or the server exits, then remove the sockets; return its status."""
    uid, gid, log, socket_folder, *command = arguments
    try:
        return _run(uid, gid, log, command)
    finally:
        shutil.rmtree(socket_folder, ignore_errors=True)


def _run(uid: str, gid: str, log: str, command: list[str]) -> int:
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    server = _start(uid, gid, log, command)
    while server.poll() is None:
        ready, _, _ = select.select([sys.stdin, woken], [], [])
        if sys.stdin in ready or signal.SIGTERM in os.read(woken, 64):
            return _stop(server)
    return server.returncode


def _start(uid: str, gid: str, log: str, command: list[str]) -> "subprocess.Popen[bytes]":
    with Path(log).open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            user=None if uid == "-" else int(uid),
            group=None if uid == "-" else int(gid),
            extra_groups=None if uid == "-" else [],
            preexec_fn=_die_with_the_guard,
        )


def _die_with_the_guard() -> None:
    with suppress(OSError, AttributeError):  # Linux alone has it; elsewhere the next start cleans
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _FAST_SHUTDOWN)


def _stop(server: "subprocess.Popen[bytes]") -> int:
    server.send_signal(_FAST_SHUTDOWN)
    with suppress(subprocess.TimeoutExpired):
        return server.wait(_FAST_SECONDS)
    server.send_signal(_IMMEDIATE_SHUTDOWN)
    with suppress(subprocess.TimeoutExpired):
        return server.wait(_IMMEDIATE_SECONDS)
    server.kill()
    return server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
