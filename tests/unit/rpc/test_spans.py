"""Spans: none without a collector, a caller's trace taken up, nothing of an exception's text."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from license_verify.rpc import spans
from license_verify.rpc.settings import ConfigRefused
from license_verify.rpc.tracing import start_tracing

METHOD = "/yizhao.verify.v1.VerifyService/Verify"
THEIRS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CANARY = "金丝雀张三丰"
ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}


class Kept:
    """Spans that ended, by name."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    def __getitem__(self, name: str) -> ReadableSpan:
        (found,) = (each for each in self.exporter.get_finished_spans() if each.name == name)
        return found


@pytest.fixture
def kept() -> Iterator[Kept]:
    found = Kept()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found.exporter))
    spans.start(provider.get_tracer("test"))
    yield found
    spans.start(None)
    provider.shutdown()


def test_without_a_collector_nothing_is_made() -> None:
    assert not spans.tracing()
    assert spans.served(METHOD, ((spans.TRACEPARENT, THEIRS),)) is None
    assert spans.asked(METHOD) is None
    with spans.inside("verify.scan", purpose="banking") as span:
        assert span is None
    assert spans.trace_id() == ""


def test_a_call_goes_on_with_its_callers_trace_and_passes_its_own_on(kept: Kept) -> None:
    span = spans.served(METHOD, (("x-request-id", "1"), (spans.TRACEPARENT, THEIRS)))
    assert span is not None
    token = spans.enter(span)
    assert spans.trace_id() == "4bf92f3577b34da6a3ce929d0e0e4736"
    asked = spans.asked("/yizhao.registry.v1.PublicationService/GetPublicRecord")
    assert asked is not None
    assert spans.traceparent(asked).startswith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
    spans.finish(asked, 14, failed=True)
    spans.leave(token)
    spans.finish(span, 0, failed=False)
    ended = kept[METHOD[1:]]
    assert ended.parent is not None
    assert f"{ended.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert spans.trace_id() == ""


@pytest.mark.parametrize(
    "strange",
    ["", "00", CANARY, f"00-{'0' * 32}-{'0' * 16}-01", THEIRS.upper(), f"{THEIRS}-1", b"\0"],
)
def test_a_strange_traceparent_begins_a_trace_of_its_own(kept: Kept, strange: str | bytes) -> None:
    span = spans.served(METHOD, ((spans.TRACEPARENT, strange),))
    assert span is not None
    spans.finish(span, 0, failed=False)
    assert kept[METHOD[1:]].parent is None


def test_a_background_call_begins_no_trace(kept: Kept) -> None:
    assert spans.asked(METHOD) is None


def test_what_a_block_raises_is_told_by_its_type_alone(kept: Kept) -> None:
    with (
        pytest.raises(ValueError, match=CANARY),
        spans.inside("outer", root=True),
        spans.inside("inner"),
    ):
        raise ValueError(CANARY)
    for name in ("outer", "inner"):
        assert kept[name].attributes == {"error.type": "ValueError"}
        assert not kept[name].events
        assert kept[name].status.description is None
        assert CANARY not in kept[name].to_json()


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"OTEL_SERVICE_NAME": "verify"},
        ENDPOINT | {"OTEL_SDK_DISABLED": "true"},
        ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_tracing_is_off_unless_an_endpoint_is_named(environ: dict[str, str]) -> None:
    start_tracing("yizhao-verify", environ)()
    assert not spans.tracing()


def test_another_protocol_than_grpc_is_refused_by_name() -> None:
    with pytest.raises(ConfigRefused, match="OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf"):
        start_tracing("yizhao-verify", ENDPOINT | {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"})


def test_a_missing_exporter_is_named_with_what_installs_it() -> None:
    code = f"""
import sys
sys.modules["opentelemetry.sdk"] = None
from license_verify.rpc.tracing import start_tracing
try:
    start_tracing("yizhao-verify", {ENDPOINT!r})
except ValueError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert "yizhao[tracing]" in done.stdout
