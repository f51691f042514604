"""Sends spans to a collector, as the standard `OTEL_…` environment variables say.

Needs the extra `tracing`. Without an endpoint nothing is imported and nothing is made.
"""

from collections.abc import Callable, Mapping
from typing import Final

from license_verify.rpc import spans
from license_verify.rpc.settings import ConfigRefused

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_FLUSH_MS: Final = 2_000


def start_tracing(service: str, environ: Mapping[str, str]) -> Callable[[], None]:
    """Begin to send spans if the environment names a collector; returns what sends the last ones.

    `service` is the name where OTEL_SERVICE_NAME tells none.

    Raises:
        ConfigRefused: tracing is asked for in a way that this installation cannot serve.
    """
    if not _wanted(environ):
        return _nothing
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise ConfigRefused(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but what sends traces is not installed: install"
            " yizhao[tracing], or unset it"
        ) from None
    given = environ.get("OTEL_SERVICE_NAME") or service
    provider = TracerProvider(resource=Resource.create({"service.name": given}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    spans.start(provider.get_tracer("yizhao"))

    def end() -> None:
        spans.start(None)
        provider.force_flush(_FLUSH_MS)
        provider.shutdown()

    return end


def _wanted(environ: Mapping[str, str]) -> bool:
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return False
    if not any(environ.get(name) for name in _ENDPOINTS):
        return False
    protocol = next((environ[name] for name in _PROTOCOLS if environ.get(name)), "grpc")
    if protocol != "grpc":
        raise ConfigRefused(
            f"OTEL_EXPORTER_OTLP_PROTOCOL is {protocol[:20]}: traces go by grpc here, to the"
            " collector's port 4317 as a rule"
        )
    return True


def _nothing() -> None:
    """Nothing was begun."""
