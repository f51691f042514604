"""Nodes of one partner's service that can be told apart, and clients of both kinds."""

import asyncio
import json
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from clients.sdk import AsyncVerifyClient, VerifyClient, verify_request
from license_verify import Status
from license_verify.rpc.identity import Authority
from license_verify.rpc.server import RpcServer
from license_verify.rpc.tls import TlsFiles
from license_verify.server.composition import serving
from tests.e2e.page.node import Node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.page.test_process import environment, started
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import INDEX, World
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.statement_verdict_pb2 import StatementVerdict
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest, VerifyResult

NAME = "localhost"
"""In the certificates of all nodes."""
FIRST, SECOND, THIRD = (
    verdict_pb2.STATUS_VALID,
    verdict_pb2.STATUS_SUSPENDED,
    verdict_pb2.STATUS_REVOKED,
)
"""What the nodes say of the licence, by which they are told apart."""

Value = TypeVar("Value")


class Client(Protocol):
    """What both clients do, called from a test without a loop."""

    def verify_scan(self, scan: str, purpose: str = "") -> verdict_pb2.Verdict: ...
    def verify_one(
        self, request: VerifyRequest, *, timeout_seconds: float | None = None
    ) -> verdict_pb2.Verdict: ...
    def batch_verify(
        self, requests: Iterable[VerifyRequest], *, parallel: int = 4
    ) -> list[VerifyResult]: ...
    def stream(
        self, requests: Iterable[VerifyRequest], *, ahead: int = 256
    ) -> Iterator[VerifyResult]: ...
    def verify_statement(self, content: bytes, **about: Any) -> StatementVerdict: ...


class Looped:
    """The asyncio client in a loop of its own thread, as a blocking one."""

    def __init__(self, loop: asyncio.AbstractEventLoop, client: AsyncVerifyClient) -> None:
        self._loop, self._client = loop, client

    @classmethod
    @contextmanager
    def open(
        cls,
        addresses: str | Sequence[str],
        identity: Any,
        timeout_seconds: float = 20,
        **more: Any,
    ) -> Iterator[Self]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()

        async def opened() -> AsyncVerifyClient:
            return AsyncVerifyClient.open(addresses, identity, timeout_seconds, **more)

        try:
            client = asyncio.run_coroutine_threadsafe(opened(), loop).result(20)
            try:
                yield cls(loop, client)
            finally:
                asyncio.run_coroutine_threadsafe(client.close(), loop).result(20)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _run(self, asked: Coroutine[Any, Any, Value]) -> Value:
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(120)

    def verify_scan(self, scan: str, purpose: str = "") -> verdict_pb2.Verdict:
        return self._run(self._client.verify_scan(scan, purpose))

    def verify_one(
        self, request: VerifyRequest, *, timeout_seconds: float | None = None
    ) -> verdict_pb2.Verdict:
        return self._run(self._client.verify_one(request, timeout_seconds=timeout_seconds))

    def batch_verify(
        self, requests: Iterable[VerifyRequest], *, parallel: int = 4
    ) -> list[VerifyResult]:
        return self._run(self._client.batch_verify(requests, parallel=parallel))

    def stream(
        self, requests: Iterable[VerifyRequest], *, ahead: int = 256
    ) -> Iterator[VerifyResult]:
        async def slowly() -> AsyncIterator[VerifyRequest]:
            source = iter(requests)
            while (request := await asyncio.to_thread(next, source, None)) is not None:
                yield request

        results = self._client.stream(slowly(), ahead=ahead)

        async def following() -> VerifyResult | None:
            return await anext(results, None)

        try:
            while (found := self._run(following())) is not None:
                yield found
        finally:
            self._run(results.aclose())  # type: ignore[attr-defined]

    def verify_statement(self, content: bytes, **about: Any) -> StatementVerdict:
        return self._run(self._client.verify_statement(content, **about))


KINDS: dict[str, Any] = {"blocking": VerifyClient.open, "asyncio": Looped.open}


