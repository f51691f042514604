"""This machine's clock, against the database's and against what was signed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import Subject
from license_verify.policy import DEFAULT
from license_verify.refusal import Refusal
from license_verify.server.store import BundleStore

_APART: Final = timedelta(seconds=5)
_SET: Final = "timedatectl status"


def clock(subject: Subject) -> Iterator[Finding]:
    """Whether the clock is behind signed data, or apart from the database's."""
    now, signed = subject.now(), list(_signed(subject))
    for looked_at, moment in signed:
        if now + DEFAULT.skew < moment:
            yield fail(
                looked_at,
                f"本机时钟比已签发数据慢 {(moment - now).total_seconds():.0f} 秒，核验无法确定",
                f"this clock is {(moment - now).total_seconds():.0f} s behind signed data: verdicts"
                " are INDETERMINATE (CLOCK_BEHIND_DATA)",
                _SET,
            )
    if subject.database is not None:
        yield _beside(now, subject.database.clock)
    elif not signed:
        yield not_applicable("clock", "没有可比对的时间", "nothing to compare the clock with")


def _signed(subject: Subject) -> Iterator[tuple[str, datetime]]:
    if subject.database is not None and subject.database.manifest is not None:
        yield "manifest", subject.database.manifest[1]
    cache = subject.verify.path("CACHE") if subject.verify else None
    if cache is None:
        return
    try:
        seen = BundleStore(cache, writes=False).highest_seen()
    except (Refusal, OSError):  # another check tells
        return
    if seen is not None:
        yield str(cache), seen.issued_at


def _beside(now: datetime, database: datetime) -> Finding:
    apart = abs(now - database)
    seconds = apart.total_seconds()
    if apart <= _APART:
        return ok("clock", "与数据库一致", "agrees with the database's")
    tell = fail if apart > DEFAULT.skew else warn
    return tell(
        "clock",
        f"本机时钟与数据库相差 {seconds:.0f} 秒",
        f"this clock and the database's are {seconds:.0f} s apart: one of the two is not set by"
        " NTP",
        _SET,
    )
