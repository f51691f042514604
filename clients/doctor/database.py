"""The database: can it be reached, does its schema fit, who holds it up."""

from collections.abc import Iterator, Mapping
from typing import Final

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import DATABASE_URL, ServiceKnown, Subject
from registry_service.store.health import Cause, place_of

_BUSY: Final = 0.9
_BLOCKS_SECONDS: Final = 2.0
_IDLE_SECONDS: Final = 300.0

_CAUSES: Final[Mapping[Cause, tuple[str, str]]] = {
    Cause.UNREACHABLE: (
        "数据库无法连接：地址不对，或数据库未运行",
        "nothing answers there: the address is wrong, or PostgreSQL does not run",
    ),
    Cause.PASSWORD: (
        "数据库拒绝了密码",
        "it refuses the password in YIZHAO_REGISTRY_DATABASE_URL",
    ),
    Cause.ACCOUNT: (
        "数据库不接受该账号：账号不存在，或 pg_hba.conf 未放行",
        "it does not accept the account: no such role, or no entry in pg_hba.conf",
    ),
    Cause.NO_DATABASE: (
        "服务器上没有这个数据库",
        "the server runs and has no database of that name",
    ),
    Cause.TOO_MANY: (
        "数据库连接数已用尽",
        "its connections are used up: lower YIZHAO_REGISTRY_CONNECTIONS, or raise max_connections",
    ),
    Cause.STARTING: (
        "数据库正在启动、停止或恢复",
        "it starts, stops or recovers from a crash: wait and look again",
    ),
    Cause.URL: (
        "数据库地址写法有误",
        "YIZHAO_REGISTRY_DATABASE_URL is no postgresql:// address",
    ),
    Cause.OTHER: (
        "数据库拒绝连接",
        "it refuses the connection: its own log says why",
    ),
}


def reachable(subject: Subject) -> Iterator[Finding]:
    """Whether it answers us."""
    registry = subject.registry
    place = place_of(registry.text(DATABASE_URL)) if registry else ""
    if registry is not None and subject.refused is not None:
        zh, en = _CAUSES[subject.refused.cause]
        yield fail(place, zh, en, _mend(registry, subject.refused.cause, subject))
    elif subject.database is None:
        yield not_applicable(DATABASE_URL, "此处未配置数据库", "no database is named here")
    elif subject.database.standby:
        yield fail(
            place,
            "数据库是只读备库，登记服务无法写入",
            "it is a read-only standby: the registry can't write",
            subject.psql("SELECT pg_is_in_recovery()"),
        )
    else:
        version = subject.database.version
        yield ok(place, f"可连接，PostgreSQL {version}", f"answers, PostgreSQL {version}")


def _mend(registry: ServiceKnown, cause: Cause, subject: Subject) -> str:
    if cause in (Cause.UNREACHABLE, Cause.STARTING) and registry.of_instance:
        return "yizhao up"
    if cause is Cause.NO_DATABASE:
        return 'createdb --maintenance-db "$YIZHAO_REGISTRY_DATABASE_URL" yizhao'
    if cause is Cause.STARTING:
        return "yizhao doctor"
    if cause is Cause.TOO_MANY:
        return subject.psql("SELECT application_name, count(*) FROM pg_stat_activity GROUP BY 1")
    if cause is Cause.UNREACHABLE:
        return 'pg_isready -d "$YIZHAO_REGISTRY_DATABASE_URL"'
    return subject.psql("SELECT 1")


def schema(subject: Subject) -> Iterator[Finding]:
    """Whether the tables are those of this release."""
    if subject.database is None:
        yield _unasked("schema_migration")
        return
    version = subject.database.schema
    if version.unknown:
        numbers = ", ".join(f"{number:04}" for number in version.unknown)
        tell = fail if version.too_new else warn
        yield tell(
            "schema_migration",
            f"数据库结构比本程序新（未知迁移 {numbers}）",
            f"the database is newer than this program: it has had {numbers}; install the release"
            " that made them",
            "pip install --upgrade yizhao",
        )
    if version.missing:
        names = ", ".join(version.missing)
        yield fail(
            "schema_migration",
            f"数据库结构落后于程序，待执行：{names}",
            f"the database is older than this program: {names} wait",
            "yizhao db migrate",
        )
    if not version.unknown and not version.missing:
        yield ok("schema_migration", "与程序一致", f"fits, newest {version.newest_known:04}")


def connections(subject: Subject) -> Iterator[Finding]:
    """Whether there is room for more."""
    if subject.database is None:
        yield _unasked("max_connections")
        return
    used, most = subject.database.connections, subject.database.most_connections
    if used >= _BUSY * most:
        yield warn(
            "max_connections",
            f"连接数接近上限：{used}/{most}",
            f"nearly used up: {used} of {most}; lower YIZHAO_REGISTRY_CONNECTIONS of some process,"
            " or raise max_connections",
            subject.psql("SELECT application_name, count(*) FROM pg_stat_activity GROUP BY 1"),
        )
    else:
        yield ok("max_connections", f"已用 {used}/{most}", f"{used} of {most} used")


def transactions(subject: Subject) -> Iterator[Finding]:
    """Whether somebody holds locks that others wait for, or forgot a transaction."""
    if subject.database is None:
        yield _unasked("pg_stat_activity")
        return
    found = False
    for each in subject.database.transactions:
        blocks = each.blocks > 0 and each.seconds > _BLOCKS_SECONDS
        forgotten = each.state == "idle in transaction" and each.seconds > _IDLE_SECONDS
        if not (blocks or forgotten):
            continue
        found = True
        zh = f"进程 {each.pid} 的事务已持续 {each.seconds:.0f} 秒，{each.blocks} 个连接在等待它"
        en = f"{each}; {each.blocks} connections wait for it"
        tell = fail if blocks else warn
        end = subject.psql(f"SELECT pg_terminate_backend({each.pid})")
        yield tell("pg_stat_activity", zh, en, end)
    if not found:
        yield ok("pg_stat_activity", "没有长时间占用的事务", "no transaction holds others up")


def _unasked(looked_at: str) -> Finding:
    return not_applicable(looked_at, "数据库无法询问", "the database can't be asked")
