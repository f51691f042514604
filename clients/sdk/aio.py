"""The verifying service for asyncio; every method does what its namesake in `verify` does."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import grpc
import grpc.aio

from clients.sdk.addresses import is_several
from clients.sdk.aio_feeds import AsyncFeed, each_of
from clients.sdk.batches import Chunk, FailedChunk, chunks, gathered
from clients.sdk.calls import (
    BATCH_SECONDS,
    DEFAULTS,
    PARALLEL,
    SERVICE,
    STREAM_SECONDS,
    About,
    AboutStatement,
    Options,
    current_of,
    stream_request,
    target_for,
    verify_request,
)
from clients.sdk.channel import verify_options
from clients.sdk.errors import ServiceError, Unreachable, readable
from clients.sdk.feeds import AHEAD
from clients.sdk.identity_files import IdentityFiles
from clients.sdk.lines import Lines
from clients.sdk.tries import Tries
from license_verify.rpc.tls import TlsFiles
from yizhao.verify.v1 import statement_verdict_pb2, verdict_pb2, verify_service_pb2
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Line:
    """A channel and its stub; the generated stubs' types are those of blocking calls."""

    channel: grpc.aio.Channel
    stub: Any


class AsyncVerifyClient:
    """VerifyService at one node or several; belongs to the event loop that it is made in.

    >>> async with AsyncVerifyClient.open(address, identity) as verifier:  # doctest: +SKIP
    ...     (await verifier.verify_scan(scan, purpose="banking")).outcome
    """

    def __init__(
        self,
        addresses: str | Sequence[str],
        identity: TlsFiles | IdentityFiles,
        options: Options = DEFAULTS,
    ) -> None:
        """As `VerifyClient`."""
        target, current = target_for(addresses, options), current_of(identity)
        self._options, self._several = options, is_several(target)
        self._lines = _lines(target, current, options, retries=True)
        self._streams = _lines(target, current, options, retries=False)

    @classmethod
    def open(
        cls,
        addresses: str | Sequence[str],
        identity: TlsFiles | IdentityFiles,
        timeout_seconds: float = 10.0,
        *,
        connections: int = 1,
        server_name: str | None = None,
        wait_for_quota: bool = False,
    ) -> Self:
        """As the constructor; the arguments are those of `Options`."""
        options = Options(timeout_seconds, connections, server_name, wait_for_quota)
        return cls(addresses, identity, options)

    async def verify(
        self,
        subject: verify_service_pb2.Subject,
        *,
        timeout_seconds: float | None = None,
        **about: Unpack[About],
    ) -> verdict_pb2.Verdict:
        """Check a scan, or look up a typed code. A bad scan is a verdict, not an error.

        Raises:
            ServiceError: the service refused.
            Unreachable: no node answered in time.
        """
        request = verify_request(subject, **about)
        return await self.verify_one(request, timeout_seconds=timeout_seconds)

    async def verify_one(
        self, request: verify_service_pb2.VerifyRequest, *, timeout_seconds: float | None = None
    ) -> verdict_pb2.Verdict:
        """`verify` with a whole request, as of `verify_request`."""
        found: verdict_pb2.Verdict = await self._call(
            lambda stub: stub.Verify, request, timeout_seconds
        )
        return found

    async def verify_scan(self, scan: str, purpose: str = "") -> verdict_pb2.Verdict:
        """Check what a scanner read, whole."""
        return await self.verify(verify_service_pb2.Subject(scan=scan), purpose=purpose)

    async def batch_verify(
        self,
        requests: Iterable[verify_service_pb2.VerifyRequest],
        *,
        parallel: int = PARALLEL,
        timeout_seconds: float = BATCH_SECONDS,
    ) -> list[verify_service_pb2.VerifyResult]:
        """Check any number, in calls of what the service takes, several calls at a time.

        Raises:
            BatchIncomplete: some calls failed; it has the results of the others.
        """

        async def ask(chunk: Chunk) -> tuple[verify_service_pb2.VerifyResult, ...] | FailedChunk:
            try:
                answer = await self._call(
                    lambda stub: stub.BatchVerify, chunk.message(), timeout_seconds
                )
            except (ServiceError, Unreachable) as error:
                return chunk.failed(error)
            return chunk.results_of(answer)

        return gathered([each async for each in _in_order(ask, chunks(requests), parallel)])

    async def stream(
        self,
        requests: AsyncIterable[verify_service_pb2.VerifyRequest]
        | Iterable[verify_service_pb2.VerifyRequest],
        *,
        ahead: int = AHEAD,
        timeout_seconds: float = STREAM_SECONDS,
    ) -> AsyncIterator[verify_service_pb2.VerifyResult]:
        """Check requests as they come; one result for each, in order.

        A reader that is slow slows the reading of `requests`, which goes at most `ahead` beyond
        the last result taken. What had no answer when a connection broke is asked again.

        Raises:
            ServiceError, Unreachable: as `verify`, after the results that came before.
            Exception: what `requests` raised, after the results of those it gave.
        """
        wait = self._options.wait_for_quota
        tries = Tries(timeout_seconds, wait_for_quota=wait, stubborn=True)
        feed = AsyncFeed(_stream_requests(requests), ahead)
        try:
            while not feed.done:
                failed: ServiceError | Unreachable
                failed = Unreachable(SERVICE, "the stream ended before its last answer")
                async with _one_of(self._streams) as stub:
                    call = stub.VerifyStream(
                        feed.attempt(), timeout=tries.left(), metadata=tries.metadata
                    )
                    try:
                        async for answer in call:
                            await feed.answered()
                            tries.progressed()
                            yield answer.result
                    except grpc.RpcError as error:
                        failed = readable(error, SERVICE)
                    except asyncio.CancelledError:
                        failed = _cancelled_there()
                    finally:
                        call.cancel()
                if not feed.done:
                    await _pause(tries, failed)
        finally:
            await feed.close()
        if feed.error is not None:
            raise feed.error

    async def verify_statement(
        self,
        content: bytes,
        *,
        timeout_seconds: float | None = None,
        **about: Unpack[AboutStatement],
    ) -> statement_verdict_pb2.StatementVerdict:
        """Check a premises statement, and look for an address on it."""
        request = verify_service_pb2.VerifyStatementRequest(content=content, **about)
        found: statement_verdict_pb2.StatementVerdict = await self._call(
            lambda stub: stub.VerifyStatement, request, timeout_seconds
        )
        return found

    async def close(self) -> None:
        """Close the connections; calls that run have their answers first."""
        for line in (*self._lines.shut(), *self._streams.shut()):
            await line.channel.close()

    async def _call(self, method: Callable[[Any], Any], request: Any, seconds: float | None) -> Any:
        seconds = self._options.timeout_seconds if seconds is None else seconds
        wait = self._options.wait_for_quota
        tries = Tries(seconds, wait_for_quota=wait, stubborn=self._several)
        while True:
            try:
                async with _one_of(self._lines) as stub:
                    call = method(stub)
                    return await call(request, timeout=tries.left(), metadata=tries.metadata)
            except grpc.RpcError as error:
                await _pause(tries, readable(error, SERVICE), error)
            except asyncio.CancelledError:
                await _pause(tries, _cancelled_there())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _lines(
    target: str, identity: Callable[[], TlsFiles], options: Options, *, retries: bool
) -> Lines[_Line]:
    def opened(tls: TlsFiles) -> _Line:
        told = verify_options(options.server_name, retries=retries)
        channel = grpc.aio.secure_channel(target, tls.channel_credentials(), options=told)
        return _Line(channel, VerifyServiceStub(channel))

    return Lines(opened, identity, options.connections)


