"""`python -m tests.load.frozen_registry serve`: a registry whose clock stands still.

Two registers that were told the same can then be compared to the byte.
"""

import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from license_verify.rpc.logging import configure
from registry_service.composition import serving
from registry_service.config import Config

CLOCK: Final = "TEST_CLOCK"
"""Environment variable: a file with the time that it is, ISO 8601 with its offset."""


def main() -> int:
    """Serve until SIGTERM."""
    configure("INFO")
    at = datetime.fromisoformat(Path(os.environ[CLOCK]).read_text("ascii"))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with serving(Config.load(), lambda: at) as server:
        structlog.stdlib.get_logger().info("registry.serving", address=server.address)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
