"""The acts on an entity's life, over the wire."""

from datetime import date, timedelta
from typing import Any

import pytest
from google.type import date_pb2

from tests.rpc.registry import people
from tests.rpc.registry.second import confirmed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_date,
    a_request_id,
    a_visit,
    an_entity,
    filed,
    invalid,
    refused,
)
from yizhao.registry.v1 import (
    entity_pb2,
    license_service_pb2,
    premises_service_pb2,
    publication_service_pb2,
)
from yizhao.registry.v1 import entity_service_pb2 as pb

QUFU_SHOP = "曲阜市鲁城街道样例路8号"


@pytest.fixture
def entity(rencheng: Client) -> entity_pb2.Entity:
    return an_entity(rencheng)


def read(client: Client, name: str) -> entity_pb2.Entity:
    found: entity_pb2.Entity = client.entities.GetEntity(pb.GetEntityRequest(name=name))
    return found


def days_from_now(days: int) -> date_pb2.Date:
    day = date.today() + timedelta(days=days)  # noqa: DTZ011 - far from any midnight's difference
    return a_date(day.year, day.month, day.day)


def suspended(client: Client, name: str, days: int = 300) -> entity_pb2.Entity:
    request = pb.SuspendEntityRequest(
        name=name, until_date=days_from_now(days), application=a_visit(), request_id=a_request_id()
    )
    answer: entity_pb2.Entity = client.entities.SuspendEntity(request)
    return answer


def deregistered(client: Client, entity: entity_pb2.Entity, **other: Any) -> entity_pb2.Entity:
    values: dict[str, Any] = {
        "name": entity.name,
        "expected_business_name": entity.face.business_name,
        "application": a_visit(),
    }
    answer: entity_pb2.Entity = client.entities.DeregisterEntity(
        pb.DeregisterEntityRequest(**(values | other))
    )
    return answer


def test_dormancy_is_filed_shown_and_ended(rencheng: Client, entity: entity_pb2.Entity) -> None:
    answer = suspended(rencheng, entity.name)
    assert answer.state == entity_pb2.ENTITY_STATE_DORMANT
    assert answer.dormant_until_date == days_from_now(300)
    assert read(rencheng, entity.name) == answer
    with refused("EXTENSION_TOO_EARLY"):
        suspended(rencheng, entity.name, 400)
    with refused("STATE_FORBIDS", state="dormant"):
        rencheng.entities.LiquidateEntity(
            pb.LiquidateEntityRequest(name=entity.name, application=a_visit())
        )
    awake = rencheng.entities.ResumeEntity(
        pb.ResumeEntityRequest(name=entity.name, application=a_visit())
    )
    assert awake.state == entity_pb2.ENTITY_STATE_ACTIVE
    assert not awake.HasField("dormant_until_date")


def test_too_long_a_dormancy_is_told_how_long_it_may_be(
    rencheng: Client, entity: entity_pb2.Entity
) -> None:
    with refused("DORMANCY_TOO_LONG") as told:
        suspended(rencheng, entity.name, 1200)
    assert told[0].metadata["until"] in told[0].zh
    with invalid("until_date"):
        rencheng.entities.SuspendEntity(
            pb.SuspendEntityRequest(name=entity.name, application=a_visit())
        )


def test_the_new_registrar_moves_an_entity_and_the_old_home_gets_its_places(
    registry: Registry, rencheng: Client, qufu: Client, entity: entity_pb2.Entity
) -> None:
    filed(rencheng, entity, "任城区古槐街道样例路66号")
    request = pb.MoveEntityRequest(
        name=entity.name,
        address=entity_pb2.Address(text="曲阜市鲁城街道样例路166号"),
        application=a_visit(),
    )
    with refused("ALREADY_HOME"):
        home = pb.MoveEntityRequest(
            name=entity.name, address=entity.face.address, application=a_visit()
        )
        rencheng.entities.MoveEntity(home)
    with refused("ROLE_MISSING", role="registrar"):
        registry.as_(people.QUFU_SUPERVISOR).entities.MoveEntity(request)
    moved = qufu.entities.MoveEntity(request)
    assert moved.registrar == "units/20"
    assert moved.version == 2
    inbox = registry.as_(people.RENCHENG_SUPERVISOR).premises.ListHandovers(
        premises_service_pb2.ListHandoversRequest(unit="units/11", page_size=1000)
    )
    assert entity.uscc in [one.name.split("/")[1] for one in inbox.handovers]
    with refused("NOT_YOUR_UNIT", owner="units/20"):
        deregistered(rencheng, moved)


