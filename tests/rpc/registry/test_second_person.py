"""Acts that wait for a second person, as those at the counters meet them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.store.transaction import Store
from tests.rpc.registry import people
from tests.rpc.registry.second import answered, confirmed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_face,
    a_request_id,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as admin_pb
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb

YANZHOU = 12
BASIS = "济市监处罚〔2026〕1号"
ACTIVE, REVOKED = entity_pb2.ENTITY_STATE_ACTIVE, entity_pb2.ENTITY_STATE_REVOKED


def asked(client: Client, entity: entity_pb2.Entity) -> entity_pb2.Entity:
    name = entity.face.business_name
    request = pb.RevokeEntityRequest(name=entity.name, expected_business_name=name, basis=BASIS)
    answer: entity_pb2.Entity = client.entities.RevokeEntity(request)
    return answer


def read(client: Client, entity: entity_pb2.Entity) -> entity_pb2.Entity:
    answer: entity_pb2.Entity = client.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    return answer


def events(client: Client, entity: entity_pb2.Entity) -> dict[str, entity_pb2.Event]:
    listed = client.entities.ListEntityEvents(pb.ListEntityEventsRequest(parent=entity.name))
    return {event.kind: event for event in listed.events}


def put(registry: Registry, number: str, *assignments: Assignment, disabled: bool = False) -> None:
    with Store(registry.database, 1) as store, store.transaction() as tx:
        tx.staff.put(Staff(number, f"吴试{number}", assignments, disabled))


def test_an_act_waits_and_nothing_is_done(registry: Registry, rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    (pending,) = entity.pending_acts
    assert entity.state == ACTIVE
    assert read(rencheng, entity) == entity
    assert (pending.act, pending.asked_by) == ("revoke_entity", people.RENCHENG)
    assert pending.state == entity_pb2.PENDING_ACT_STATE_WAITING
    head = people.name_of(people.RENCHENG_HEAD)
    name = entity.face.business_name
    done = f"吊销“{name}”（{entity.uscc}）的营业执照，依据：{BASIS}。请任城区登记科长（"
    assert pending.summary.startswith(done)
    assert head in pending.summary.removeprefix(done)  # other tests may have added a head today
    assert events(rencheng, entity)["act.asked"].actor == people.RENCHENG


def test_the_event_of_a_confirmed_act_names_both(registry: Registry, rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    done = answered(registry, entity)
    assert done.state == entity_pb2.PENDING_ACT_STATE_DONE
    assert done.answered_by == people.RENCHENG_HEAD
    assert read(rencheng, entity).state == REVOKED
    assert not read(rencheng, entity).pending_acts
    told = events(rencheng, entity)
    revoked, by_head = told["entity.revoked"], told["act.confirmed"]
    assert (revoked.actor, revoked.second_actor) == (people.RENCHENG, people.RENCHENG_HEAD)
    assert revoked.actor_name == people.name_of(people.RENCHENG)
    assert revoked.second_actor_name == people.name_of(people.RENCHENG_HEAD)
    assert revoked.basis == BASIS
    assert revoked.workload.endswith(people.RENCHENG_HEAD)
    assert (by_head.actor, by_head.second_actor) == (people.RENCHENG_HEAD, "")


def test_who_asked_can_not_confirm(registry: Registry, rencheng: Client) -> None:
    """Not even as the head of the unit."""
    both = (Role.REGISTRAR, Role.HEAD)
    put(registry, "0510", *(Assignment(11, role, people.SINCE) for role in both))
    client = registry.as_("staff/0510")
    entity = asked(client, an_entity(client))
    assert people.name_of(people.RENCHENG_HEAD) in entity.pending_acts[0].summary
    assert "吴试0510" not in entity.pending_acts[0].summary
    put(registry, "0510", *(Assignment(14, role, people.SINCE) for role in both))
    with refused("SAME_PERSON", asked_by="staff/0510"):
        answered(registry, entity, "staff/0510")


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (people.RENCHENG_SUPERVISOR, "ROLE_MISSING"),
        (people.QUFU, "ROLE_MISSING"),
        (people.QUFU_HEAD, "NOT_YOUR_UNIT"),
        (people.CITY_HEAD, "NOT_YOUR_UNIT"),
        (people.CITY, "ROLE_MISSING"),
        (people.OPERATOR, "ROLE_MISSING"),
        (people.BANK, "ROLE_MISSING"),
    ],
)
def test_nobody_else_confirms_or_refuses(
    registry: Registry, rencheng: Client, caller: str, reason: str
) -> None:
    """Before anything of the request is looked at."""
    entity = asked(rencheng, an_entity(rencheng))
    for refuse in (False, True):
        with refused(reason) as told:
            answered(registry, entity, caller, refuse=refuse, reason="\u202e")
        if caller.startswith("staff/") and reason == "ROLE_MISSING":
            assert people.name_of(people.RENCHENG_HEAD) in told[0].zh
            assert told[0].metadata["unit"] == "units/11"
    assert read(rencheng, entity).pending_acts


def test_the_city_confirms_for_a_unit_without_a_head(registry: Registry) -> None:
    put(registry, "0512", Assignment(YANZHOU, Role.REGISTRAR, people.SINCE))
    client = registry.as_("staff/0512")
    face = a_face(address="济宁市兖州区鼓楼街道样例路512号")
    entity = asked(client, an_entity(client, face=face))
    city = people.name_of(people.CITY)
    assert f"请济宁市市级管理员（{city}）复核" in entity.pending_acts[0].summary
    assert confirmed(registry, entity, people.CITY).state == REVOKED


def test_an_act_is_turned_down_with_a_reason(registry: Registry, rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    with invalid("reason"):
        answered(registry, entity, refuse=True)
    done = answered(registry, entity, refuse=True, reason="处罚决定尚未送达", request_id="")
    assert (done.state, done.reason) == (
        entity_pb2.PENDING_ACT_STATE_REFUSED,
        "处罚决定尚未送达",
    )
    with refused("PENDING_ACT_ENDED", state="refused") as told:
        answered(registry, entity)
    assert "处罚决定尚未送达" in told[0].zh
    assert read(rencheng, entity).state == ACTIVE
    assert events(rencheng, entity)["act.refused"].basis == "处罚决定尚未送达"
    assert asked(rencheng, entity).pending_acts[0].name.endswith("/2")


def test_the_second_person_says_the_name_too(registry: Registry, rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    with refused("EXPECTED_NAME_DIFFERS"):
        answered(registry, entity, expected_business_name="济宁市别家有限公司")
    assert confirmed(registry, entity).state == REVOKED


def test_the_same_act_is_not_asked_twice(rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    with refused("ACT_WAITING", act=entity.pending_acts[0].name):
        asked(rencheng, entity)


def test_what_the_act_would_refuse_is_refused_at_once(registry: Registry, rencheng: Client) -> None:
    revoked = confirmed(registry, asked(rencheng, an_entity(rencheng)))
    with refused("ENTITY_ENDED", state="revoked"):
        asked(rencheng, revoked)


def test_trying_an_act_leaves_no_trace(rencheng: Client) -> None:
    before = an_entity(rencheng)
    after = asked(rencheng, before)
    assert set(events(rencheng, after)) == {"entity.registered", "act.asked"}
    assert events(rencheng, after)["act.asked"].revision == int(after.etag.removeprefix("e"))


def lapsed(registry: Registry, entity: entity_pb2.Entity, because: str) -> None:
    with refused("PENDING_ACT_ENDED", state="lapsed") as told:
        answered(registry, entity)
    assert because in told[0].zh
    with refused("PENDING_ACT_ENDED", state="lapsed"):
        answered(registry, entity)
    now = read(registry.as_(people.RENCHENG), entity)
    assert now.state == ACTIVE
    assert not now.pending_acts
    assert because in events(registry.as_(people.RENCHENG), entity)["act.lapsed"].basis


def test_an_act_lapses_when_the_name_changed(registry: Registry, rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    request = pb.CorrectEntityRequest(
        name=entity.name,
        face=entity_pb2.Face(business_name="济宁市试写另名有限公司"),
        update_mask=FieldMask(paths=["business_name"]),
        basis="核对",
    )
    rencheng.entities.CorrectEntity(request)
    lapsed(registry, entity, "主体名称已变更")


def test_an_act_lapses_when_nobody_answers_in_time(registry: Registry, rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    late = "UPDATE pending_act SET expires_at = now() WHERE entity_no = %s"
    registry.run(late, registry.number_of(entity.uscc))
    assert not read(rencheng, entity).pending_acts
    lapsed(registry, entity, "逾期未复核")


def test_an_act_lapses_when_the_first_person_may_no_longer_do_it(registry: Registry) -> None:
    assignment = Assignment(11, Role.REGISTRAR, people.SINCE)
    put(registry, "0513", assignment)
    client = registry.as_("staff/0513")
    disabled, moved = asked(client, an_entity(client)), asked(client, an_entity(client))
    put(registry, "0513", assignment, disabled=True)
    lapsed(registry, disabled, "经办人已停用")
    with Store(registry.database, 1) as store, store.transaction() as tx:
        tx.staff.put(Staff("0513", "吴试0513", (replace(assignment, unit=20),)))
        tx.staff.end("0513", assignment, people.SINCE, datetime.now(UTC))
    lapsed(registry, moved, "办理时被拒绝（NOT_YOUR_UNIT）")


def test_an_act_that_lapsed_can_be_asked_again(registry: Registry, rencheng: Client) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    late = "UPDATE pending_act SET expires_at = now() WHERE entity_no = %s"
    registry.run(late, registry.number_of(entity.uscc))
    assert confirmed(registry, asked(rencheng, entity)).state == REVOKED


def test_a_repeated_confirmation_gets_the_first_answer(
    registry: Registry, rencheng: Client
) -> None:
    entity = asked(rencheng, an_entity(rencheng))
    again = a_request_id()
    first = answered(registry, entity, request_id=again)
    assert answered(registry, entity, request_id=again) == first
    other = asked(rencheng, an_entity(rencheng))
    late = "UPDATE pending_act SET expires_at = now() WHERE entity_no = %s"
    registry.run(late, registry.number_of(other.uscc))
    again = a_request_id()
    for _ in range(2):
        with refused("PENDING_ACT_ENDED", state="lapsed"):
            answered(registry, other, request_id=again)


def test_an_unknown_act_is_named(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    with refused("PENDING_ACT_UNKNOWN", act="7"):
        registry.as_(people.RENCHENG_HEAD).admin.ConfirmAct(
            admin_pb.ConfirmActRequest(name=f"{entity.name}/pendingActs/7")
        )


def test_a_unit_sees_what_waits_page_by_page(registry: Registry) -> None:
    unit = 13
    put(registry, "0514", Assignment(unit, Role.REGISTRAR, people.SINCE))
    put(registry, "0515", Assignment(unit, Role.HEAD, people.SINCE))
    client = registry.as_("staff/0514")
    face = a_face(address="济宁市微山县夏镇街道样例路1号")
    names = [asked(client, an_entity(client, face=face)).pending_acts[0].name for _ in range(3)]
    found: list[str] = []
    token = ""
    while len(found) < 3:
        request = admin_pb.ListPendingActsRequest(unit="units/13", page_size=2, page_token=token)
        page = registry.as_("staff/0515").admin.ListPendingActs(request)
        found += [pending.name for pending in page.pending_acts]
        token = page.next_page_token
    assert (found, token) == (names, "")
    request = admin_pb.ListPendingActsRequest(unit="units/13")
    with refused("NOT_YOUR_UNIT", owner="units/13"):
        registry.as_(people.QUFU_HEAD).admin.ListPendingActs(request)
    with refused("ROLE_MISSING"):
        registry.as_(people.OPERATOR).admin.ListPendingActs(request)
    with invalid("unit"):
        registry.as_(people.CITY).admin.ListPendingActs(
            admin_pb.ListPendingActsRequest(unit="units/777")
        )
