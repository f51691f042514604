"""UsageService: each reads its own, the city reads all, a business learns who checked it."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import grpc
import psycopg
import pytest
from psycopg.rows import dict_row

from license_verify.receipt_document import open_receipt
from license_verify.rpc.client import open_channel
from license_verify.rpc.errors import RpcFailure, from_rpc_error
from license_verify.rpc.identity import Authority
from license_verify.server.database import partitions
from license_verify.server.database.partitions import Month
from tests.e2e.page.node import Node
from tests.e2e.page.registry import Publisher
from tests.e2e.usage.office import Office, ask, trust_of
from tests.unit.verify.world import FACE, USCC, World
from yizhao.verify.v1 import receipt_pb2 as receipts
from yizhao.verify.v1 import usage_pb2 as usage
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.usage_service_pb2_grpc import UsageServiceStub

BANK, TELECOM = "partner/icbank", "partner/unicom"
CITY, WINDOW, ELSEWHERE = "staff/0900", "staff/0101", "staff/0201"
ENTITY = f"entities/{USCC}"
FORMER, NUMBER = "91370811MAJN082U2E", "370811200012348"


@pytest.fixture(autouse=True)
def _officials(publisher: Publisher) -> None:
    publisher.staff |= {
        CITY: ("CITY",),
        WINDOW: ("REGISTRAR units/11",),
        ELSEWHERE: ("REGISTRAR units/20",),
    }


@contextmanager
def service(node: Node, name: str) -> Iterator[Any]:
    authority = Authority.PARTNERS if name.startswith("partner/") else Authority.OFFICIALS
    tls = node.authorities.client(name, authority)
    with open_channel(node.rpc_address, tls, deadline_seconds=30) as channel:
        yield UsageServiceStub(channel)


def refusal(node: Node, name: str, method: str, request: Any) -> RpcFailure:
    with service(node, name) as stub, pytest.raises(grpc.RpcError) as refused:
        getattr(stub, method)(request)
    return from_rpc_error(refused.value)


def query(node: Node, name: str, *by: str, **more: Any) -> usage.QueryUsageResponse:
    told = [usage.UsageDimension.Value(f"USAGE_DIMENSION_{each}") for each in by]
    with service(node, name) as stub:
        found = stub.QueryUsage(usage.QueryUsageRequest(group_by=told, **more))
    assert isinstance(found, usage.QueryUsageResponse)
    return found


def checks(node: Node, name: str, **more: Any) -> list[receipts.EntityCheck]:
    told = {"parent": ENTITY, "basis": "企业申请查询"} | more
    request = receipts.ListEntityChecksRequest(**told)
    with service(node, name) as stub:
        return list(stub.ListEntityChecks(request).checks)


def test_a_partner_fetches_its_receipt_again_and_nobody_elses(
    node: Node, office: Office, world: World
) -> None:
    verdict = ask(node, world, case_number="2026-000123")
    office.await_count(1)
    named = receipts.GetReceiptRequest(name=verdict.receipt_name)
    with service(node, BANK) as stub:
        again = stub.GetReceipt(named)
        (listed,) = stub.ListReceipts(
            receipts.ListReceiptsRequest(case_number="2026-000123")
        ).receipts
        none = stub.ListReceipts(receipts.ListReceiptsRequest(case_number="another")).receipts
    assert again == listed
    assert again.document == verdict.receipt
    assert (again.partner, again.uscc, again.token_id) == (BANK, USCC, verdict.token_id)
    assert list(none) == []
    open_receipt(again.document, trust_of(world))
    assert refusal(node, TELECOM, "GetReceipt", named).reason == "RECEIPT_UNKNOWN"
    assert refusal(node, WINDOW, "GetReceipt", named).reason == "RECEIPT_UNKNOWN"
    with service(node, CITY) as stub:
        assert stub.GetReceipt(named) == again


@pytest.mark.parametrize(
    "name",
    [
        "receipts/",
        "receipts/x",
        "x",
        "receipts/00000000-0000-4000-8000-000000000000",
        "receipts/ffffffff-ffff-7fff-bfff-ffffffffffff",  # a time behind the last of all years
    ],
)
def test_a_name_that_is_none_is_an_unknown_receipt(node: Node, name: str) -> None:
    request = receipts.GetReceiptRequest(name=name)
    assert refusal(node, BANK, "GetReceipt", request).reason == "RECEIPT_UNKNOWN"


def test_a_partner_reads_its_own_usage_grouped_and_nothing_of_others(
    node: Node, office: Office, world: World
) -> None:
    for _ in range(2):
        ask(node, world, purpose="banking", item_code="开户-01")
    ask(node, world, purpose="counter")
    ask(node, world, TELECOM, purpose="telecom")
    office.await_count(3)
    office.await_count(1, TELECOM)
    found = query(node, BANK, "PURPOSE", "ITEM")
    assert [(row.purpose, row.item_code, row.count) for row in found.rows] == [
        ("banking", "开户-01", 2),
        ("counter", "", 1),
    ]
    assert found.total_count == 3
    (whole,) = query(node, BANK).rows
    assert whole.count == 3
    request = usage.QueryUsageRequest(partner=TELECOM)
    assert refusal(node, BANK, "QueryUsage", request).reason == "USAGE_NOT_YOURS"


def test_usage_comes_in_pages(node: Node, office: Office, world: World) -> None:
    for number in range(5):
        ask(node, world, item_code=f"事项-{number}")
    office.await_count(5)
    seen, token = [], ""
    while True:
        found = query(node, BANK, "ITEM", page_size=2, page_token=token)
        seen += [row.item_code for row in found.rows]
        token = found.next_page_token
        if not token:
            break
    assert seen == [f"事项-{number}" for number in range(5)]


def test_receipts_come_in_pages_newest_first(node: Node, office: Office, world: World) -> None:
    names = [ask(node, world).receipt_name for _ in range(5)]
    office.await_count(5)
    seen, token = [], ""
    with service(node, BANK) as stub:
        while True:
            request = receipts.ListReceiptsRequest(page_size=2, page_token=token)
            found = stub.ListReceipts(request)
            seen += [each.name for each in found.receipts]
            token = found.next_page_token
            if not token:
                break
    assert sorted(seen) == sorted(names)
    moments = [name[: len("receipts/01234567-89ab")] for name in seen]
    assert moments == sorted(moments, reverse=True)


def test_the_city_sees_totals_of_all_and_the_page_as_a_line_of_its_own(
    node: Node, office: Office, world: World
) -> None:
    ask(node, world)
    ask(node, world, TELECOM)
    node.scan(world.scan())
    office.await_count(1)
    office.await_count(1, TELECOM)
    office.await_count(1, "page")
    found = query(node, CITY, "MONTH", "PARTNER", "UNIT")
    assert [(row.partner, row.unit, row.count) for row in found.rows] == [
        ("page", f"units/{FACE.registrar}", 1),
        (BANK, f"units/{FACE.registrar}", 1),
        (TELECOM, f"units/{FACE.registrar}", 1),
    ]
    assert [row.partner_title for row in found.rows] == ["", "虚构单位icbank", "虚构单位unicom"]
    assert {row.day.day for row in found.rows} == {1}
    assert office.rows("SELECT * FROM receipt WHERE partner = 'page'") == []


def test_a_business_learns_who_checked_it_but_never_of_confidential_purposes(
    node: Node, office: Office, world: World
) -> None:
    ask(node, world, purpose="banking", case_number="2026-000123", operator_reference="op-1")
    ask(node, world, purpose="inspection")
    office.await_count(2)
    (found,) = checks(node, WINDOW)
    assert (found.partner, found.partner_title) == (BANK, "虚构单位icbank")
    assert (found.purpose, found.purpose_title) == ("banking", "银行开户")
    assert b"2026-000123" not in found.SerializeToString()
    assert b"op-1" not in found.SerializeToString()


def test_a_business_whose_code_was_corrected_learns_of_checks_by_each_of_its_codes(
    node: Node, office: Office, world: World, publisher: Publisher
) -> None:
    publisher.former_codes = (FORMER, NUMBER)
    ask(node, world)
    office.await_count(1)
    with psycopg.connect(office.database_url) as connection:  # as a scan of its old licence left it
        connection.execute("UPDATE receipt SET uscc = %s", (FORMER,))
    ask(node, world)
    office.await_count(2)
    assert len(checks(node, WINDOW)) == 2
    for former in (FORMER, NUMBER):
        assert len(checks(node, WINDOW, parent=f"entities/{former}")) == 2
    first = checks(node, WINDOW, page_size=1)
    assert first == checks(node, WINDOW)[:1]


def test_checks_that_cannot_be_told_are_refused_for_the_true_reason(
    node: Node, publisher: Publisher
) -> None:
    def told(code: str, basis: str) -> RpcFailure:
        request = receipts.ListEntityChecksRequest(parent=f"entities/{code}", basis=basis)
        return refusal(node, WINDOW, "ListEntityChecks", request)

    unfit = told(USCC, "查" * 201)
    assert (unfit.reason, [each.field for each in unfit.fields]) == ("INVALID_REQUEST", ["basis"])
    assert told(USCC, " ").reason == "INVALID_REQUEST"
    assert told(FORMER, "企业申请查询").reason == "BUSINESS_UNKNOWN"
    publisher.record_away = True
    assert told(USCC, "企业申请查询").reason == "REGISTER_UNAVAILABLE"
    assert told("91370811MAJN000109", "企业申请查询").reason == "INVALID_REQUEST"


@pytest.mark.parametrize("name", [ELSEWHERE, CITY, BANK])
def test_checks_of_a_business_are_for_its_registrars_counter_alone(node: Node, name: str) -> None:
    request = receipts.ListEntityChecksRequest(parent=ENTITY, basis="查询")
    assert refusal(node, name, "ListEntityChecks", request).reason == "USAGE_NOT_YOURS"


def test_an_official_whom_nobody_knows_reads_nothing(node: Node) -> None:
    request = usage.QueryUsageRequest(partner=BANK)
    assert refusal(node, "staff/0777", "QueryUsage", request).reason == "PARTNER_ROLE_MISSING"


def test_days_that_are_none_are_refused_by_name(node: Node) -> None:
    request = usage.QueryUsageRequest()
    request.from_date.year, request.from_date.month, request.from_date.day = 2027, 2, 30
    assert refusal(node, BANK, "QueryUsage", request).reason == "DATE_INVALID"
    request.from_date.day = 1
    request.to_date.year, request.to_date.month, request.to_date.day = 2026, 1, 1
    assert refusal(node, BANK, "QueryUsage", request).reason == "INVALID_REQUEST"


def test_days_begin_with_the_calendar_where_no_first_one_is_told(node: Node) -> None:
    request = receipts.ListReceiptsRequest()
    request.to_date.year, request.to_date.month, request.to_date.day = 1, 1, 1
    with service(node, BANK) as stub:
        assert list(stub.ListReceipts(request).receipts) == []


_AROUND_A_FIRST = {"2019-09-30": 1, "2019-10-01": 2, "2019-10-03": 4, "2019-10-04": 8}
_COUNTED = "INSERT INTO usage_day VALUES (%s, %s, 'banking', '', '', 0, 'VALID', %s)"


def test_usage_is_told_from_the_first_of_the_last_days_month(node: Node, office: Office) -> None:
    with psycopg.connect(office.database_url, row_factory=dict_row) as connection:
        partitions.make(connection, [Month(2019, 9), Month(2019, 10)])
        for day, count in _AROUND_A_FIRST.items():
            connection.execute(_COUNTED, (day, BANK, count))
    request = usage.QueryUsageRequest()
    request.to_date.year, request.to_date.month, request.to_date.day = 2019, 10, 3
    with service(node, BANK) as stub:
        assert stub.QueryUsage(request).total_count == 6


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        (BANK, {"case_number": "2026\x00"}),
        (BANK, {"uscc": "9137\x00"}),
        (CITY, {"partner": "partner/\x00"}),
    ],
)
def test_a_filter_that_no_receipt_can_hold_is_refused_by_name(
    node: Node, name: str, filters: dict[str, Any]
) -> None:
    (field,) = filters
    told = refusal(node, name, "ListReceipts", receipts.ListReceiptsRequest(**filters))
    assert (told.reason, [each.field for each in told.fields]) == ("INVALID_REQUEST", [field])


@pytest.mark.parametrize("code", ["91370811MAJN000109", "9137", "120118000032321", "not a code"])
def test_receipts_of_a_code_that_nobody_can_have_are_not_told_to_be_none(
    node: Node, code: str
) -> None:
    told = refusal(node, BANK, "ListReceipts", receipts.ListReceiptsRequest(uscc=code))
    assert (told.reason, [each.field for each in told.fields]) == ("INVALID_REQUEST", ["uscc"])


def test_the_city_is_told_that_a_partner_is_none(node: Node) -> None:
    nobody = "partner/nobody"
    for method, request in (
        ("QueryUsage", usage.QueryUsageRequest(partner=nobody)),
        ("ListReceipts", receipts.ListReceiptsRequest(partner=nobody)),
    ):
        assert refusal(node, CITY, method, request).reason == "PARTNER_UNKNOWN"
        assert refusal(node, BANK, method, request).reason == "USAGE_NOT_YOURS"
    assert query(node, CITY, partner="staff/0101").total_count == 0


_FLOOD = 64
"""Calls; more than the node has threads for them."""


def test_slow_questions_of_one_partner_leave_room_for_others(
    node: Node, office: Office, world: World
) -> None:
    """The table is held, so that no answer comes: who has no place left is told at once."""
    with psycopg.connect(office.database_url) as held, service(node, TELECOM) as stub:
        held.execute("LOCK TABLE usage_day")
        ended = SimpleQueue[Any]()
        for _ in range(_FLOOD):
            stub.QueryUsage.future(usage.QueryUsageRequest()).add_done_callback(ended.put)
        while (told := from_rpc_error(ended.get(timeout=60))).reason != "CALLS_TOO_MANY":
            pass
        assert told.retry_after is not None
        assert ask(node, world).outcome == verdict_pb2.OUTCOME_VALID
