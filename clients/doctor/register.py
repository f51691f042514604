"""What the register itself tells: publications, events, signatures and imports that wait."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import ServiceKnown, Subject

if TYPE_CHECKING:
    from registry_service.store.health import Waiting

_RENEWALS: Final = 6
_GRACE: Final = timedelta(seconds=30)
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


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows that wait for something, and what to say of those that wait too long."""

    attribute: str
    """Of `Health`."""
    looked_at: str
    age: timedelta
    tell: Callable[[str, str, str, str], Finding]
    zh: str
    en: str
    good: tuple[str, str]
    next: str = ""
    """Empty: the registry's restart."""


_INTENTS: Final = _Kind(
    "intents",
    "license_version, site_code",
    timedelta(minutes=1),
    fail,
    "{} 份执照或场所码待签名未完成",
    "{} documents are stored and were never signed: a key was away, or the process ended between"
    " the two; the next start signs or voids them",
    ("没有待签名的文件", "nothing waits for a signature"),
)
_UNNUMBERED: Final = _Kind(
    "unnumbered",
    "event",
    timedelta(seconds=30),
    fail,
    "{} 条事件尚未编号，订阅方收不到",
    "{} events have no feed number: subscribers and checkers don't see them, since no registry"
    " publishes",
    ("事件均已编号", "every event has its number"),
)
_IMPORTS: Final = _Kind(
    "imports",
    "import_run",
    timedelta(minutes=10),
    warn,
    "{} 项导入未完成：文件未读完，或已签收而未入库",
    "{} imports are unfinished: files that broke off, to be sent again, or shares that were signed"
    " off and are not on the register, of which the registry's log tells why (imports.stuck)",
    ("没有未完成的导入", "no import was left unfinished"),
    "yizhao import list",
)


def intents(subject: Subject) -> Iterator[Finding]:
    """Whether documents are stored and wait for their signature."""
    yield _waits(subject, _INTENTS)


def feed(subject: Subject) -> Iterator[Finding]:
    """Whether committed events wait for their number."""
    yield _waits(subject, _UNNUMBERED)


def imports(subject: Subject) -> Iterator[Finding]:
    """Whether files broke off and were not sent again, or what was signed off does not come in."""
    yield _waits(subject, _IMPORTS)


def _waits(subject: Subject, kind: _Kind) -> Finding:
    registry, database = subject.registry, subject.database
    waiting: Waiting | None = getattr(database, kind.attribute, None)
    if registry is None or database is None or waiting is None:
        return _unasked(kind.looked_at)
    if waiting.oldest_at is None or database.clock - waiting.oldest_at <= kind.age:
        return ok(kind.looked_at, *kind.good)
    zh, en = kind.zh.format(waiting.count), kind.en.format(waiting.count)
    return kind.tell(kind.looked_at, zh, en, kind.next or registry.restart)


def _unasked(looked_at: str) -> Finding:
    return not_applicable(looked_at, "数据库无法询问", "the database can't be asked")
