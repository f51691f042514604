"""What is set up here at all: settings, and the instance folder."""

from collections.abc import Iterator, Mapping
from typing import Final

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import DATABASE_URL, Subject
from clients.local import leftovers
from clients.local.lock import holder
from license_verify.rpc.settings import ConfigRefused, ServiceSettings
from license_verify.server.config import Config as VerifyConfig
from registry_service.config import Config as RegistryConfig

_CONFIGS: Final[Mapping[str, type[ServiceSettings]]] = {
    "registry": RegistryConfig,
    "verify": VerifyConfig,
}


def settings(subject: Subject) -> Iterator[Finding]:
    """Whether each service would accept its settings."""
    if not subject.services and not subject.instance.folder.is_dir():
        yield fail(
            "YIZHAO_REGISTRY_…, YIZHAO_VERIFY_…",
            "此处既没有设置，也没有实例文件夹",
            f"nothing to look at: no settings in the environment, and no folder"
            f" {subject.instance.folder}",
            "yizhao up",
        )
    for name, service in subject.services.items():
        if service.of_instance:
            yield ok(name, "由 yizhao up 提供", "given by `yizhao up`")
            continue
        if service.values.keys() == {DATABASE_URL}:
            yield not_applicable(name, "只配置了数据库", "a database and nothing else is named")
            continue
        try:
            _CONFIGS[name].load()
        except ConfigRefused as refused:
            yield fail(name, "设置有误或缺失", f"refused: {refused}", service.start)
        else:
            yield ok(name, "设置完整", "accepted")


def instance(subject: Subject) -> Iterator[Finding]:
    """Whether `yizhao up` runs here, or left something when it was killed."""
    folder = subject.instance.folder
    if not folder.is_dir():
        yield not_applicable(str(folder), "此处没有实例", "no instance is here")
        return
    held, left = holder(folder), sorted(leftovers.marked(folder.resolve()))
    if subject.running is not None:
        yield ok(str(folder), "yizhao up 正在运行", "`yizhao up` runs")
    elif left and held is None:
        numbers = ", ".join(map(str, left))
        yield fail(
            str(folder),
            f"上次异常结束，遗留进程 {numbers}",
            f"`yizhao up` was killed and left processes {numbers}; the next start ends them",
            "yizhao up",
        )
    elif held is not None:
        yield warn(
            str(folder),
            f"进程 {held} 正在启动或停止",
            f"process {held} holds the folder and serves nothing: it starts, stops or hangs",
            "yizhao doctor",
        )
    elif subject.killed:
        yield warn(
            str(folder),
            "上次异常结束，下次启动会自动清理",
            "`yizhao up` was killed: its record is stale; the next start cleans up",
            "yizhao up",
        )
    elif any(service.of_instance for service in subject.services.values()):
        yield warn(str(folder), "服务未启动", "nothing runs here", "yizhao up")
    else:
        yield not_applicable(str(folder), "此处没有实例", "no instance was started here")
