"""`init` of a service: tables; at the registry also units, keys and the first operator."""

import subprocess
from pathlib import Path
from typing import Final

from clients.local.process import DidNotStart
from clients.local.services import Service

_SECONDS: Final = 120
_LAST_LINES: Final = 8


def initialise(service: Service, log: Path) -> None:
    """Run it and wait; what is there already stays.

    Raises:
        DidNotStart: it failed; its last words are in the text.
    """
    log.parent.mkdir(exist_ok=True)
    try:
        done = subprocess.run(
            service.command("init"),
            env=dict(service.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DidNotStart(f"{service.name} init did not end in {_SECONDS} s") from None
    with log.open("ab") as file:
        file.write(done.stdout)
    if done.returncode:
        last = done.stdout.decode(errors="replace").splitlines()[-_LAST_LINES:]
        raise DidNotStart(f"{service.name} init failed:\n  " + "\n  ".join(last))
