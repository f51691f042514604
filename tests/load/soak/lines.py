"""Connections of the load to the nodes, each with the newest edition that it has told."""

import http.client
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import grpc

from license_verify.rpc.client import open_channel
from license_verify.rpc.tls import TlsFiles
from tests.rpc.registry.world import HOST
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

CALL_SECONDS: Final = 60.0
"""Longer than anything may take: who runs into it is a failure, not a slow answer."""


class Floor:
    """The newest edition told so far. What is asked afterwards must not be older."""

    def __init__(self) -> None:
        self._newest = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """The newest so far."""
        return self._newest

    def raise_to(self, edition: float) -> None:
        """An answer told this edition."""
        with self._lock:
            self._newest = max(self._newest, edition)

    def forget(self) -> None:
        """The connection is a new one, perhaps to another process."""
        with self._lock:
            self._newest = 0.0


class RpcLine:
    """A channel with one connection, which goes to one of the node's processes."""

    def __init__(self, address: str, tls: TlsFiles) -> None:
        self.floor = Floor()
        self.connections = 0
        self._channel = open_channel(address, tls, deadline_seconds=CALL_SECONDS)
        self.stub: Any = VerifyServiceStub(self._channel)
        self._channel.subscribe(self._turned)

    def _turned(self, state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.READY:
            self.connections += 1
            self.floor.forget()

    def close(self) -> None:
        """Hang up."""
        self._channel.unsubscribe(self._turned)
        self._channel.close()


@dataclass(frozen=True, slots=True)
class Page:
    """What a request to the page was answered."""

    status: int
    etag: str
    content: bytes


class PageLine:
    """A browser's connection, which is opened again when the page has closed it as idle."""

    def __init__(self, address: str, root: bytes) -> None:
        self.floor = Floor()
        host, _, port = address.rpartition(":")
        trusted = ssl.create_default_context(cadata=root.decode())
        self._connection = http.client.HTTPSConnection(
            host, int(port), context=trusted, timeout=CALL_SECONDS
        )

    def get(self, path: str, **headers: str) -> Page:
        """GET a path of the public host.

        Raises:
            OSError, http.client.HTTPException: there was no answer.
        """
        if self._connection.sock is not None:
            # It may have been closed just now, as idle: then nothing was lost by asking.
            with suppress(http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                return self._get(path, headers)
            self._connection.close()
        self.floor.forget()
        return self._get(path, headers)

    def _get(self, path: str, headers: dict[str, str]) -> Page:
        self._connection.request("GET", path, headers={"Host": HOST, **headers})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.will_close:
            self._connection.close()
        return Page(answer.status, answer.getheader("ETag", ""), content)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
