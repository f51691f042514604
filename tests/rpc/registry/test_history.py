"""An entity's history over the wire: as of a point, and what each version changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2

from registry_service.domain.china import china_day
from tests.rpc.registry import files
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_date,
    a_face,
    a_request_id,
    a_visit,
    an_entity,
    filed,
    invalid,
)
from yizhao.registry.v1 import (
    entity_pb2,
    entity_service_pb2,
    history_pb2,
)

TODAY = china_day(datetime.now(UTC))
APPROVED = date(2021, 3, 1)


def wire(day: date) -> date_pb2.Date:
    return a_date(day.year, day.month, day.day)


def stamp(at: datetime) -> Timestamp:
    written = Timestamp()
    written.FromDatetime(at)
    return written


def as_of(client: Client, code: str, **point: Any) -> entity_pb2.Entity:
    request = entity_service_pb2.GetEntityRequest(
        name=f"entities/{code}", basis="查询沿革", as_of=history_pb2.AsOf(**point)
    )
    found: entity_pb2.Entity = client.entities.GetEntity(request)
    return found


def now(client: Client, code: str) -> entity_pb2.Entity:
    request = entity_service_pb2.GetEntityRequest(name=f"entities/{code}")
    found: entity_pb2.Entity = client.entities.GetEntity(request)
    return found


def change(client: Client, entity: entity_pb2.Entity, **items: Any) -> entity_pb2.Entity:
    request = entity_service_pb2.ChangeEntityRequest(
        name=entity.name,
        face=entity_pb2.Face(**items),
        update_mask=FieldMask(paths=list(items)),
        application=a_visit(),
        request_id=a_request_id(),
    )
    changed: entity_pb2.Entity = client.entities.ChangeEntity(request)
    return changed


def versions(client: Client, code: str, **page: Any) -> list[entity_pb2.EntityVersion]:
    request = entity_service_pb2.ListEntityVersionsRequest(parent=f"entities/{code}", **page)
    return list(client.entities.ListEntityVersions(request).versions)


@pytest.fixture
def imported(registry: Registry) -> str:
    """The code of an entity that another system handed over, as it had been since 2021."""
    code = a_code()
    row = {
        "uniscid": code,
        "entname": "济宁市试导商贸有限公司",
        "enttypeCn": "有限责任公司(自然人独资)",
        "lerep": "测试导",
        "regcap": "100万元人民币",
        "dom": f"山东省济宁市任城区阜桥街道导入路{code[-4:]}号",
        "opscope": "一般项目：日用百货销售",
        "estdate": "2019-05-06",
        "apprdate": APPROVED.isoformat(),
        "regstateCn": "存续",
    }
    run = files.imported(registry, [row])
    assert files.counts(run) == (1, 0, 0, 0), run
    return code


def test_a_point_is_filled_in_where_an_axis_is_left_out(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    today = as_of(rencheng, entity.uscc, date=wire(TODAY))
    assert today.knowledge == history_pb2.KNOWLEDGE_KNOWN
    assert today.as_of.date == wire(TODAY)
    assert today.as_of.HasField("known_time")
    known = entity.create_time.ToDatetime(UTC) + timedelta(microseconds=1)
    then = as_of(rencheng, entity.uscc, known_time=stamp(known))
    assert then.as_of.date == wire(china_day(known))
    assert then.face == entity.face


def test_as_known_then_a_change_is_not_there_yet(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    known = entity.create_time.ToDatetime(UTC)
    changed = change(rencheng, entity, person="孙改任")
    assert as_of(rencheng, entity.uscc, known_time=stamp(known)).face.person == entity.face.person
    assert as_of(rencheng, entity.uscc, date=wire(TODAY)).face.person == changed.face.person


def test_what_is_of_now_alone_is_left_out(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    filed(rencheng, entity, f"曲阜市鲁城街道沿革路{int(entity.uscc[9:17], 36)}号")
    today = as_of(rencheng, entity.uscc, date=wire(TODAY))
    assert (today.etag, today.HasField("update_time"), len(today.pending_acts)) == ("", False, 0)
    present = now(rencheng, entity.uscc)
    assert (today.state, today.registrar, today.version, today.multi_address) == (
        present.state,
        present.registrar,
        present.version,
        True,
    )


def test_before_it_was_registered_here_it_did_not_exist(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    before = as_of(rencheng, entity.uscc, date=wire(TODAY - timedelta(days=1)))
    assert before.knowledge == history_pb2.KNOWLEDGE_NOT_YET
    assert (before.name, before.HasField("face"), before.version) == (entity.name, False, 0)


def test_before_this_register_knew_it_nothing_is_known(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    known = entity.create_time.ToDatetime(UTC) - timedelta(seconds=1)
    before = as_of(rencheng, entity.uscc, known_time=stamp(known))
    assert before.knowledge == history_pb2.KNOWLEDGE_NOT_KNOWN
    assert not before.HasField("face")


def test_before_the_horizon_of_an_imported_record_is_not_known(
    rencheng: Client, imported: str
) -> None:
    before = as_of(rencheng, imported, date=wire(APPROVED - timedelta(days=1)))
    assert before.knowledge == history_pb2.KNOWLEDGE_NOT_KNOWN
    assert not before.HasField("face")
    since = as_of(rencheng, imported, date=wire(APPROVED))
    assert since.knowledge == history_pb2.KNOWLEDGE_KNOWN
    assert since.face.person == "测试导"


def test_how_an_imported_entity_stood_before_it_came_is_not_guessed(
    rencheng: Client, imported: str
) -> None:
    since = as_of(rencheng, imported, date=wire(APPROVED))
    assert since.state == entity_pb2.ENTITY_STATE_UNSPECIFIED
    assert {"state", "marks", "restrictions", "multi_address"} <= set(since.not_known)
    today = as_of(rencheng, imported, date=wire(TODAY))
    assert (today.state, list(today.not_known)) == (entity_pb2.ENTITY_STATE_ACTIVE, [])


def test_a_point_to_come_is_refused(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    with invalid("as_of.date"):
        as_of(rencheng, entity.uscc, date=wire(TODAY + timedelta(days=2)))
    with invalid("as_of.known_time"):
        soon = datetime.now(UTC) + timedelta(hours=1)
        as_of(rencheng, entity.uscc, known_time=stamp(soon))
    with invalid("as_of.date"):
        as_of(rencheng, entity.uscc, date=date_pb2.Date(year=2024, month=2))


def test_versions_tell_what_they_changed_item_by_item(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    address = entity_pb2.Address(text=f"山东省济宁市任城区阜桥街道沿革路{entity.uscc[-4:]}号")
    change(rencheng, entity, person="孙改任", address=address)
    second, first = versions(rencheng, entity.uscc)
    assert (first.compared_version, list(first.changes)) == (0, [])
    assert second.compared_version == 1
    assert [(c.path, c.title, c.before, c.after) for c in second.changes] == [
        ("person", "法定代表人（负责人、经营者）", entity.face.person, "孙改任"),
        ("address.text", "住所（经营场所）", entity.face.address.text, address.text),
    ]


def test_every_kind_of_item_is_told_as_people_read_it(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    change(
        rencheng,
        entity,
        type_code=1151,
        capital="200万元人民币",
        term_start_date=a_date(2020, 5, 6),
        term_end_date=a_date(2040, 5, 5),
    )
    changes = {c.path: (c.before, c.after) for c in versions(rencheng, entity.uscc)[0].changes}
    assert changes["type_code"] == (
        "1130 有限责任公司（自然人投资或控股）",
        "1151 有限责任公司（自然人独资）",
    )
    assert changes["capital"] == ("100万元人民币", "200万元人民币")
    assert changes["term_end_date"] == ("", "2040-05-05")


def test_a_page_of_versions_compares_with_versions_beyond_it(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    change(rencheng, entity, person="孙改任")
    (second,) = versions(rencheng, entity.uscc, page_size=1)
    assert [change.path for change in second.changes] == ["person"]


def test_a_correction_names_the_version_it_corrects(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    rencheng.entities.CorrectEntity(
        entity_service_pb2.CorrectEntityRequest(
            name=entity.name,
            face=a_face(person="钱试写正"),
            update_mask=FieldMask(paths=["person"]),
            basis="核对档案",
            request_id=a_request_id(),
        )
    )
    corrected = versions(rencheng, entity.uscc)[0]
    assert (corrected.corrects_version, corrected.compared_version) == (1, 1)
