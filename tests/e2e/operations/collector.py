"""A collector of traces: OTLP's own gRPC service, which keeps what real processes export."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as pb_grpc
from opentelemetry.proto.trace.v1 import trace_pb2


@dataclass(frozen=True)
class Told:
    """A span, and the service that exported it."""

    service: str
    span: trace_pb2.Span

    @property
    def name(self) -> str:
        return self.span.name

    @property
    def trace(self) -> str:
        return self.span.trace_id.hex()

    @property
    def attributes(self) -> dict[str, str | int]:
        return {
            each.key: each.value.string_value or each.value.int_value
            for each in self.span.attributes
        }


@dataclass
class Collector(pb_grpc.TraceServiceServicer):
    """Keeps every request."""

    address: str = ""
    requests: list[pb.ExportTraceServiceRequest] = field(default_factory=list)

    def Export(self, request: pb.ExportTraceServiceRequest, context: Any) -> Any:  # noqa: N802
        self.requests.append(request)
        return pb.ExportTraceServiceResponse()

    @property
    def wire(self) -> bytes:
        """All that came, as it came."""
        return b"".join(each.SerializeToString() for each in self.requests)

    def spans(self) -> list[Told]:
        """Every span."""
        found = []
        for request in self.requests:
            for by_resource in request.resource_spans:
                named = {a.key: a.value.string_value for a in by_resource.resource.attributes}
                for by_scope in by_resource.scope_spans:
                    found += [Told(named["service.name"], each) for each in by_scope.spans]
        return found


@contextmanager
def a_collector() -> Iterator[Collector]:
    collector = Collector()
    server = grpc.server(ThreadPoolExecutor(2))
    pb_grpc.add_TraceServiceServicer_to_server(collector, server)  # type: ignore[no-untyped-call]
    collector.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield collector
    finally:
        server.stop(0).wait()
