"""Usage counts answers that were given: of a batch whose caller went away there are none."""

import threading
from typing import Any

import grpc
import pytest

from license_verify.server.servicer import VerifyServicer
from tests.e2e.page.node import a_node, until
from tests.e2e.page.registry import Publisher
from tests.e2e.usage.office import Office, ask
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import World
from yizhao.verify.v1.verify_service_pb2 import BatchVerifyRequest, Subject, VerifyRequest

METHOD = "/yizhao.verify.v1.VerifyService/BatchVerify"


class Held(threading.Event):
    """Says when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.awaited.set()
        return super().wait(timeout)


def test_a_batch_whose_caller_went_away_counts_nothing(
    office: Office, world: World, publisher: Publisher, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register answers when the node knows that nobody waits any more."""
    contexts: list[grpc.ServicerContext] = []
    checks = VerifyServicer.BatchVerify

    def watched(self: VerifyServicer, request: Any, context: grpc.ServicerContext) -> Any:
        contexts.append(context)
        return checks(self, request, context)

    monkeypatch.setattr(VerifyServicer, "BatchVerify", watched)
    monkeypatch.setattr("license_verify.server.live._DEADLINE_SECONDS", 60.0)
    publisher.slow_seconds, publisher.never = 60.0, Held()
    # This purpose demands the register's answer.
    request = VerifyRequest(subject=Subject(scan=world.scan()), purpose="investigation")
    with a_node(office.config(), office.authorities) as node:
        until(lambda: node.has("live"))
        with node.verifier() as stub:
            asked = stub.BatchVerify.future(BatchVerifyRequest(requests=[request]))
            assert publisher.never.awaited.wait(60)
            asked.cancel()
            until(lambda: not contexts[0].is_active())
        publisher.never.set()
        until(lambda: any(line["method"] == METHOD for line in log.lines("rpc.call")))
        answered = ask(node, world, purpose="counter")
        office.await_count(1)
        (row,) = office.rows("SELECT receipt_id, purpose FROM receipt")
    assert f"receipts/{row['receipt_id']}" == answered.receipt_name
    assert row["purpose"] == "counter"
