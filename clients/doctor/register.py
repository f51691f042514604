"""What the register itself tells: publications, events, signatures and imports that wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import ServiceKnown, Subject

if TYPE_CHECKING:
    from registry_service.store.health import Health, Waiting

_RENEWALS: Final = 6
_GRACE: Final = timedelta(seconds=30)
_INTENT_AGE: Final = timedelta(minutes=1)
_EVENT_AGE: Final = timedelta(seconds=30)
_IMPORT_AGE: Final = timedelta(minutes=10)
_DEFAULT_PUBLISH_SECONDS: Final = 5.0


def publishing(subject: Subject) -> Iterator[Finding]:
    """Whether the manifest is renewed as often as it should be."""
    registry, database = subject.registry, subject.database
    if registry is None or database is None:
        yield _unasked("manifest")
    elif database.manifest is None:
        yield warn(
            "manifest",
            "尚未发布任何数据，核验端没有可用数据",
            "nothing was published yet: checkers have no data",
            registry.start,
        )
    else:
        yield _age(registry, database.clock - database.manifest[1])


def _age(registry: ServiceKnown, age: timedelta) -> Finding:
    every = timedelta(seconds=_number(registry.text("PUBLISH_SECONDS")))
    seconds = age.total_seconds()
    if age > _RENEWALS * every + _GRACE:
        return fail(
            "manifest",
            f"发布已停滞 {seconds:.0f} 秒（应每 {every.total_seconds():g} 秒更新）："
            "登记服务未运行，或签名密钥不可用",
            f"not renewed for {seconds:.0f} s, due every {every.total_seconds():g} s: the registry"
            " does not run, or its keys are away; look for publisher.waits in its log",
            registry.restart,
        )
    return ok("manifest", f"{seconds:.0f} 秒前更新", f"renewed {seconds:.0f} s ago")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return _DEFAULT_PUBLISH_SECONDS


def intents(subject: Subject) -> Iterator[Finding]:
    """Whether documents are stored and wait for their signature."""
    if (told := _asked(subject, "intents")) is None:
        yield _unasked("license_version")
        return
    registry, database, waiting = told
    if _old(waiting, database.clock, _INTENT_AGE):
        yield fail(
            "license_version, site_code",
            f"{waiting.count} 份执照或场所码待签名未完成",
            f"{waiting.count} documents are stored and were never signed: a key was away, or the"
            " process ended between the two; the next start signs or voids them",
            registry.restart,
        )
    else:
        yield ok("license_version", "没有待签名的文件", "nothing waits for a signature")


def feed(subject: Subject) -> Iterator[Finding]:
    """Whether committed events wait for their number."""
    if (told := _asked(subject, "unnumbered")) is None:
        yield _unasked("event")
        return
    registry, database, waiting = told
    if _old(waiting, database.clock, _EVENT_AGE):
        yield fail(
            "event",
            f"{waiting.count} 条事件尚未编号，订阅方收不到",
            f"{waiting.count} events have no feed number: subscribers and checkers don't see them,"
            " since no registry publishes",
            registry.restart,
        )
    else:
        yield ok("event", "事件均已编号", "every event has its number")


def imports(subject: Subject) -> Iterator[Finding]:
    """Whether an import was begun and never came to its first part."""
    if (told := _asked(subject, "imports")) is None:
        yield _unasked("import_run")
        return
    _, database, waiting = told
    if _old(waiting, database.clock, _IMPORT_AGE):
        yield warn(
            "import_run",
            f"{waiting.count} 次导入未完成",
            f"{waiting.count} imports were begun and left: send the file again, rows that are there"
            " count as unchanged",
            "yizhao import FILE",
        )
    else:
        yield ok("import_run", "没有未完成的导入", "no import was left unfinished")


def _asked(subject: Subject, what: str) -> "tuple[ServiceKnown, Health, Waiting] | None":
    registry, database = subject.registry, subject.database
    waiting = getattr(database, what, None)
    if registry is None or database is None or waiting is None:
        return None
    return registry, database, waiting


def _old(waiting: "Waiting", now: datetime, age: timedelta) -> bool:
    return waiting.oldest_at is not None and now - waiting.oldest_at > age


def _unasked(looked_at: str) -> Finding:
    return not_applicable(looked_at, "数据库无法询问", "the database can't be asked")
