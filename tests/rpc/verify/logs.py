"""The process's log, as its composition root configures it, in memory."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from license_verify.rpc.logging import configure


class Log(io.StringIO):
    """What would have gone to stderr."""

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The lines of an event, as objects; every line is JSON."""
        found = [json.loads(line) for line in self.getvalue().splitlines()]
        return [each for each in found if each["event"] == event]


@contextmanager
def configured_log() -> Iterator[Log]:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = Log()
    configure(stream=stream)
    try:
        yield stream
    finally:
        root.handlers, root.level = before, level
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
