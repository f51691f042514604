"""Every check, in the order in which an operator would look."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from clients.doctor import (
    certificates,
    clock,
    database,
    disk,
    keys,
    ports,
    register,
    setup,
    verifier,
)
from clients.doctor.finding import Finding
from clients.doctor.subject import Subject


class Check(NamedTuple):
    """A question that is asked."""

    name: str
    zh: str
    act: Callable[[Subject], Iterator[Finding]]


CHECKS: Final = (
    Check("settings", "设置", setup.settings),
    Check("instance", "实例", setup.instance),
    Check("disk", "磁盘", disk.space),
    Check("database", "数据库", database.reachable),
    Check("schema", "表结构", database.schema),
    Check("connections", "连接数", database.connections),
    Check("transactions", "事务", database.transactions),
    Check("keys", "签发密钥", keys.folder),
    Check("certificates", "证书", certificates.services),
    Check("clock", "时钟", clock.clock),
    Check("ports", "端口", ports.listening),
    Check("publishing", "发布", register.publishing),
    Check("intents", "待签名", register.intents),
    Check("feed", "事件流", register.feed),
    Check("imports", "导入", register.imports),
    Check("verifier", "核验数据", verifier.kept),
    Check("registry-link", "登记端连接", verifier.published),
    Check("rollback", "数据回退", verifier.rollback),
    Check("holidays", "节假日", setup.holidays),
)
