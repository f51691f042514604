"""Printing: tables for people, JSON for scripts, times as the city reads them."""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from clients.cli.session import SHANGHAI
from clients.whole_files import naming

if TYPE_CHECKING:
    from google.protobuf.message import Message
    from google.protobuf.timestamp_pb2 import Timestamp
    from google.type.date_pb2 import Date

PIPED_COLUMNS: Final = 132
_WHOLE: Final = (
    *("代码", "申请", "备案", "抄告", "异常", "事项", "编号", "工号"),
    *("状态", "承办", "规则"),
)
"""Columns whose cells are copied from the screen, so never broken."""
_ID: Final = re.compile(r"([!-~]{0,40}|[0-9-]{10} [0-9:]{8})(\n[!-~]{0,40})?")
"""Of at most 40 columns, as a receipt's; a time is one too."""
_NARROWEST: Final = 8
"""Columns of the screen that are left to a cell of words at least."""
STANDARD_OUTPUT: Final = "标准输出 standard output"


class _Output(Console):
    """Standard output, which is named where it takes no more."""

    def print(self, *objects: Any, **how: Any) -> None:
        with naming(STANDARD_OUTPUT):
            super().print(*objects, **how)


@cache
def console() -> Console:
    """Standard output; piped output gets room for whole table cells."""
    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_COLUMNS
    return _Output(highlight=False, soft_wrap=False, width=wide)


@cache
def errors() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def plain(text: str) -> str:
    """`text` as it is: no markup, no control characters that could move the cursor."""
    return escape(printable(text))


def printable(text: str) -> str:
    """`text` without control characters that could move the cursor."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def say(text: str) -> None:
    """Print a line with markup."""
    console().print(text)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Print a table; cells are plain text, or styled by `styled`."""
    drawn = Table(title=plain(title), title_justify="left", header_style="bold")
    cells = [tuple(row) for row in rows]
    whole = _whole_columns(columns, cells)
    for place, column in enumerate(columns):
        drawn.add_column(column, overflow="fold", no_wrap=place in whole)
    for row in cells:
        drawn.add_row(*(plain(cell) if isinstance(cell, str) else cell for cell in row))
    console().print(drawn)


def _whole_columns(columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> set[int]:
    """Places of the columns of codes, dates and the like, if the others find room beside them."""
    named = {place for place, column in enumerate(columns) if column in _WHOLE}
    widths: dict[int, int] = {}
    for place, (column, *cells) in enumerate(zip(columns, *rows, strict=True)):
        texts = [str(cell) for cell in cells]
        if place in named or all(_ID.fullmatch(text) for text in texts):
            lines = "\n".join((column, *texts)).split("\n")
            widths[place] = max(cell_len(line) for line in lines)
    frame, others = 3 * len(columns) + 1, _NARROWEST * (len(columns) - len(widths))
    fits = sum(widths.values()) + frame + others <= console().width
    return set(widths) if fits else named


def styled(text: str, style: str) -> Text:
    """A cell that stands out; its words say why, for those who see no colour."""
    return Text.from_markup(plain(text), style=style)


def say_if_more(shown: int, limit: int) -> None:
    """Tell that a table may have ended at its limit."""
    if shown == limit:
        say(f"[dim]仅列前 {limit} 条，可用 --limit 增加 the first {limit}; --limit shows more[/]")


def facts(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print names and values, leaving out what is empty."""
    drawn = Table(title=plain(title), title_justify="left", show_header=False)
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, value in rows:
        if value:
            drawn.add_row(plain(name), plain(value))
    console().print(drawn)


def as_dict(message: "Message") -> dict[str, Any]:
    """A message in protobuf's JSON form, with the contract's field names."""
    from google.protobuf.json_format import MessageToDict

    found: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return found


def write_json(value: Any) -> None:
    """Print one JSON document, whole.

    Raises:
        OSError: standard output takes no more.
    """
    with naming(STANDARD_OUTPUT):
        try:
            sys.stdout.write(f"{json.dumps(value, ensure_ascii=False, indent=2)}\n")
        except UnicodeEncodeError:  # a file's name that is no text, or another encoding's terminal
            sys.stdout.write(f"{json.dumps(value, indent=2)}\n")
        sys.stdout.flush()  # at the end of the process nobody could be told


def write_message(message: "Message") -> None:
    """Print a message as JSON."""
    write_json(as_dict(message))


def date_text(date: "Date") -> str:
    """ISO date; empty where absent."""
    return f"{date.year:04}-{date.month:02}-{date.day:02}" if date.year else ""


def time_text(time: "Timestamp") -> str:
    """Local time to the second; empty where absent."""
    if not time.seconds:
        return ""
    return datetime.fromtimestamp(time.seconds, SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def span_text(seconds: float) -> str:
    """A length of time in the two largest units, as `3 h 12 min`."""
    left, parts = round(seconds), []
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        if left >= size:
            parts.append(f"{left // size} {name}")
            left %= size
    return " ".join(parts[:2]) or "0 s"
