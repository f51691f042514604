"""A checked premises statement is counted once, like a verdict, and leaves no receipt."""

from typing import Any

import grpc
import pytest

from license_verify.rpc.errors import from_rpc_error
from tests.e2e.page.node import Node
from tests.e2e.page.registry import Publisher
from tests.e2e.usage.office import Office, ask
from tests.e2e.usage.test_usage_service import BANK, WINDOW, checks, query, service
from tests.unit.verify.stated import REPLACED_INDEX, STATEMENT, signed, stated_in, stating
from tests.unit.verify.world import World
from yizhao.verify.v1 import receipt_pb2, verdict_pb2
from yizhao.verify.v1.statement_verdict_pb2 import StatementVerdict
from yizhao.verify.v1.verify_service_pb2 import VerifyStatementRequest


@pytest.fixture
def world(world: World) -> World:
    return stating(world)


def show(node: Node, content: bytes, **more: Any) -> StatementVerdict:
    with node.verifier() as stub:
        answer = stub.VerifyStatement(VerifyStatementRequest(content=content, **more))
    assert isinstance(answer, StatementVerdict)
    return answer


def test_each_answer_about_a_statement_is_counted_once_beside_the_verdicts(
    node: Node, office: Office, world: World
) -> None:
    in_force, replaced = signed(stated_in(world)), signed(stated_in(world, REPLACED_INDEX))
    for _ in range(2):
        show(node, in_force, purpose="charging-point", address="曲阜市鲁城街道样例街8号")
    show(node, replaced, purpose="charging-point")
    show(node, replaced, purpose="charging-point", item_code="报装-01", operator_reference="柜台-3")
    ask(node, world, purpose="charging-point", item_code="报装-01")
    with pytest.raises(grpc.RpcError) as refused:
        show(node, in_force[:-1] + b"\x00", purpose="charging-point")
    assert from_rpc_error(refused.value).reason == "STATEMENT_FORGED"
    office.await_count(5)
    unit, valid = f"units/{STATEMENT.registrar}", verdict_pb2.OUTCOME_VALID
    found = query(node, BANK, "PURPOSE", "ITEM", "OPERATOR", "UNIT", "OUTCOME").rows
    assert {
        (row.purpose, row.item_code, row.operator_reference, row.unit, row.outcome, row.count)
        for row in found
    } == {
        ("charging-point", "报装-01", "", unit, verdict_pb2.OUTCOME_INDETERMINATE, 1),
        ("charging-point", "报装-01", "柜台-3", unit, verdict_pb2.OUTCOME_INVALID, 1),
        ("charging-point", "statement", "", unit, valid, 2),
        ("charging-point", "statement", "", unit, verdict_pb2.OUTCOME_INVALID, 1),
    }


def test_it_is_listed_without_a_document_and_the_business_learns_of_it(
    node: Node, office: Office, world: World, publisher: Publisher
) -> None:
    publisher.staff[WINDOW] = ("REGISTRAR units/11",)
    show(node, signed(stated_in(world)), purpose="banking")
    show(node, signed(stated_in(world)), purpose="investigation")
    office.await_count(2)
    with service(node, BANK) as stub:
        listed = stub.ListReceipts(receipt_pb2.ListReceiptsRequest(uscc=STATEMENT.uscc)).receipts
    assert {(each.item_code, each.document, each.token_id) for each in listed} == {
        ("statement", b"", b"")
    }
    assert {(each.status, each.reason) for each in listed} == {(verdict_pb2.STATUS_VALID, "OK")}
    (told,) = checks(node, WINDOW)
    assert (told.partner, told.purpose) == (BANK, "banking")


def test_it_is_found_again_by_the_case_that_it_was_shown_for(
    node: Node, office: Office, world: World
) -> None:
    show(node, signed(stated_in(world)), purpose="banking")
    show(node, signed(stated_in(world)), purpose="banking", case_number="案-7")
    office.await_count(2)
    with service(node, BANK) as stub:
        listed = stub.ListReceipts(receipt_pb2.ListReceiptsRequest(case_number="案-7")).receipts
    assert [(each.uscc, each.item_code) for each in listed] == [(STATEMENT.uscc, "statement")]


def test_a_reference_that_is_none_is_refused_by_its_field_and_not_counted(
    node: Node, office: Office, world: World
) -> None:
    for field in ("item_code", "case_number", "operator_reference"):
        with pytest.raises(grpc.RpcError) as refused:
            show(node, signed(stated_in(world)), **{field: "长" * 129})
        told = from_rpc_error(refused.value)
        assert (told.reason, [each.field for each in told.fields]) == ("UNFIT_TEXT", [field])
    show(node, signed(stated_in(world)))
    office.await_count(1)