def bank(authorities: Authorities, name: str = "partner/icbank") -> TlsFiles:
    return authorities.client(name, Authority.PARTNERS)


def of_scan(text: str) -> VerifyRequest:
    return verify_request(Subject(scan=text))


class Pair:
    """Two nodes in this process; the first calls the licence valid, the second suspended. Others
    may be started beside them."""

    def __init__(self, folder: Path, authorities: Authorities, world: World) -> None:
        self._folder, self._authorities, self._world = folder, authorities, world
        self._stacks: list[ExitStack] = []
        self.servers: list[RpcServer] = []
        self.publishers: list[Publisher] = []
        """The registries of the nodes."""

    def start(self, status: Status, spoil: bytes | None = None) -> None:
        """One more node; each in a stack of its own, so that it can end alone.

        With `spoil` its registry sends this instead of data, which the node does not wait for.
        """
        stack = ExitStack()
        self._stacks.append(stack)
        folder = self._folder / f"node-{len(self._stacks)}"
        folder.mkdir()
        world = replace(self._world, statuses={INDEX: status})
        publisher = Publisher(world, spoil=spoil)
        registry = stack.enter_context(a_registry(publisher, self._authorities))
        config = settings(folder, self._authorities, world, registry.address)
        rpc, page = stack.enter_context(serving(config))
        node = Node(rpc.address, page.address, self._authorities)
        until(lambda: node.has("live" if spoil is None else "none"))
        self.publishers.append(publisher)
        self.servers.append(rpc)

    def end(self) -> None:
        for stack in self._stacks:
            stack.close()

    @property
    def addresses(self) -> list[str]:
        return [each.address for each in self.servers]


class Processes:
    """Two nodes as processes, to be killed and started again at their addresses."""

    def __init__(self, folder: Path, authorities: Authorities, world: World, registry: str) -> None:
        self._folder, self._authorities, self._world = folder, authorities, world
        self._registry = registry
        self._stack = ExitStack()
        self.running: list[subprocess.Popen[str]] = []
        self.addresses: list[str] = []
        self._asked: list[threading.Event] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, number: int) -> None:
        """Start node `number`, again at its address."""
        folder = self._folder / f"process-{number}"
        folder.mkdir(exist_ok=True)
        told = environment(folder, self._authorities, self._world, self._registry)
        if number < len(self.addresses):
            told["YIZHAO_VERIFY_LISTEN"] = self.addresses[number]
        process = self._stack.enter_context(started(told))
        assert process.stderr is not None
        line: dict[str, Any] = {}
        while line.get("event") != "verify.serving":
            line = json.loads(process.stderr.readline())
        asked = threading.Event()
        threading.Thread(target=_drained, args=(process.stderr, asked), daemon=True).start()
        node = Node(line["address"], line["page"], self._authorities)
        until(lambda: node.has("live"))
        self.running[number : number + 1] = [process]
        self.addresses[number : number + 1] = [line["address"]]
        self._asked[number : number + 1] = [asked]

    def await_check(self, number: int) -> None:
        """Wait until somebody has node `number` check something, after its last start."""
        assert self._asked[number].wait(60)


def _drained(pipe: Iterable[str], asked: threading.Event) -> None:
    for line in pipe:
        if "/yizhao.verify.v1.VerifyService/" in line:
            asked.set()


class Load:
    """Threads that each do one thing again and again until told to stop."""

    def __init__(self, *acts: Callable[[], None]) -> None:
        self._stop = threading.Event()
        self.done = [0] * len(acts)
        self.failures: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._repeat, args=(number, act))
            for number, act in enumerate(acts)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, number: int, act: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                act()
                self.done[number] += 1
            except BaseException as error:
                self.failures.append(error)

    def go_on(self, rounds: int = 2) -> None:
        """Wait until each has come round so often, or one failed."""
        wanted = [each + rounds for each in self.done]
        until(
            lambda: (
                bool(self.failures)
                or all(done >= due for done, due in zip(self.done, wanted, strict=True))
            )
        )
