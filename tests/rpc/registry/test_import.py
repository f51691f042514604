"""Imports: every row is imported, unchanged or refused with field and reason; none is lost."""

from collections.abc import Iterable
from typing import Any

import pytest

from clients.sample.codes import misread, registration_number
from tests.rpc.registry import people
from tests.rpc.registry.world import Registry, a_code, invalid
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_pb

Row = dict[str, str]


def a_row(**other: str) -> Row:
    return {
        "uniscid": a_code(),
        "entname": "济宁市试写商贸有限公司",
        "enttypeCn": "有限责任公司（自然人投资或控股）",
        "lerep": "郑试写",
        "dom": "山东省济宁市任城区古槐街道样例路12号",
        "regcap": "66万人民币",
        "estdate": "2019-03-04",
        "opscope": "日用百货销售",
        "regstateCn": "在营",
    } | other


def imported(registry: Registry, rows: Iterable[Row], source: str = "provincial") -> Any:
    """The one answer to the rows, numbered from line 2."""
    parts = [
        pb.ImportEntitiesRequest(header=pb.ImportHeader(source=source, file_name="样例.csv")),
        pb.ImportEntitiesRequest(
            rows=pb.ImportRows(
                rows=[pb.ImportRow(line=n, fields=row) for n, row in enumerate(rows, 2)]
            )
        ),
    ]
    (answer,) = registry.as_(people.OPERATOR).admin.ImportEntities(iter(parts))
    return answer


def counts(answer: Any) -> tuple[int, int, int]:
    return answer.imported_count, answer.unchanged_count, len(answer.rejects)


def reasons(answer: Any) -> list[tuple[int, str, str]]:
    assert all(each.text for each in answer.rejects)
    return [(each.line, each.field, each.reason) for each in answer.rejects]


def entity_of(registry: Registry, code: str) -> entity_pb2.Entity:
    found: entity_pb2.Entity = registry.as_(people.AUDITOR).entities.GetEntity(
        entity_pb.GetEntityRequest(name=f"entities/{code}")
    )
    return found


def test_a_row_becomes_an_entity_with_its_source(registry: Registry) -> None:
    row = a_row(pripid="JN-17", apprdate="2020-06-01")
    answer = imported(registry, [row])
    assert counts(answer) == (1, 0, 0)
    entity = entity_of(registry, row["uniscid"])
    assert entity.source.system == "provincial"
    assert (entity.source.record_id, entity.source.import_run) == ("JN-17", answer.import_run)
    assert (entity.registrar, entity.face.type_code) == ("units/11", 1130)


def test_the_same_rows_again_are_unchanged(registry: Registry) -> None:
    rows = [a_row() for _ in range(5)]
    assert counts(imported(registry, rows)) == (5, 0, 0)
    assert counts(imported(registry, rows)) == (0, 5, 0)


