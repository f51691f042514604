"""Load by gRPC: bytes in, bytes out, so that the caller costs little beside the server."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import grpc

from clients.exits import Failure
from license_verify.rpc.client import MAX_RESPONSE_BYTES
from license_verify.rpc.tls import TlsFiles

VERIFY: Final = "/yizhao.verify.v1.VerifyService/Verify"
BATCH: Final = "/yizhao.verify.v1.VerifyService/BatchVerify"
_DEADLINE_SECONDS: Final = 120.0


class CallFailed(Failure):
    """A call of a measurement was refused or lost: what was measured is worth nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(text, zh="测速中有调用失败，结果作废")


@dataclass(frozen=True, slots=True)
class Waits:
    """How long calls waited that were due at moments of their own."""

    answered: tuple[float, ...]
    """Seconds from the moment at which each was due until its answer: a slow answer, or a caller
    that was late because of it, hides no other one's wait."""
    refused: int


class Caller:
    """Calls one method over connections of its own."""

    def __init__(self, address: str, tls: TlsFiles, method: str, connections: int = 1) -> None:
        """Connections are made at the first calls. `address` is of a loopback port."""
        options = [
            ("grpc.max_receive_message_length", MAX_RESPONSE_BYTES),
            ("grpc.use_local_subchannel_pool", 1),  # else all channels share one connection
        ]
        self._channels = [
            grpc.secure_channel(address, tls.channel_credentials(), options)
            for _ in range(connections)
        ]
        # The published types know no method without serializers.
        self._methods: list[Any] = [channel.unary_unary(method) for channel in self._channels]

    def close(self) -> None:
        """Close the connections."""
        for channel in self._channels:
            channel.close()

    def once(self, request: bytes) -> bytes:
        """One call, waited for.

        Raises:
            CallFailed: it was refused or lost.
        """
        try:
            answer: bytes = self._methods[0](
                request, timeout=_DEADLINE_SECONDS, wait_for_ready=True
            )
        except grpc.RpcError as error:
            raise CallFailed(str(error)) from error
        return answer

    def keep_busy(self, requests: Iterator[bytes], seconds: float, under_way: int) -> int:
        """Keep so many calls under way for so long; returns how many were answered.

        Raises:
            CallFailed: one was refused or lost.
        """
        places = threading.Semaphore(under_way)
        failed: list[str] = []

        def ended(call: Any) -> None:
            if call.code() is not grpc.StatusCode.OK:
                failed.append(f"{call.code()}: {call.details()}")
            places.release()

        end, sent = time.monotonic() + seconds, 0
        while time.monotonic() < end and not failed:
            places.acquire()
            self._begin(sent, next(requests)).add_done_callback(ended)
            sent += 1
        for _ in range(under_way):
            places.acquire()
        if failed:
            raise CallFailed(failed[0])
        return sent

    def by_schedule(self, requests: Iterator[bytes], rate: float, seconds: float) -> Waits:
        """Call at random moments, `rate` a second on average, whether or not answers came."""
        answered: list[float] = []
        ended = threading.Semaphore(0)
        moments = random.Random(1)  # noqa: S311 - moments, not keys
        start = time.perf_counter()
        due, sent = start, 0
        while (due := due + moments.expovariate(rate)) < start + seconds:
            pause = due - time.perf_counter()
            if pause > 0:
                time.sleep(pause)

            def told(call: Any, due: float = due) -> None:
                if call.code() is grpc.StatusCode.OK:
                    answered.append(time.perf_counter() - due)
                ended.release()

            self._begin(sent, next(requests)).add_done_callback(told)
            sent += 1
        for _ in range(sent):
            ended.acquire()
        return Waits(tuple(answered), sent - len(answered))

    def _begin(self, number: int, request: bytes) -> Any:
        method = self._methods[number % len(self._methods)]
        return method.future(request, timeout=_DEADLINE_SECONDS)
