"""A connection that takes seconds to be made, over a thin line or to a busy machine, is made."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import grpc
import pytest

from clients.sdk import channel as sdk
from license_verify.rpc import client
from license_verify.rpc.identity import Authority
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.echo import NAME, an_echo_server
from tests.rpc.verify.logs import configured_log

_LATE_SECONDS: Final = 1.7
"""Until the server's first bytes arrive: longer than any pause between two attempts was."""


@contextmanager
def a_slow_line(address: str) -> Iterator[str]:
    """The address of a line to that server, on which its first bytes arrive late."""
    host, _, port = address.rpartition(":")
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(
            target=_accept, args=(listening, (host, int(port)), over), daemon=True
        ).start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            with suppress(OSError):  # wakes who waits for a connection
                socket.create_connection(listening.getsockname()).close()


def _accept(listening: socket.socket, server: tuple[str, int], over: threading.Event) -> None:
    while True:
        near, _ = listening.accept()
        if over.is_set():
            near.close()
            return
        far = socket.create_connection(server)
        for source, target, late in ((near, far, 0.0), (far, near, _LATE_SECONDS)):
            threading.Thread(target=_pump, args=(source, target, late, over), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket, late: float, over: threading.Event) -> None:
    with suppress(OSError), source:
        while data := source.recv(1 << 16):
            over.wait(late)
            late = 0.0
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("open_channel", [client.open_channel, sdk.open_channel])
def test_a_connection_that_takes_seconds_is_waited_for(
    authorities: Authorities, open_channel: Callable[..., grpc.Channel]
) -> None:
    tls = authorities.client("partner/icbank", Authority.PARTNERS)
    with (
        configured_log(),
        an_echo_server(authorities) as server,
        a_slow_line(server.address) as address,
        open_channel(address, tls) as channel,
    ):
        call: Any = channel.unary_unary(f"/{NAME}/One")
        assert call(b"hello", timeout=30).startswith(b"hello from ")
