"""JSON logs to stderr, one object a line, without exception texts and local variables."""

import logging
import sys
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

from license_verify.rpc import spans
from license_verify.rpc.access_log import LineHandler
from license_verify.rpc.call import CURRENT
from license_verify.rpc.scrub import describe, foreign_text, where

_SECONDS: Final = structlog.processors.TimeStamper(fmt="iso", utc=True)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log of the process, ours and the libraries', through one scrubbing chain.

    Called once by a composition root, before the first log line.
    """
    number = logging.getLevelNamesMapping()[level]
    shared: list[Processor] = [
        name_the_call,
        structlog.processors.add_log_level,
        _SECONDS,
        drop_exception_texts,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = LineHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[drop_foreign_texts, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=_unknown_value),
            ],
        )
    )
    handler.addFilter(_ours_or_told_to_operators)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.captureWarnings(capture=True)


def name_the_call(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Add the id of the call that this thread serves, and of its trace, where there is one."""
    call = CURRENT.get(None)
    if call is not None:
        event.setdefault("request_id", str(call.request_id))
    if trace_id := spans.trace_id():
        event.setdefault("trace_id", trace_id)
    return event


def drop_exception_texts(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace every exception in an event by its type and frames."""
    given = event.pop("exc_info", None)
    error = _exception(given)
    if error is not None:
        event.update(describe(error))
    for key, value in list(event.items()):
        if isinstance(value, BaseException):
            event[key] = describe(value)
    event.pop("stack_info", None)
    return event


def drop_foreign_texts(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Reduce a library's log record to where it came from and a text without values."""
    record: logging.LogRecord = event["_record"]
    kept: dict[str, Any] = {
        key: value for key, value in event.items() if key in {"_record", "_from_structlog"}
    }
    kept |= {
        "event": foreign_text(record),
        "logger": record.name,
        "where": where(record),
        "exc_info": record.exc_info,
    }
    # The formatter would write these again, with the exception's message.
    record.exc_info, record.exc_text, record.stack_info = None, None, None
    return kept


def _ours_or_told_to_operators(record: logging.LogRecord) -> bool:
    # Below INFO libraries show statements and their values; ours are dictionaries here.
    return record.levelno >= logging.INFO or isinstance(record.msg, dict)


def _exception(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple) and len(given) == 3:  # sys.exc_info()
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _unknown_value(value: object) -> str:
    return f"<{type(value).__name__}>"
