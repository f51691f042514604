"""All of an instance together: started in order, watched, stopped in reverse order."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from clients.development.ca import DevelopmentCa
from clients.exits import Failure
from clients.local import control, leftovers, partners, people, receipt_keys
from clients.local.initialise import initialise
from clients.local.instance import Instance, Running
from clients.local.lock import Held, hold
from clients.local.ports import LOOPBACK, Ports, PortTaken
from clients.local.process import DidNotStart, Process
from clients.local.services import Databases, Service, page_host, services
from clients.sdk import RegistryClient

DATABASE_URL: Final = "YIZHAO_REGISTRY_DATABASE_URL"
VERIFY_DATABASE_URL: Final = "YIZHAO_VERIFY_DATABASE_URL"
STOP: Final = "stop"


class Stack:
    """The processes of one instance."""

    def __init__(
        self, instance: Instance, plan: list[Service], running: Running, say: Callable[[str], None]
    ) -> None:
        self._instance = instance
        self._plan = {service.name: service for service in plan}
        self._say = say
        self._running: dict[str, Process] = {}
        self.heard: SimpleQueue[str] = SimpleQueue()
        """Words from outside, ends of processes, and `stop`."""
        self.facts = running

    def service(self, name: str) -> Service:
        """How a service is run."""
        return self._plan[name]

    def start(self, name: str) -> None:
        """Start one service and wait until it serves.

        Raises:
            DidNotStart: it does not; its last words are in the text.
        """
        if name in self._running:
            return
        process = Process(self._plan[name], self._instance.log(name), self.heard)
        self._running[name] = process
        try:
            process.wait_until_ready()
        except DidNotStart:
            self.stop(name)
            raise
        self._write()

    def stop(self, name: str) -> None:
        """Stop one service if it runs."""
        process = self._running.pop(name, None)
        if process is not None:
            process.stop()
            self._write()

    def stop_all(self) -> None:
        """Stop those that run, the last started first."""
        for name in reversed(list(self._running)):
            self._say(f"停止 stopping {name}")
            self.stop(name)
        self._instance.running_file.unlink(missing_ok=True)

    def watch(self) -> None:
        """Obey words from outside until told to stop.

        Raises:
            DidNotStart: a service ended by itself; the others still run.
        """
        while (words := self.heard.get()) != STOP:
            verb, _, name = words.partition(" ")
            if verb == "ended":
                self._ended(*name.split())
            elif name in self._plan and verb == "stop":
                self.stop(name)
                self._say(f"已停止 {name} stopped; `yizhao {name} start` starts it again")
            elif name in self._plan and verb == "start":
                self.start(name)
                self._say(f"已启动 {name} serves again")

    def _ended(self, name: str, pid: str) -> None:
        process = self._running.get(name)
        if process is not None and process.pid == int(pid):
            raise DidNotStart(f"{name} ended by itself; see {self._instance.log(name)}")

    def _write(self) -> None:
        pids = {name: process.pid for name, process in self._running.items()}
        self.facts = replace(self.facts, processes=pids)
        self._instance.write_running(self.facts)


@contextmanager
def opened(
    folder: Path, environ: Mapping[str, str], page_port: int | None, say: Callable[[str], None]
) -> Iterator[Stack]:
    """Bring everything up, and down at the end, however it ends.

    Raises:
        Failure: it is up already, or something can't start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    folder = folder.resolve()
    with locked(folder), databases(folder, environ, say) as urls:
        for pid in leftovers.clear(folder):
            say(f"清理上次遗留的进程 ended process {pid} of the last run")
        instance = Instance(folder)
        try:
            ports = Ports.of(folder / "ports.json", page_port)
            stack = _stack(instance, ports, urls, say)
        except (PortTaken, ValueError) as error:
            raise Failure(str(error), zh="端口不可用") from error
        try:
            _start(stack, instance, say)
            yield stack
        except DidNotStart as error:
            raise Failure(str(error), zh="服务未能启动") from error
        finally:
            stack.stop_all()


def _stack(instance: Instance, ports: Ports, urls: Databases, say: Callable[[str], None]) -> Stack:
    authority = DevelopmentCa(instance.folder, now=lambda: datetime.now(UTC))
    for person in people.PEOPLE:
        authority.issue("staff", person.number)
    for partner in people.PARTNERS:
        authority.issue("partner", partner)
    running = Running(
        up=os.getpid(),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        registry=f"{LOOPBACK}:{ports.registry}",
        verify=f"{LOOPBACK}:{ports.verify}",
        page=page_host(ports),
        database=urls.registry,
        verify_database=urls.verify,
        processes={},
    )
    return Stack(instance, services(instance.folder, authority, ports, urls), running, say)


def _start(stack: Stack, instance: Instance, say: Callable[[str], None]) -> None:
    say("登记库初始化 registry init: tables, units, keys")
    initialise(stack.service("registry"), instance.log("init"))
    say("启动 starting registry")
    stack.start("registry")
    identity = instance.identity(people.OPERATOR)
    with RegistryClient.open(stack.facts.registry, identity) as registry:
        for person in people.seed(registry.admin, datetime.now(UTC).date()):
            say(f"人员 {person.number} {person.name}（{person.title}）")
    for name in receipt_keys.carry(instance.keys, instance.receipt_keys):
        say(f"凭据签名密钥 {name} carried to the verifier")
    say("核验库初始化 verify init: tables")
    initialise(stack.service("verify"), instance.log("init"))
    say("启动 starting verify")
    stack.start("verify")
    for partner in partners.seed(stack.facts.verify, instance):
        say(f"合作单位 {partner.id} {partner.title}（{'、'.join(partner.purposes)}）")
    control.listen(instance.folder / "control", stack.heard)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one that runs anything in the folder.

    Raises:
        Failure: it is up already.
    """
    try:
        with hold(folder):
            yield
    except Held:
        where = ""
        with suppress(Exception):  # it may be starting, and have written nothing yet
            where = f" (process {Instance(folder).running().up})"
        raise Failure(
            f"it is up already in {folder}{where}: use it, or stop it with `yizhao down`",
            zh="已在运行",
        ) from None


@contextmanager
def databases(
    folder: Path, environ: Mapping[str, str], say: Callable[[str], None]
) -> Iterator[Databases]:
    """Both databases: those named by the environment, else an embedded server's.

    Raises:
        Failure: one is named without the other, or the embedded server can't be started.
    """
    named = Databases(environ.get(DATABASE_URL, ""), environ.get(VERIFY_DATABASE_URL, ""))
    if named.registry and named.verify:
        say(f"使用外部数据库 databases from {DATABASE_URL} and {VERIFY_DATABASE_URL}")
        yield named
        return
    if named.registry or named.verify:
        raise Failure(
            f"each side has a database of its own: set {DATABASE_URL} and {VERIFY_DATABASE_URL}, "
            "or neither for an embedded server",
            zh="登记库与核验库须同时指定",
        )
    from registry_service.embedded.binaries import version_from
    from registry_service.embedded.errors import EmbeddedPostgresError
    from registry_service.embedded.postgres import EmbeddedPostgres

    say("启动 starting PostgreSQL")
    server = EmbeddedPostgres(folder / "database", version_from(environ))
    try:
        server.start()
        urls = Databases(server.database("yizhao"), server.database("yizhao_verify"))
    except EmbeddedPostgresError as error:
        server.stop()
        raise Failure(str(error), zh="数据库未能启动") from error
    try:
        yield urls
    finally:
        say("停止 stopping PostgreSQL")
        server.stop()
