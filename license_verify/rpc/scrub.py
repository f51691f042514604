"""What a log may say of an exception: never its message, which can hold personal data."""

import logging
import re
from collections.abc import Iterator
from pathlib import PurePath
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final

_FRAMES_LIMIT: Final = 25
_CAUSES_LIMIT: Final = 5
# A foreign library's text is kept up to the first sign of a value in it.
_VALUE_SIGN: Final = re.compile(r"""[\n\r:;='"`<({\[]|[^\x20-\x7e]|\d{6,}""")
_TEXT_LIMIT: Final = 120


def describe(error: BaseException) -> dict[str, Any]:
    """Type, SQLSTATE where there is one, causes, and frames as `file:line:function`."""
    told: dict[str, Any] = {
        "error": _type_name(error),
        "frames": frames(error.__traceback__),
    }
    sqlstate = getattr(error, "sqlstate", None)
    if isinstance(sqlstate, str):
        told["sqlstate"] = sqlstate[:5]
    causes = [_type_name(cause) for cause in _causes(error)]
    if causes:
        told["causes"] = causes
    return told


def frames(traceback: TracebackType | None) -> list[str]:
    """The innermost frames, outermost first."""
    found = [
        f"{_short(frame.f_code.co_filename)}:{line}:{frame.f_code.co_name}"
        for frame, line in walk_tb(traceback)
    ]
    return found[-_FRAMES_LIMIT:]


def foreign_text(record: logging.LogRecord) -> str:
    """A library's log text without its arguments, cut where a value may begin."""
    text = str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__
    return _VALUE_SIGN.split(text, maxsplit=1)[0].strip()[:_TEXT_LIMIT]


def where(record: logging.LogRecord) -> str:
    """Where a log record was made, as `file:line:function`."""
    return f"{_short(record.pathname)}:{record.lineno}:{record.funcName}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__ or error.__context__
    for _ in range(_CAUSES_LIMIT):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-3:])
