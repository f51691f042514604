"""One trace from a scanned page to the register's database, and nothing of what was said in it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.local.stack import Stack, opened
from registry_service.embedded.folder import remove_instance
from tests.e2e.operations.collector import Collector, Told, a_collector
from tests.e2e.privacy.canary import CANARIES, LATIN, NAME, PERSON, forms
from tests.e2e.privacy.test_canary import Callers, acts, bugs, checks, refusals
from tests.rpc.registry import people
from yizhao.verify.v1 import verify_service_pb2 as verify_pb
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

THEIR_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
THEIR_SPAN = "00f067aa0ba902b7"
PAGE_TO_DATABASE = (
    ("yizhao-verify", "page check"),
    ("yizhao-verify", "verify.scan"),
    ("yizhao-verify", "yizhao.registry.v1.PublicationService/GetPublicRecord"),
    ("yizhao-registry", "yizhao.registry.v1.PublicationService/GetPublicRecord"),
    ("yizhao-registry", "registry.reading"),
)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with a_collector() as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "instance"
    remove_instance(tmp_path / "instance" / "database")


@pytest.fixture
def stack(folder: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Real processes that export their traces."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    for name in ("REGISTRY", "VERIFY"):
        monkeypatch.setenv(f"YIZHAO_{name}_DRAIN_SECONDS", "0")
    without = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
    with opened(folder, without, None, lambda _: None) as started:
        yield started


@pytest.fixture
def callers(stack: Stack, folder: Path) -> Iterator[Callers]:
    made = Callers(stack, folder)
    yield made
    made.close()


def line_to_root(spans: list[Told], last: Told) -> list[Told]:
    """A span's ancestors as far as they were exported, the first first, and itself."""
    by_id = {each.span.span_id: each for each in spans}
    line = [last]
    while (parent := by_id.get(line[0].span.parent_span_id)) is not None:
        line.insert(0, parent)
    return line


def test_a_page_is_one_trace_down_to_the_register_and_none_tells_what_was_said(
    stack: Stack, callers: Callers, folder: Path, collector: Collector
) -> None:
    entity, scans = acts(callers)
    refusals(callers, entity)
    checks(stack, callers, folder, scans)
    # Partners have to be enrolled first; officials' traces are taken up in the same way.
    verifier: Any = VerifyServiceStub(callers.channel(stack.facts.verify, people.RENCHENG))
    verifier.Verify(
        verify_pb.VerifyRequest(
            subject=verify_pb.Subject(scan=scans[0]),
            claims=verify_pb.Claims(name=NAME, person=PERSON),
            case_number=LATIN,
        ),
        metadata=(
            ("traceparent", f"00-{THEIR_TRACE}-{THEIR_SPAN}-01"),
            ("tracestate", f"bank={LATIN}"),
            ("baggage", f"applicant={LATIN}"),
        ),
    )
    bugs(stack, callers, folder, entity)
    callers.close()
    stack.stop_all()

    spans = collector.spans()
    lines = [
        [(each.service, each.name) for each in line_to_root(spans, span)]
        for span in spans
        if span.name == "registry.reading"
    ]
    assert list(PAGE_TO_DATABASE) in lines
    outcomes = {each.attributes["outcome"] for each in spans if each.name == "verify.scan"}
    assert "INVALID" in outcomes

    theirs = [each for each in spans if each.trace == THEIR_TRACE]
    (verified,) = [each for each in theirs if each.name.endswith("VerifyService/Verify")]
    assert verified.span.parent_span_id.hex() == THEIR_SPAN
    assert {each.service for each in theirs} >= {"yizhao-verify"}
    assert not any(each.span.trace_state for each in spans)

    log = [json.loads(line) for line in next(folder.rglob("verify.log")).read_text().splitlines()]
    logged = {line["trace_id"] for line in log if line["event"] == "rpc.call"}
    assert THEIR_TRACE in logged

    assert any(each.attributes.get("rpc.grpc.status_code") == 13 for each in spans), "bugs are told"
    wire = collector.wire
    said = [*CANARIES, *(scan.rpartition("/")[2] for scan in scans), entity.uscc]
    assert [text for text in said if any(form in wire for form in forms(text))] == []
