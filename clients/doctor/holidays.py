"""The calendar of working days, which every year wants its holidays anew."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import Subject
from registry_service.domain.working_days import CHINESE

_AHEAD: Final = timedelta(days=60)


def holidays(subject: Subject) -> Iterator[Finding]:
    """Whether the calendar knows the days that deadlines of today run into."""
    if subject.registry is None:
        yield not_applicable("chinesecalendar", "此处没有登记服务", "no registry is set up here")
        return
    today = subject.now().date()
    coming = today + _AHEAD
    if CHINESE.is_working(today) is None:
        tell, year = fail, today.year
    elif CHINESE.is_working(coming) is None:
        tell, year = warn, coming.year
    else:
        yield ok(
            "chinesecalendar", f"{coming.year} 年节假日已知", f"knows the days of {coming.year}"
        )
        return
    yield tell(
        "chinesecalendar",
        f"缺少 {year} 年节假日安排，期限为暂定",
        f"it does not know the holidays of {year}: deadlines that reach into it are provisional;"
        " install its newest release once the State Council has announced them, and start the"
        " registry again",
        "pip install --upgrade chinesecalendar",
    )
