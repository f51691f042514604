"""Each act that waits is done whole when it is confirmed, and once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from typing import LiteralString

import pytest

from registry_service.domain.command import (
    AnnulEntity,
    Command,
    ReinstateEntity,
    ReinstatePremises,
    RevokeEntity,
    StrikePremises,
)
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.errors import (
    ActWaiting,
    EntityEnded,
    InvalidRequest,
    NotReversible,
    PendingActEnded,
    PremisesEnded,
    PremisesUnknown,
    RegistryError,
)
from registry_service.domain.pending_act import PendingAct, PendingState
from registry_service.domain.premises import PremisesState
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.fsck import check
from registry_service.operations.second_person import answer_act, ask
from registry_service.operations.strike_premises import strike_premises
from tests.db.issuing.world import CODE, RENCHENG, World, a_face, a_world
from tests.db.supervision.people import change_site

HEAD, OTHER_HEAD = "0103", "0104"
NAME = a_face().business_name
BASIS = "济任市监决〔2026〕1号"


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """One entity with one filed place, and two heads."""
    with a_world(database_url, tmp_path / "keys") as made:
        with made.store.transaction() as tx:
            for number in (HEAD, OTHER_HEAD):
                role = Assignment(RENCHENG, Role.HEAD, date(2020, 1, 1))
                tx.staff.put(Staff(number, f"测试{number}", (role,)))
        made.register()
        made.file_site()
        yield made


def asked(world: World, command: Command) -> PendingAct:
    with world.act() as act:
        entity = ask(act, CODE, NAME, command)
        return act.tx.pending_acts.waiting(entity.number, act.now)[-1]


def answered(world: World, pending: PendingAct, by: str = HEAD) -> PendingAct:
    with world.act(by) as act:
        return answer_act(act, CODE, pending.number, NAME)[1]


def done(world: World, command: Command) -> Entity:
    assert answered(world, asked(world, command)).state is PendingState.DONE
    with world.act() as act:
        return act.tx.entities.find(CODE)


def place_state(world: World) -> PremisesState:
    with world.act() as act:
        entity = act.tx.entities.find(CODE)
        return act.tx.premises.find(entity.number, 1).state


def refused(world: World, command: Command) -> type[RegistryError]:
    with pytest.raises(RegistryError) as caught:
        asked(world, command)
    return caught.type


def test_every_act_that_waits_is_done_and_taken_back(world: World) -> None:
    assert done(world, StrikePremises(1, BASIS)).live_premises == 0
    assert place_state(world) is PremisesState.STRUCK
    assert done(world, ReinstatePremises(1, BASIS)).live_premises == 1
    assert done(world, RevokeEntity(BASIS)).state is EntityState.REVOKED
    assert done(world, ReinstateEntity(BASIS)).state is EntityState.ACTIVE
    assert done(world, AnnulEntity(0, (), BASIS)).state is EntityState.ANNULLED
    assert place_state(world) is PremisesState.ENDED
    assert done(world, ReinstateEntity(BASIS)).live_premises == 1
    world.change(person="测试新")
    world.change(scope="一般项目：普通货物仓储服务。")
    back = done(world, AnnulEntity(2, ("person",), BASIS))
    assert {fault for fault in check(world.url) if fault.invariant == 7} == set()
    assert (back.face.person, back.face.scope) == ("测试甲", "一般项目：普通货物仓储服务。")


def test_every_event_of_a_confirmed_act_names_both(world: World) -> None:
    done(world, AnnulEntity(0, (), BASIS))
    with world.act() as act:
        entity = act.tx.entities.find(CODE)
        told = act.tx.events.page(entity.number)
    after = told[: [event.kind for event in told].index("act.confirmed")]
    assert {"entity.annulled", "premises.ended"} <= {event.kind for event in after}
    assert {(event.actor, event.second_actor) for event in after} == {("0101", HEAD)}


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE event SET subject = '' WHERE kind = 'act.asked'", "pending_act"),
        ("UPDATE event SET kind = 'act.refused' WHERE kind = 'act.confirmed'", "pending_act"),
        ("UPDATE event SET second_actor = '0104' WHERE kind = 'entity.revoked'", "pending_act"),
        ("UPDATE event SET second_actor = actor WHERE kind = 'entity.revoked'", "event"),
        ("UPDATE pending_act SET state = 'refused'", "pending_act"),
        ("UPDATE pending_act SET answered_by = '0104'", "pending_act"),
    ],
)
def test_fsck_names_what_contradicts_an_act_of_two(
    world: World, statement: LiteralString, table: str
) -> None:
    done(world, RevokeEntity(BASIS))
    world.rows(statement)
    assert (7, table) in {(fault.invariant, fault.table) for fault in check(world.url)}


def test_what_the_act_itself_would_refuse_never_waits(world: World) -> None:
    assert refused(world, RevokeEntity("")) is InvalidRequest
    assert refused(world, ReinstateEntity(BASIS)) is NotReversible
    assert refused(world, AnnulEntity(7, (), BASIS)) is NotReversible
    assert refused(world, StrikePremises(7, BASIS)) is PremisesUnknown
    assert refused(world, ReinstatePremises(1, BASIS)) is NotReversible
    done(world, StrikePremises(1, BASIS))
    assert refused(world, StrikePremises(1, BASIS)) is PremisesEnded
    done(world, RevokeEntity(BASIS))
    assert refused(world, RevokeEntity(BASIS)) is EntityEnded


def test_different_acts_wait_beside_each_other(world: World) -> None:
    world.file_site(address="邹城市钢山街道试验路9号")
    first, second = asked(world, StrikePremises(1, BASIS)), asked(world, StrikePremises(2, BASIS))
    revoking = asked(world, RevokeEntity(BASIS))
    assert refused(world, StrikePremises(2, "另一份决定")) is ActWaiting
    assert [one.number for one in (first, second, revoking)] == [1, 2, 3]
    for pending in (second, first, revoking):
        assert answered(world, pending).state is PendingState.DONE


def test_an_act_lapses_when_its_place_ended_meanwhile(world: World) -> None:
    pending = asked(world, StrikePremises(1, BASIS))
    with world.act() as act:
        strike_premises(act, CODE, 1, NAME, BASIS)
    late = answered(world, pending)
    assert late.state is PendingState.LAPSED
    assert "PREMISES_ENDED" in late.reason


def test_an_act_lapses_when_the_state_changed_meanwhile(world: World) -> None:
    pending = asked(world, StrikePremises(1, BASIS))
    done(world, RevokeEntity(BASIS))
    late = answered(world, pending)
    assert (late.state, late.reason) == (
        PendingState.LAPSED,
        "提出之后，主体状态已变更，现为吊销",
    )


def test_an_act_waits_until_the_end_of_the_fifth_working_day(world: World) -> None:
    """国庆 lies between, and Saturday the 10th is worked."""
    world.clock.moment = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
    pending = asked(world, RevokeEntity(BASIS))
    assert pending.expires_at == datetime(2026, 10, 12, 16, 0, tzinfo=UTC)
    world.clock.moment = pending.expires_at
    assert answered(world, pending).state is PendingState.LAPSED


def test_of_two_heads_at_once_one_does_it_and_the_other_is_told(world: World) -> None:
    pending = asked(world, RevokeEntity(BASIS))
    together = Barrier(2)

    def confirm(by: str) -> str:
        together.wait()
        try:
            return answered(world, pending, by).answered_by
        except PendingActEnded:
            return ""

    with ThreadPoolExecutor(2) as both:
        winners = sorted(both.map(confirm, (HEAD, OTHER_HEAD)))
    assert winners[0] == ""
    assert winners[1] in (HEAD, OTHER_HEAD)
    with world.act() as act:
        entity = act.tx.entities.find(CODE)
        kinds = [event.kind for event in act.tx.events.page(entity.number)]
    assert kinds.count("entity.revoked") == 1


def test_a_strike_lapses_when_the_place_is_another_by_now(world: World) -> None:
    pending = asked(world, StrikePremises(1, BASIS))
    change_site(world, "曲阜市鲁城街道试验路99号")
    answer = answered(world, pending)
    assert (answer.state, answer.reason) == (PendingState.LAPSED, "提出之后，该经营场所已变更")
    assert place_state(world) is PremisesState.LIVE


def test_an_annulment_lapses_when_items_changed_meanwhile(world: World) -> None:
    world.change(person="测试改", scope="一般项目：日用百货销售。")
    pending = asked(world, AnnulEntity(2, (), BASIS))
    world.change(person="测试再改")
    answer = answered(world, pending)
    assert (answer.state, answer.reason) == (PendingState.LAPSED, "提出之后，登记事项已变更")
