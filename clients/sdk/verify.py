"""The verifying service, by blocking calls. `aio` has the same for asyncio."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar, Unpack

import grpc

from clients.sdk.addresses import is_several
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
from clients.sdk.closing import Closing
from clients.sdk.errors import ServiceError, Unreachable, readable
from clients.sdk.feeds import AHEAD, Feed
from clients.sdk.identity_files import IdentityFiles
from clients.sdk.lines import Lines
from clients.sdk.tries import Tries
from license_verify.rpc.tls import TlsFiles
from yizhao.verify.v1 import statement_verdict_pb2, verdict_pb2, verify_service_pb2
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Line:
    """A channel and its stub."""

    channel: grpc.Channel
    stub: VerifyServiceStub


class VerifyClient(Closing):
    """VerifyService at one node or several; may be used by many threads at once.

    >>> with VerifyClient.open("127.0.0.1:40124", identity) as verifier:  # doctest: +SKIP
    ...     verifier.verify_scan(scan, purpose="banking").outcome
    """

    def __init__(
        self,
        addresses: str | Sequence[str],
        identity: TlsFiles | IdentityFiles,
        options: Options = DEFAULTS,
    ) -> None:
        """Connect at the first call.

        Args:
            addresses: `host:port` of a node, of several, or a name that stands for several.
            identity: our certificate, or the files in which it is kept and renewed.
            options: how to call.

        Raises:
            ValueError: see `target_for`.
        """
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

    def verify(
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
        return self.verify_one(verify_request(subject, **about), timeout_seconds=timeout_seconds)

    def verify_one(
        self, request: verify_service_pb2.VerifyRequest, *, timeout_seconds: float | None = None
    ) -> verdict_pb2.Verdict:
        """`verify` with a whole request, as of `verify_request`."""
        return self._call(lambda stub: stub.Verify, request, timeout_seconds)

    def verify_scan(self, scan: str, purpose: str = "") -> verdict_pb2.Verdict:
        """Check what a scanner read, whole."""
        return self.verify(verify_service_pb2.Subject(scan=scan), purpose=purpose)

    def batch_verify(
        self,
        requests: Iterable[verify_service_pb2.VerifyRequest],
        *,
        parallel: int = PARALLEL,
        timeout_seconds: float = BATCH_SECONDS,
    ) -> list[verify_service_pb2.VerifyResult]:
        """Check any number, in calls of what the service takes, several calls at a time.

        The results have the order of the requests; a refused request has its error in its place.

        Args:
            requests: read as they are sent.
            parallel: calls at a time; they take turns on the connections.
            timeout_seconds: for each call.

        Raises:
            BatchIncomplete: some calls failed. It has the results of the others, and says which
                requests are without.
        """

        def ask(chunk: Chunk) -> tuple[verify_service_pb2.VerifyResult, ...] | FailedChunk:
            try:
                answer = self._call(lambda stub: stub.BatchVerify, chunk.message(), timeout_seconds)
            except (ServiceError, Unreachable) as error:
                return chunk.failed(error)
            return chunk.results_of(answer)

        with ThreadPoolExecutor(parallel, thread_name_prefix="batch") as pool:
            return gathered(_in_order(pool, ask, chunks(requests), ahead=2 * parallel))

    def stream(
        self,
        requests: Iterable[verify_service_pb2.VerifyRequest],
        *,
        ahead: int = AHEAD,
        timeout_seconds: float = STREAM_SECONDS,
    ) -> Iterator[verify_service_pb2.VerifyResult]:
        """Check requests as they come; one result for each, in order.

        A reader that is slow slows the reading of `requests`. A connection that breaks is made
        again, to another node where there is one, and what had no answer is asked again.

        Args:
            requests: read in another thread, at most `ahead` beyond the last result taken.
            ahead: see `requests`.
            timeout_seconds: for the whole stream.

        Raises:
            ServiceError, Unreachable: as `verify`, after the results that came before.
            Exception: what `requests` raised, after the results of those it gave.
        """
        wait = self._options.wait_for_quota
        tries = Tries(timeout_seconds, wait_for_quota=wait, stubborn=True)
        feed = Feed((stream_request(each) for each in requests), ahead)
        while not feed.done:
            failed: ServiceError | Unreachable
            attempt = feed.attempt()
            with _one_of(self._streams) as stub:
                call = stub.VerifyStream(attempt, timeout=tries.left(), metadata=tries.metadata)
                try:
                    for answer in call:
                        feed.answered()
                        tries.progressed()
                        yield answer.result
                    failed = Unreachable(SERVICE, "the stream ended before its last answer")
                except grpc.RpcError as error:
                    failed = readable(error, SERVICE)
                finally:
                    feed.end(attempt)
                    call.cancel()
            if not feed.done:
                _pause(tries, failed)
        if feed.error is not None:
            raise feed.error

    def verify_statement(
        self,
        content: bytes,
        *,
        timeout_seconds: float | None = None,
        **about: Unpack[AboutStatement],
    ) -> statement_verdict_pb2.StatementVerdict:
        """Check a premises statement, and look for an address on it."""
        request = verify_service_pb2.VerifyStatementRequest(content=content, **about)
        return self._call(lambda stub: stub.VerifyStatement, request, timeout_seconds)

    def close(self) -> None:
        """Close the connections; calls that run have their answers first."""
        for line in (*self._lines.shut(), *self._streams.shut()):
            line.channel.close()

    def _call(
        self,
        method: Callable[[VerifyServiceStub], "grpc.UnaryUnaryMultiCallable[Any, Answer]"],
        request: Any,
        seconds: float | None,
    ) -> Answer:
        seconds = self._options.timeout_seconds if seconds is None else seconds
        wait = self._options.wait_for_quota
        tries = Tries(seconds, wait_for_quota=wait, stubborn=self._several)
        while True:
            try:
                with _one_of(self._lines) as stub:
                    return method(stub)(request, timeout=tries.left(), metadata=tries.metadata)
            except grpc.RpcError as error:
                _pause(tries, readable(error, SERVICE), error)


def _lines(
    target: str, identity: Callable[[], TlsFiles], options: Options, *, retries: bool
) -> Lines[_Line]:
    def opened(tls: TlsFiles) -> _Line:
        told = verify_options(options.server_name, retries=retries)
        channel = grpc.secure_channel(target, tls.channel_credentials(), options=told)
        return _Line(channel, VerifyServiceStub(channel))

    return Lines(opened, identity, options.connections)


@contextmanager
def _one_of(lines: Lines[_Line]) -> Iterator[VerifyServiceStub]:
    taken = lines.take()
    try:
        yield taken.line.stub
    finally:
        for spent in lines.give_back(taken):
            spent.channel.close()


def _pause(
    tries: Tries, failed: ServiceError | Unreachable, cause: BaseException | None = None
) -> None:
    """Wait before the next try.

    Raises:
        ServiceError, Unreachable: that was the last.
    """
    pause = tries.pause_after(failed)
    if pause is None:
        raise failed from cause
    time.sleep(pause)


def _in_order(
    pool: ThreadPoolExecutor,
    ask: Callable[[Chunk], Answer],
    asked: Iterable[Chunk],
    ahead: int,
) -> Iterator[Answer]:
    """Answers in order, at most `ahead` of them or their requests held."""
    running: deque[Future[Answer]] = deque()
    for chunk in asked:
        running.append(pool.submit(ask, chunk))
        if len(running) == ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()
