"""The line that each call leaves in the log.

It is written on every call, so it goes past structlog's chain, which takes longer than many a
method: all of its values are made here, none can hold what a caller sent, and none needs escaping.
"""

import logging
from datetime import UTC, datetime
from typing import Final, TextIO

EVENT: Final = "rpc.call"


class LineHandler(logging.StreamHandler[TextIO]):
    """The process's log handler, which also takes lines that are already written."""

    def line(self, text: str) -> None:
        """Write a whole line. One call of `write`, so that it needs no lock to stay whole."""
        self.stream.write(f"{text}\n")


def tell(
    method: str,
    code: str,
    seconds: float,
    caller: str,
    request_id: str,
    *,
    reason: str = "",
    trace_id: str = "",
    debug: bool = False,
) -> None:
    """Write a call's line.

    `method` is as the handler is named, `caller` as `Workload.name` or empty; `debug` is for probes
    that come every few seconds.
    """
    root = logging.getLogger()
    if root.level > (logging.DEBUG if debug else logging.INFO):
        return
    level = "debug" if debug else "info"
    now = datetime.now(UTC).replace(tzinfo=None).isoformat()
    more = f', "reason": "{reason}"' if reason else ""
    if trace_id:
        more += f', "trace_id": "{trace_id}"'
    text = (
        f'{{"method": "{method}", "code": "{code}", "milliseconds": {seconds * 1000:.1f},'
        f' "caller": "{caller}"{more}, "event": "{EVENT}", "request_id": "{request_id}",'
        f' "level": "{level}", "timestamp": "{now}Z"}}'
    )
    for handler in root.handlers:
        if isinstance(handler, LineHandler):
            handler.line(text)