@asynccontextmanager
async def _one_of(lines: Lines[_Line]) -> AsyncIterator[Any]:
    taken = lines.take()
    try:
        yield taken.line.stub
    finally:
        for spent in lines.give_back(taken):
            await spent.channel.close()


def _cancelled_there() -> Unreachable:
    """What a node's cancelling is; gRPC raises the same for it as for a cancelled task of ours.

    Raises:
        CancelledError: it was the task.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    return Unreachable(SERVICE, "the node cancelled the call", begun=True)


async def _pause(
    tries: Tries, failed: ServiceError | Unreachable, cause: BaseException | None = None
) -> None:
    """Wait before the next try.

    Raises:
        ServiceError, Unreachable: that was the last.
    """
    pause = tries.pause_after(failed)
    if pause is None:
        raise failed from cause
    await asyncio.sleep(pause)


async def _stream_requests(
    requests: AsyncIterable[verify_service_pb2.VerifyRequest]
    | Iterable[verify_service_pb2.VerifyRequest],
) -> AsyncIterator[verify_service_pb2.VerifyStreamRequest]:
    async for each in each_of(requests):
        yield stream_request(each)


async def _in_order(
    ask: Callable[[Chunk], Any], asked: Iterable[Chunk], parallel: int
) -> AsyncIterator[Any]:
    """Answers in order, `parallel` calls at a time."""
    running: deque[asyncio.Task[Any]] = deque()
    try:
        for chunk in asked:
            running.append(asyncio.create_task(ask(chunk)))
            if len(running) == parallel:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