def test_a_corrected_code_finds_the_entity_and_renews_its_licence(
    registry: Registry, rencheng: Client, entity: entity_pb2.Entity
) -> None:
    issue = license_service_pb2.IssueLicenseRequest(parent=entity.name)
    rencheng.licenses.IssueLicense(issue)
    code = a_code()
    request = pb.CorrectCodeRequest(
        name=entity.name, uscc=code, basis="核对赋码档案", request_id=a_request_id()
    )
    answer = rencheng.entities.CorrectCode(request)
    assert rencheng.entities.CorrectCode(request) == answer, "a repeated request"
    assert answer.name == f"entities/{code}"
    found = read(rencheng, entity.name)
    assert found.found_by_former_code
    assert list(found.former_codes) == [entity.uscc]
    record = registry.as_(people.VERIFY).publication.GetPublicRecord(
        publication_service_pb2.GetPublicRecordRequest(name=entity.name, basis="核验")
    )
    assert (record.uscc, list(record.former_codes)) == (code, [entity.uscc])
    renewed = rencheng.licenses.GetLicense(
        license_service_pb2.GetLicenseRequest(name=f"entities/{code}/licenses/-")
    )
    assert renewed.version == 2
    with invalid("uscc"):
        rencheng.entities.CorrectCode(
            pb.CorrectCodeRequest(name=found.name, uscc=code[:-1] + "?", basis="核对")
        )


def test_a_deregistration_ends_all_and_needs_the_right_name(
    rencheng: Client, entity: entity_pb2.Entity
) -> None:
    filed(rencheng, entity, QUFU_SHOP)
    with refused("EXPECTED_NAME_DIFFERS"):
        deregistered(rencheng, entity, expected_business_name="济宁市别家物流有限公司")
    answer = deregistered(rencheng, entity)
    assert answer.state == entity_pb2.ENTITY_STATE_DEREGISTERED
    assert not answer.multi_address
    with refused("STATE_FORBIDS", state="deregistered"):
        deregistered(rencheng, entity)


def test_an_establishment_is_annulled_and_reinstated_by_two(
    registry: Registry, rencheng: Client, entity: entity_pb2.Entity
) -> None:
    filed(rencheng, entity, QUFU_SHOP)
    request = pb.AnnulEntityRequest(
        name=entity.name,
        expected_business_name=entity.face.business_name,
        basis="撤销登记决定书〔2026〕1号",
    )
    asked = rencheng.entities.AnnulEntity(request)
    assert asked.state == entity_pb2.ENTITY_STATE_ACTIVE
    assert [act.act for act in asked.pending_acts] == ["annul_entity"]
    annulled = confirmed(registry, asked)
    assert annulled.state == entity_pb2.ENTITY_STATE_ANNULLED
    assert not annulled.multi_address
    back = rencheng.entities.ReinstateEntity(
        pb.ReinstateEntityRequest(
            name=entity.name,
            expected_business_name=entity.face.business_name,
            basis="行政复议决定书",
        )
    )
    reinstated = confirmed(registry, back)
    assert reinstated.state == entity_pb2.ENTITY_STATE_ACTIVE
    assert reinstated.multi_address


def test_an_annulment_names_items_of_a_face(rencheng: Client, entity: entity_pb2.Entity) -> None:
    request = pb.AnnulEntityRequest(
        name=entity.name,
        expected_business_name=entity.face.business_name,
        version=2,
        basis="决定书",
    )
    with refused("NOT_REVERSIBLE", version="2"):
        rencheng.entities.AnnulEntity(request)
    request.items.paths.append("colour")
    with invalid("items"):
        rencheng.entities.AnnulEntity(request)


