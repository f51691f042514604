"""The path of a request, read as a scan's digits or as what is wrong with it."""

import re
from datetime import date
from typing import Final
from urllib.parse import unquote_to_bytes

from license_verify import limits
from license_verify.server.page import notice
from license_verify.server.page.notice import Notice

_DIGITS: Final = re.compile(rb"[0-9]+")
_FOREIGN: Final = re.compile(r"gsxt\.gov\.cn|SAIC_[A-Z]|[?&]serial=", re.IGNORECASE | re.ASCII)
"""What stands in the codes of the national systems, should somebody paste one behind our host."""


def foreign_text(raw_path: bytes, query: bytes) -> str | None:
    """A text that looks like another system's code and was given to this host; None for others.

    Whether it is one, the check of a scan says.
    """
    if _DIGITS.fullmatch(raw_path[1:]):
        return None
    whole = raw_path[1:] + b"?" + query if query else raw_path[1:]
    text = unquote_to_bytes(whole).decode("utf-8", "replace")
    return _SLASHES.sub(r"\1//", text) if _FOREIGN.search(text) else None


_SLASHES: Final = re.compile(r"^(https?:)/+", re.IGNORECASE | re.ASCII)
"""Proxies make one slash of two."""


def digits_of(raw_path: bytes) -> str | Notice:
    """The digits of `/DIGITS`, or the page that says what is wrong.

    `raw_path` is the path as it came, still percent-encoded, without a query string: a messenger
    may append one, and the page alone ignores it.
    """
    path = raw_path[1:]
    if _DIGITS.fullmatch(path):
        return notice.TOO_LONG if len(path) > limits.DIGITS else path.decode("ascii")
    try:
        unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        return notice.NOT_TEXT
    return notice.NOT_DIGITS if path[:1].isdigit() else notice.NOT_FOUND


def day_of(text: str) -> date | Notice | None:
    """The day that the query asks about; None for today. Nothing else of a query is read."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return notice.NOT_A_DAY
