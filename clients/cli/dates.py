"""Dates and moments as people type them."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from clients import exits
from clients.cli.session import SHANGHAI

if TYPE_CHECKING:
    from google.type.date_pb2 import Date

    from yizhao.registry.v1.history_pb2 import AsOf

_DAY_OR_TIME = "a day as 2024-05-31 or a time as 2024-05-31T10:00"
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def read_date(text: str, option: str) -> date:
    """Read an ISO date.

    Raises:
        Failure: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise exits.Failure(
            f"{option} {text!r}: give a date as 2024-05-31",
            exit_code=exits.USAGE,
            zh=f"日期“{text}”有误，应写成 2024-05-31",
        ) from None


def wire_date(text: str, option: str) -> "Date":
    """An ISO date as a message."""
    from google.type.date_pb2 import Date

    read = read_date(text, option)
    return Date(year=read.year, month=read.month, day=read.day)


def read_moment(text: str, now: datetime) -> datetime:
    """Read `2024-05-31T10:00:00+08:00`, without offset as the city's time, or `+8d` from `now`.

    Raises:
        Failure: it is neither.
    """
    if text.startswith("+"):
        try:
            return now + timedelta(seconds=read_span(text[1:], "--now"))
        except OverflowError:
            raise _no_time(text, "--now", "a time before the year 9999") from None
    return read_time(text, "--now", "a time as 2024-05-31T10:00:00+08:00, or +8d")


def read_point(day: str, known_at: str) -> "AsOf | None":
    """Read `--as-of` and `--known-at`; None where neither is given.

    Raises:
        Failure: the one is no day, or the other no time.
    """
    from yizhao.registry.v1.history_pb2 import AsOf

    point = AsOf()
    if day:
        point.date.CopyFrom(wire_date(day, "--as-of"))
    if known_at:
        point.known_time.FromDatetime(read_time(known_at, "--known-at"))
    return point if day or known_at else None


def read_time(text: str, option: str, forms: str = _DAY_OR_TIME) -> datetime:
    """Read a time, without offset as the city's; of a day its first moment there.

    Raises:
        Failure: it is neither; the failure tells the forms that are taken.
    """
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_time(text, option, forms) from None


def _no_time(text: str, option: str, forms: str) -> exits.Failure:
    return exits.Failure(
        f"{option} {text!r}: give {forms}",
        exit_code=exits.USAGE,
        zh=f"时间“{text}”有误，应写成 2024-05-31 或 2024-05-31T10:00",
    )


def read_span(text: str, option: str) -> float:
    """Read a length of time as `30s`, `15m`, `24h` or `7d`; returns seconds.

    Raises:
        Failure: it is none.
    """
    number, unit = text[:-1], text[-1:]
    if unit in _UNITS and number.isascii() and number.isdigit() and len(number) <= 9:
        return int(number) * _UNITS[unit]
    raise exits.Failure(
        f"{option} {text!r}: give a length of time as 30s, 15m, 24h or 7d",
        exit_code=exits.USAGE,
        zh=f"时长“{text}”有误，应写成 30s、15m、24h 或 7d",
    )
