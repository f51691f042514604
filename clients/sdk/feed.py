"""The feed of events, followed across broken connections and servers that stop."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

import grpc

from clients.sdk.caller import Caller
from clients.sdk.closing import Closing
from clients.sdk.errors import ServiceError, Unreachable, readable
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub

_CALL_SECONDS: Final = 300.0
"""One call lasts no longer, so that a connection that died silently is noticed."""
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
# The server, or what stands between, ended the call; going on after the cursor loses nothing.
_GO_ON: Final = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
}
_BEYOND: Final = 2**63 - 1
_LATER: Final = "TOO_MANY_WATCHES"


class Watch(Closing):
    """Batches of events, in order, none missing and none twice; iterate over it.

    `cursor` is where to start again in another process: everything up to it was given out. Keep
    it together with what you did for the batch.
    """

    def __init__(self, stub: Any, request: pb.WatchEventsRequest, service: str) -> None:
        self._stub = stub
        self._request = request
        self._service = service
        self._closed = threading.Event()
        self._call: Any = None
        self.cursor = request.after

    def __iter__(self) -> Iterator[pb.WatchEventsResponse]:
        """Every batch; ends once closed.

        Raises:
            ServiceError: refused for good, as `CURSOR_TOO_OLD` or `CURSOR_AHEAD`.
        """
        pause = _FIRST_PAUSE
        while not self._closed.is_set():
            try:
                for batch in self._batches():
                    pause = _FIRST_PAUSE
                    yield batch
            except grpc.RpcError as error:
                if self._closed.is_set():
                    return
                _require_passing(error, self._service)
            self._closed.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def close(self) -> None:
        """End the iteration; from any thread."""
        self._closed.set()
        if self._call is not None:
            self._call.cancel()

    def _batches(self) -> Iterator[pb.WatchEventsResponse]:
        request = pb.WatchEventsRequest()
        request.CopyFrom(self._request)
        request.after = self.cursor
        self._call = self._stub.WatchEvents(request, timeout=_CALL_SECONDS)
        try:
            if self._closed.is_set():  # closed while the call was made
                return
            for batch in self._call:
                self.cursor = batch.cursor
                yield batch
        finally:
            self._call.cancel()


def _require_passing(error: grpc.RpcError, service: str) -> None:
    """Stop unless trying again may work."""
    told = readable(error, service)
    if isinstance(told, Unreachable):
        return
    if told.failure.code in _GO_ON or told.reason == _LATER:
        return
    raise told from error


class Feed:
    """What happened at the registry, as it happens."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = PublicationServiceStub(channel)
        self._caller = caller

    def newest(self) -> int:
        """The last feed number given: who asks for what lies beyond is told it.

        Raises:
            ServiceError, Unreachable: it was not told.
        """
        request = pb.WatchEventsRequest(after=_BEYOND)
        call = self._stub.WatchEvents(request, timeout=self._caller.timeout_seconds)
        try:
            next(call)
        except grpc.RpcError as error:
            told = readable(error, self._caller.service)
            if isinstance(told, ServiceError) and told.reason == "CURSOR_AHEAD":
                return int(told.metadata["newest"])
            raise told from error
        raise AssertionError("no feed reaches that far")

    def watch(
        self, after: int = 0, *, unit: str = "", kinds: Sequence[str] = (), entity: str = ""
    ) -> Watch:
        """Follow the events after that number; 0 from the oldest that is kept.

        Args:
            after: the cursor of the last batch that was dealt with.
            unit: `units/{unit}`; only of entities it registers, or whose premises it hosts.
            kinds: as `entity.revoked`, or `premises.*`; all where empty.
            entity: `entities/{code}`; only of this one.
        """
        request = pb.WatchEventsRequest(after=after, unit=unit, kinds=kinds, entity=entity)
        self._caller.purpose.said_in(request)
        return Watch(self._stub, request, self._caller.service)
