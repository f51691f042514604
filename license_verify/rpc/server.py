"""A gRPC server with all that every service of ours has."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from license_verify.rpc.health import Health
from license_verify.rpc.identity import Identities
from license_verify.rpc.interceptor import Counting, ServiceInterceptor
from license_verify.rpc.tls import TlsFiles

MEBIBYTE: Final = 1 << 20
_QUEUED_PER_WORKER: Final = 8
# A connection is renewed within the hour, so that a certificate that ended is not used for days.
_CONNECTION_AGE_MS: Final = 30 * 60_000
_CONNECTION_GRACE_MS: Final = 5 * 60_000


class AddressUnavailable(OSError):
    """The address can't be listened on."""


@dataclass(frozen=True, slots=True)
class RpcServer:
    """A server with its address and its health."""

    server: grpc.Server
    address: str
    """As `127.0.0.1:40123`, with the port that was chosen."""
    port: int
    _health: Health
    _names: tuple[str, ...]
    _ending: threading.Event

    def start(self) -> None:
        """Serve, and say so to health checks."""
        self.server.start()
        for name in ("", *self._names):
            self.tell_health(name, True)

    def tell_health(self, name: str, serving: bool) -> None:
        """Answer health checks of one name so; once it is said that the server ends, no more."""
        self._health.tell(name, serving)

    def say_that_it_ends(self) -> None:
        """Answer health checks of every name with NOT_SERVING from now on, calls as ever."""
        self._ending.set()
        self._health.enter_graceful_shutdown()

    def ends(self) -> bool:
        """Whether that was said."""
        return self._ending.is_set()

    def begin_drain(self, seconds: float) -> threading.Event:
        """Take no more calls, let those that run finish for so long, then cancel them.

        Returns:
            What is set when the last call has ended.
        """
        self.say_that_it_ends()
        ended: threading.Event = self.server.stop(seconds)
        self._health.end_watches()
        return ended

    def drain(self, seconds: float) -> None:
        """The same, and wait for it."""
        self.begin_drain(seconds).wait()


def build_server(
    *,
    address: str,
    tls: TlsFiles,
    identities: Identities,
    services: Mapping[str, Callable[[grpc.Server], object]],
    workers: int,
    share_port: bool = False,
    max_request_bytes: int = 4 * MEBIBYTE,
    pools: Mapping[str, ThreadPoolExecutor] | None = None,
    long_calls: int = 0,
    count: Counting | None = None,
    waiting_calls: int | None = None,
) -> RpcServer:
    """Make a server that is bound but not started.

    `services` maps each full name, as `yizhao.verify.v1.VerifyService`, to what adds its servicer.
    `address` is host:port; port 0 lets the system choose. `share_port` lets several processes
    listen on one port; without it a second one is refused. `pools` gives methods, as
    `/package.Service/Method`, threads of their own: long calls, of which there are at most
    `long_calls`, would take the workers of all others. `waiting_calls` of all callers may stand in
    line for a worker, 8 for each where it is None; gRPC refuses more, whoever calls. `count` is
    told of every call that ended.

    Raises:
        AddressUnavailable: another process has the port, or the host is not ours.
    """
    server = grpc.server(
        ThreadPoolExecutor(workers, thread_name_prefix="rpc"),
        interceptors=[ServiceInterceptor(identities, pools, count)],
        options=_options(share_port, max_request_bytes),
        maximum_concurrent_rpcs=workers
        + long_calls
        + (workers * (_QUEUED_PER_WORKER - 1) if waiting_calls is None else waiting_calls),
    )
    for add in services.values():
        add(server)
    state = Health()
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    reflection.enable_server_reflection(
        (*services, health.SERVICE_NAME, reflection.SERVICE_NAME), server
    )
    try:
        port = server.add_secure_port(address, tls.server_credentials())
    except RuntimeError as error:
        raise AddressUnavailable(f"cannot listen on {address}: is the port in use?") from error
    if port == 0:
        raise AddressUnavailable(f"cannot listen on {address}: is the port in use?")
    host = address.rpartition(":")[0]
    return RpcServer(server, f"{host}:{port}", port, state, tuple(services), threading.Event())


def _options(share_port: bool, max_request_bytes: int) -> list[tuple[str, int]]:
    return [
        ("grpc.so_reuseport", int(share_port)),
        ("grpc.max_receive_message_length", max_request_bytes),
        ("grpc.max_metadata_size", 16 * 1024),
        ("grpc.max_connection_age_ms", _CONNECTION_AGE_MS),
        ("grpc.max_connection_age_grace_ms", _CONNECTION_GRACE_MS),
    ]
