"""gRPC's health service: one answer, or every change of it for as long as somebody watches."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2


class Health(health.HealthServicer):
    """The library's, whose watches take no thread, and end when the server does.

    Balancing clients keep one watch a connection open for ever. Left alone, each would hold a drain
    up to its last second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._watches: set[_Sending] = set()
        self._mine = threading.Lock()
        self._told: dict[str, bool] = {}
        self._unsent: SimpleQueue[Callable[[], None]] = SimpleQueue()
        # A daemon, since gRPC lets a last sending wait for ever where its server is gone already.
        threading.Thread(target=self._send, name="health", daemon=True).start()

    def tell(self, name: str, serving: bool) -> None:
        """Answer checks of a name so, and tell its watches if it changed."""
        if self._told.get(name) is not serving:
            self._told[name] = serving
            state = health_pb2.HealthCheckResponse
            self.set(name, state.SERVING if serving else state.NOT_SERVING)

    def Watch(  # noqa: N802 - the contract's name
        self,
        request: health_pb2.HealthCheckRequest,
        context: grpc.ServicerContext,
        send_response_callback: Callable[[Any], None] | None = None,
    ) -> Any:
        """As the library's; remembered while it is open."""
        if send_response_callback is None:
            return super().Watch(request, context)
        sending = _Sending(send_response_callback, self._unsent)
        with self._mine:
            self._watches.add(sending)
        if not context.add_callback(partial(self._forget, sending)):
            self._forget(sending)  # the client has gone already
        return super().Watch(request, context, sending)

    def end_watches(self) -> None:
        """End every watch; each was told the last answer before."""
        with self._mine:
            open_now = list(self._watches)
        for sending in open_now:
            sending(None)

    def _send(self) -> None:
        while True:
            send = self._unsent.get()
            with suppress(Exception):  # whoever left hears nothing; the others go on hearing
                send()

    def _forget(self, sending: "_Sending") -> None:
        with self._mine:
            self._watches.discard(sending)


class _Sending:
    """Sends a watch's answers, and its end once: the library ends it again when it is over.

    A thread of its own sends. Sending waits for gRPC's one thread of events, and that thread waits
    for the library's lock when a client goes away: sent under the lock, as the library does it, the
    two would wait for each other and a drain would never end.
    """

    def __init__(
        self, send: Callable[[Any], None], unsent: SimpleQueue[Callable[[], None]]
    ) -> None:
        self._send = send
        self._unsent = unsent
        self._ended = threading.Event()

    def __call__(self, answer: Any) -> None:
        if self._ended.is_set():
            return
        if answer is None:
            self._ended.set()
        self._unsent.put(lambda: self._send(answer))