def test_a_row_that_says_something_else_never_writes_over_the_register(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    answer = imported(registry, [row | {"lerep": "王试写"}])
    assert reasons(answer) == [(2, "uniscid", "ALREADY_REGISTERED")]
    assert entity_of(registry, row["uniscid"]).face.person == "郑试写"


def test_a_row_that_tells_another_state_is_not_unchanged(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    answer = imported(registry, [row | {"regstateCn": "吊销，未注销"}])
    assert reasons(answer) == [(2, "uniscid", "ALREADY_REGISTERED")]
    silent = imported(registry, [row | {"regstateCn": ""}])
    assert counts(silent) == (0, 1, 0)


def test_a_code_twice_in_one_file_is_told_apart(registry: Registry) -> None:
    row = a_row()
    answer = imported(registry, [row, row, row | {"lerep": "王试写"}])
    assert counts(answer) == (1, 1, 1)
    assert reasons(answer) == [(4, "uniscid", "ALREADY_REGISTERED")]


def test_an_old_number_of_somebody_else_refuses_that_row_alone(registry: Registry) -> None:
    old = registration_number("370811", household=False, number=771)
    first, second, third = a_row(regno=old), a_row(regno=old), a_row()
    answer = imported(registry, [first, second, third])
    assert counts(answer) == (2, 0, 1)
    assert reasons(answer) == [(3, "regno", "REGISTRATION_NUMBER_TAKEN")]
    later = imported(registry, [a_row(regno=old)])
    assert reasons(later) == [(2, "regno", "REGISTRATION_NUMBER_TAKEN")]
    found = entity_of(registry, old)
    assert (found.uscc, found.found_by_former_code) == (first["uniscid"], True)
    assert list(found.former_codes) == [old]


def test_each_refused_row_names_its_field_and_reason(registry: Registry) -> None:
    answer = imported(
        registry,
        [
            a_row(uniscid=misread(a_code())),
            a_row(uniscid=""),
            a_row(dom=""),
            a_row(estdate="2019-02-30"),
            a_row(regno="370811000000000"),
            a_row(regorg="370899"),
            a_row(regstateCn="迁出中"),
            a_row(entname="试\u202e写"),
            a_row(opscope="试" * 4001),
            a_row(),
        ],
    )
    assert reasons(answer) == [
        (2, "uniscid", "USCC_CHECK"),
        (3, "uniscid", "USCC_CHECK"),
        (4, "dom", "ADDRESS_UNFIT"),
        (5, "estdate", "VALUE_UNFIT"),
        (6, "regno", "REGISTRATION_NUMBER_CHECK"),
        (7, "regorg", "VALUE_UNFIT"),
        (8, "regstateCn", "VALUE_UNFIT"),
        (9, "entname", "VALUE_UNFIT"),
        (10, "opscope", "VALUE_UNFIT"),
    ]
    assert counts(answer) == (1, 0, 9)


def test_only_imported_rows_are_warned_of(registry: Registry) -> None:
    unclear = a_row(dom="人民北路西端", enttypeCn="自造类型")
    answer = imported(registry, [unclear, unclear, a_row(dom="人民路1号", uniscid="")])
    assert [(w.line, w.field, w.reason) for w in answer.warnings] == [
        (2, "enttypeCn", "TYPE_UNKNOWN"),
        (2, "dom", "UNIT_UNCLEAR"),
    ]
    assert answer.unit_unclear_count == 1
    assert entity_of(registry, unclear["uniscid"]).registrar == ""


def test_an_entity_imported_as_revoked_is_not_reinstated_here(registry: Registry) -> None:
    row = a_row(regstateCn="吊销")
    imported(registry, [row])
    assert entity_of(registry, row["uniscid"]).state == entity_pb2.ENTITY_STATE_REVOKED


def test_the_same_zone_code_means_what_its_source_means(registry: Registry) -> None:
    here, there = a_row(regorg="370892"), a_row(regorg="370892")
    imported(registry, [here], source="city-approvals")
    imported(registry, [there], source="another-feed")
    assert entity_of(registry, here["uniscid"]).registrar == "units/33"
    assert entity_of(registry, there["uniscid"]).registrar == "units/32"


@pytest.mark.parametrize("line", [0, 2**63, 2**64 - 1])
def test_a_line_number_beyond_any_file_is_refused(registry: Registry, line: int) -> None:
    parts = [
        pb.ImportEntitiesRequest(header=pb.ImportHeader(source="provincial")),
        pb.ImportEntitiesRequest(
            rows=pb.ImportRows(rows=[pb.ImportRow(line=line, fields={"uniscid": "x"})])
        ),
    ]
    with invalid("rows.line"):
        list(registry.as_(people.OPERATOR).admin.ImportEntities(iter(parts)))


def test_rows_without_a_header_and_too_many_at_once_are_refused(registry: Registry) -> None:
    operator = registry.as_(people.OPERATOR)
    rows = pb.ImportEntitiesRequest(
        rows=pb.ImportRows(rows=[pb.ImportRow(line=2, fields=a_row())] * 1001)
    )
    with invalid("header"):
        list(operator.admin.ImportEntities(iter([rows])))
    with invalid("header"):
        list(operator.admin.ImportEntities(iter([])))
    header = pb.ImportEntitiesRequest(header=pb.ImportHeader(source="provincial"))
    with invalid("rows"):
        list(operator.admin.ImportEntities(iter([header, rows])))