def test_a_hold_is_shown_blocks_and_is_lifted(rencheng: Client, entity: entity_pb2.Entity) -> None:
    hold = rencheng.entities.RestrictEntity(
        pb.RestrictEntityRequest(
            parent=entity.name,
            restriction=entity_pb2.Restriction(
                authority="济宁市某某人民法院",
                basis="（2026）鲁08执1号",
                held_acts=[entity_pb2.HELD_ACT_DEREGISTRATION],
            ),
        )
    )
    assert hold.name == f"{entity.name}/restrictions/1"
    assert list(read(rencheng, entity.name).restrictions) == [hold]
    with refused("ENTITY_HELD", authority="济宁市某某人民法院", basis="（2026）鲁08执1号"):
        deregistered(rencheng, entity)
    lift = pb.LiftRestrictionRequest(name=hold.name, basis="（2026）鲁08执1号之一")
    assert rencheng.entities.LiftRestriction(lift).HasField("lift_time")
    assert not read(rencheng, entity.name).restrictions
    with refused("RESTRICTION_ENDED"):
        rencheng.entities.LiftRestriction(lift)
    with refused("RESTRICTION_UNKNOWN"):
        rencheng.entities.LiftRestriction(
            pb.LiftRestrictionRequest(name=f"{entity.name}/restrictions/9", basis="文书")
        )


def test_all_that_a_hold_lacks_is_told_at_once(rencheng: Client, entity: entity_pb2.Entity) -> None:
    with refused("INVALID_REQUEST") as told:
        rencheng.entities.RestrictEntity(pb.RestrictEntityRequest(parent=entity.name))
    assert len(told[0].fields) == 3


def test_a_mark_is_shown_bars_the_simple_procedure_and_ends(
    registry: Registry, rencheng: Client, entity: entity_pb2.Entity
) -> None:
    regulator = registry.as_(people.RENCHENG_SUPERVISOR)
    request = pb.MarkEntityRequest(
        parent=entity.name,
        mark=entity_pb2.Mark(kind=entity_pb2.MARK_KIND_SERIOUS_VIOLATION, basis="列入决定书"),
    )
    with refused("ROLE_MISSING", role="supervisor"):
        rencheng.entities.MarkEntity(request)
    mark = regulator.entities.MarkEntity(request)
    assert list(read(rencheng, entity.name).marks) == [mark]
    with refused("SIMPLE_PROCEDURE_BARRED", cause="serious_violation"):
        deregistered(rencheng, entity, simple=True)
    end = pb.UnmarkEntityRequest(name=mark.name, basis="移出决定书")
    assert regulator.entities.UnmarkEntity(end).HasField("until_date")
    with refused("MARK_UNKNOWN"):
        regulator.entities.UnmarkEntity(end)
    assert not read(rencheng, entity.name).marks
    with refused("STATE_FORBIDS", state="active"):
        request.mark.kind = entity_pb2.MARK_KIND_SPECIAL
        regulator.entities.MarkEntity(request)
    with invalid("mark.kind"):
        request.mark.kind = entity_pb2.MARK_KIND_UNSPECIFIED
        regulator.entities.MarkEntity(request)


def test_a_list_shows_marks_too(
    registry: Registry, rencheng: Client, entity: entity_pb2.Entity
) -> None:
    registry.as_(people.RENCHENG_SUPERVISOR).entities.MarkEntity(
        pb.MarkEntityRequest(
            parent=entity.name,
            mark=entity_pb2.Mark(kind=entity_pb2.MARK_KIND_ABNORMAL_OTHER, basis="列入决定书"),
        )
    )
    listed = rencheng.entities.ListEntities(
        pb.ListEntitiesRequest(registrar="units/11", page_size=1000)
    )
    found = next(one for one in listed.entities if one.uscc == entity.uscc)
    assert found == read(rencheng, entity.name)
