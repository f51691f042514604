"""What a process counts for Prometheus, and the listener that tells it.

Needs prometheus-client, of the extras `registry` and `server`. Labels are names from the code:
methods, status codes, reasons, purposes. What a caller sends never is one, for two reasons: it may
be a name or a token, and each new value would be a series that is kept for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Final, Self
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import start_http_server
from prometheus_client.process_collector import ProcessCollector

CALLS: Final = "yizhao_rpc_call_duration_seconds"
_BUCKETS: Final = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
)  # fmt: skip


class MetricsUnavailable(OSError):
    """The address of the metrics can't be listened on."""


class Metrics:
    """All that one process tells, its memory, processor time and files among it."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotations
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        self._calls = Histogram(
            CALLS,
            "Calls that ended, by method and status code, and how long each took.",
            ("method", "code"),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self._of_call: dict[tuple[str, str], Histogram] = {}

    def count(self, method: str, code: str, seconds: float) -> None:
        """A call of a method that this process has ended."""
        key = (method, code)
        found = self._of_call.get(key)
        if found is None:
            found = self._of_call[key] = self._calls.labels(*key)
        found.observe(seconds)

    def follow(self, name: str, told: str, read: Callable[[], float]) -> None:
        """A gauge that is read whenever it is asked for; `read` is called by another thread, and
        soon answers. It is NaN where `read` raises."""

        def value() -> float:
            try:
                return float(read())
            except Exception:  # it may be closed already; the others are told all the same
                return float("nan")

        Gauge(name, told, registry=self.registry).set_function(value)


@dataclass(frozen=True, slots=True)
class Exposed:
    """A listener that answers every GET with what is collected."""

    address: str
    _server: WSGIServer
    _thread: Thread

    @classmethod
    def at(cls, address: str, registry: CollectorRegistry) -> Self:
        """Listen on host:port; port 0 lets the system choose.

        Raises:
            MetricsUnavailable: another process has the port, or the host is not ours.
        """
        host, _, port = address.rpartition(":")
        try:
            server, thread = start_http_server(int(port), host.strip("[]"), registry)
        except OSError as error:
            raise MetricsUnavailable(
                f"cannot listen on {address} for metrics: {error.strerror or error}"
            ) from error
        return cls(f"{host}:{server.server_port}", server, thread)

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
