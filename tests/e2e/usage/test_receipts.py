"""From a verdict to its receipt, the journal, and the database."""

from uuid import UUID

from license_verify.receipt_document import open_receipt
from license_verify.server.database.connections import Database
from license_verify.server.usage.ids import business_day, day_of
from license_verify.server.usage.recheck import recheck
from tests.e2e.page.node import Node
from tests.e2e.usage.office import Office, ask, trust_of
from tests.unit.verify.world import FACE, USCC, World
from yizhao.verify.v1.verify_service_pb2 import BatchVerifyRequest, Subject, VerifyRequest


def test_a_verdict_brings_a_receipt_that_verifies_and_is_counted_once(
    node: Node, office: Office, world: World
) -> None:
    asked = {
        "purpose": "banking",
        "item_code": "开户-01",
        "case_number": "2026-000123",
        "operator_reference": "op-7f3a",
    }
    verdict = ask(node, world, **asked)
    receipt = open_receipt(verdict.receipt, trust_of(world))
    assert verdict.receipt_name == f"receipts/{receipt.id}"
    assert (receipt.outcome, receipt.status, receipt.uscc) == ("VALID", "VALID", USCC)
    assert receipt.token_id == verdict.token_id
    assert (receipt.asked.partner, receipt.asked.purpose) == ("partner/icbank", "banking")
    assert (receipt.asked.item_code, receipt.asked.operator) == ("开户-01", "op-7f3a")
    assert receipt.issued_at == verdict.verify_time.ToDatetime(receipt.issued_at.tzinfo).replace(
        microsecond=0
    )
    office.await_count(1)
    (stored,) = office.rows("SELECT * FROM receipt")
    assert bytes(stored["document"]) == verdict.receipt
    assert stored["day"] == business_day(receipt.issued_at) == day_of(UUID(str(receipt.id)))
    (counted,) = office.rows("SELECT * FROM usage_day")
    assert (counted["item"], counted["operator"], counted["unit"], counted["outcome"]) == (
        "开户-01",
        "op-7f3a",
        FACE.registrar,
        "VALID",
    )


def test_each_item_of_a_batch_has_its_receipt_and_refused_ones_none(
    node: Node, office: Office, world: World
) -> None:
    good = VerifyRequest(subject=Subject(scan=world.scan()))
    with node.verifier() as stub:
        answer = stub.BatchVerify(BatchVerifyRequest(requests=[good, VerifyRequest(), good]))
    first, refused, last = answer.results
    assert refused.error.message
    assert not refused.HasField("verdict")
    names = {first.verdict.receipt_name, last.verdict.receipt_name}
    assert len(names) == 2
    for each in (first, last):
        receipt = open_receipt(each.verdict.receipt, trust_of(world))
        assert each.verdict.receipt_name == f"receipts/{receipt.id}"
        assert each.verdict.receipt[:1] == b"\x82"  # the two are under one signature
    office.await_count(2)
    stored = {bytes(row["document"]) for row in office.rows("SELECT document FROM receipt")}
    assert stored == {each.verdict.receipt for each in (first, last)}
    with Database(office.database_url, 1) as database:
        assert list(recheck(database, trust_of(world))) == []
