"""Text that people read: Chinese, with English beneath."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from license_verify.token.claims import BEIJING


@dataclass(frozen=True, slots=True)
class Both:
    """The same words twice."""

    zh: str
    en: str


NOTHING: Final = Both("", "")


def written_day(day: date) -> str:
    """As a licence prints it: 2026年11月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def written_moment(moment: datetime) -> Both:
    """To the second, in Beijing time."""
    here = moment.astimezone(BEIJING)
    return Both(
        f"{written_day(here.date())} {here:%H:%M:%S}（北京时间）",
        f"{here:%Y-%m-%d %H:%M:%S} (UTC+8)",
    )
