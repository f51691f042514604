"""Every check, in the order in which an operator would look."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final, NamedTuple

from clients.doctor.finding import Finding
from clients.doctor.subject import Subject


class Check(NamedTuple):
    """A question that is asked."""

    name: str
    zh: str
    act: Callable[[Subject], Iterator[Finding]]


def _of(module: str, name: str) -> Callable[[Subject], Iterator[Finding]]:
    """A function of a module here, imported when it is called.

    A node that only verifies lacks the registry's libraries, and most checks need none of them.
    """

    def act(subject: Subject) -> Iterator[Finding]:
        found: Iterator[Finding] = getattr(import_module(f"clients.doctor.{module}"), name)(subject)
        return found

    return act


CHECKS: Final = (
    Check("settings", "设置", _of("setup", "settings")),
    Check("instance", "实例", _of("setup", "instance")),
    Check("disk", "磁盘", _of("disk", "space")),
    Check("database", "数据库", _of("database", "reachable")),
    Check("schema", "表结构", _of("database", "schema")),
    Check("connections", "连接数", _of("database", "connections")),
    Check("transactions", "事务", _of("database", "transactions")),
    Check("keys", "签发密钥", _of("keys", "folder")),
    Check("hsm", "密码机", _of("keys", "hsm")),
    Check("certificates", "证书", _of("certificates", "services")),
    Check("clock", "时钟", _of("clock", "clock")),
    Check("ports", "端口", _of("ports", "listening")),
    Check("publishing", "发布", _of("register", "publishing")),
    Check("intents", "待签名", _of("register", "intents")),
    Check("feed", "事件流", _of("register", "feed")),
    Check("imports", "导入", _of("register", "imports")),
    Check("verifier", "核验数据", _of("verifier", "kept")),
    Check("node-health", "核验服务状态", _of("node_health", "serving")),
    Check("registry-link", "登记端连接", _of("verifier", "published")),
    Check("rollback", "数据回退", _of("verifier", "rollback")),
    Check("holidays", "节假日", _of("holidays", "holidays")),
)
