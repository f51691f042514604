"""What our own part of the interceptor costs a call: `python -m tests.load.bench_interceptor`.

A call's context stands in for gRPC's, so that threads and TLS do not drown what is measured. Counts
processor time of one thread, not time: the machine may be busy.
"""

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from opentelemetry.sdk.trace import TracerProvider

from license_verify.rpc import spans
from license_verify.rpc.identity import Authority
from license_verify.rpc.interceptor import ServiceInterceptor
from license_verify.rpc.logging import configure
from license_verify.rpc.metrics import Metrics
from tests.rpc.verify.authority import DOMAIN, Authorities

_CALLS, _ROUNDS = 1_000, 15
_METHOD = "/yizhao.test.Echo/One"
_SENT = (("x-request-id", "0191d5b1-77aa-7c70-9d3b-4a58c53e1b11"), ("user-agent", "grpc"))


class _Details:
    method = _METHOD
    invocation_metadata = _SENT


class _Context:
    """What a call of a bank looks like."""

    def __init__(self, certificate: bytes) -> None:
        self._certificate = certificate

    def invocation_metadata(self) -> Any:
        return _SENT

    def auth_context(self) -> Mapping[str, Sequence[bytes]]:
        name = f"spiffe://{DOMAIN}/partner/icbank".encode()
        return {"peer_spiffe_id": [name], "x509_pem_cert": [self._certificate]}

    def time_remaining(self) -> float:
        return 9.0

    def set_trailing_metadata(self, metadata: Any) -> None:
        """It goes with the answer."""

    def code(self) -> None:
        """None was set."""


def measured(authorities: Authorities, metrics: Metrics | None) -> float:
    """Microseconds of processor time that an empty call takes, the least of some rounds."""
    count = metrics.count if metrics is not None else None
    interceptor = ServiceInterceptor(authorities.identities(), count=count)
    handler: Any = grpc.unary_unary_rpc_method_handler(lambda request, context: b"")
    tls = authorities.client("partner/icbank", Authority.PARTNERS)
    context: Any = _Context(tls.certificate)
    details: Any = _Details

    def call() -> None:
        wrapped: Any = interceptor.intercept_service(lambda _: handler, details)
        wrapped.unary_unary(b"", context)

    rounds = []
    for _ in range(_ROUNDS):
        begun = time.thread_time()
        for _ in range(_CALLS):
            call()
        rounds.append((time.thread_time() - begun) / _CALLS * 1e6)
    return min(rounds)


def main() -> None:
    """Print one line for each way to run a service."""
    with open(os.devnull, "w", buffering=1) as nowhere:  # noqa: PTH123 - line by line, as stderr
        configure("INFO", nowhere)
        authorities = Authorities.make()
        print(f"log line alone {measured(authorities, None):.1f} µs")
        print(f"and metrics {measured(authorities, Metrics()):.1f} µs")
        spans.start(TracerProvider().get_tracer("bench"))
        print(f"and a span that nobody takes {measured(authorities, Metrics()):.1f} µs")


if __name__ == "__main__":
    main()
