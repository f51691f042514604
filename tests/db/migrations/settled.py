"""What the recheck finds once a serving registry has caught up with its database."""

import time
from typing import Final

from registry_service.fsck import Fault, check

_PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.1


def settled(url: str) -> list[Fault]:
    """The faults that stay: background work fills new tables and publishes, and tells nobody."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while (faults := check(url)) and time.monotonic() < end:
        time.sleep(_PAUSE_SECONDS)
    return faults
