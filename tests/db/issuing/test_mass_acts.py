"""Mass acts on a list: to each what a single act does, once, with the rights of who asked."""

from collections.abc import Sequence
from datetime import date

import pytest

from clients.sample.codes import uscc
from license_verify import Outcome
from registry_service.domain.authority import ActName
from registry_service.domain.errors import (
    DatabaseUnavailable,
    MassNothing,
    MassRunOpen,
    RoleMissing,
    SamePerson,
    SignerUnavailable,
)
from registry_service.domain.key import KeyUse
from registry_service.domain.mark import MarkKind
from registry_service.domain.mass_run import MassKind, MassRemark, MassRun, MassState, Selection
from registry_service.domain.restriction import HeldAct
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.fsck import check
from registry_service.operations import mass_runs
from registry_service.operations.restrict_entity import restrict_entity
from tests.db.issuing.test_mass_runs import CITY, CODES, OPERATOR, Town, staffed
from tests.db.issuing.world import ELSEWHERE, HOST, REGISTRAR, SUPERVISOR, World
from tests.db.keys.custody import custody_of

REVOKE = Selection(MassKind.REVOKE)
LISTED = Selection(MassKind.MARK, mark=MarkKind.ABNORMAL_OTHER)
UNLISTED = Selection(MassKind.UNMARK, mark=MarkKind.ABNORMAL_OTHER)
SITES = Selection(MassKind.REISSUE_SITES)
BASIS = "济市监处罚〔2026〕7号"
NOBODY = uscc("91", "370811", 2_900_000)


@pytest.fixture
def town(world: World) -> Town:
    return staffed(world)


def asked(
    town: Town, selection: Selection, codes: Sequence[str] = CODES, by: str = REGISTRAR
) -> MassRun:
    with town.world.act(by) as act:
        return mass_runs.start_mass_act(act, selection, codes, BASIS)


def done(
    town: Town, selection: Selection, codes: Sequence[str] = CODES, by: str = REGISTRAR
) -> MassRun:
    return town.worked(town.confirmed(asked(town, selection, codes, by)))


def remarks(town: Town, run: MassRun) -> list[MassRemark]:
    with town.world.store.transaction() as tx:
        return tx.mass_entities.remarks(run.number, 0, 100)


def events(town: Town, kind: str) -> list[tuple[str, int]]:
    """How many events of the kind each entity has."""
    found = town.world.rows(
        "SELECT e.uscc, count(*) FROM event v JOIN entity e USING (entity_no)"
        " WHERE v.kind = %s GROUP BY e.uscc ORDER BY e.uscc",
        kind,
    )
    return [(code, count) for code, count in found]


def require_whole(town: Town) -> None:
    assert [str(fault) for fault in check(town.world.url)] == []


def test_each_on_the_list_is_revoked_as_by_the_single_act(town: Town) -> None:
    documents = [town.world.issue(code) for code in CODES[:2]]
    site = town.world.issue_site(town.world.file_site(CODES[0]), CODES[0])
    run = done(town, REVOKE, CODES[:2])
    assert (run.state, run.wanted, run.issued, run.failed) == (MassState.DONE, 2, 2, 0)
    edition = town.world.publish()
    read = [town.world.verdict(document, edition).status for document in (*documents, site)]
    assert read == ["REVOKED"] * 3
    told = town.world.rows(
        "SELECT DISTINCT actor, second_actor, basis, actor_unit_id FROM event"
        " WHERE kind = 'entity.revoked'"
    )
    assert told == [(REGISTRAR, CITY, BASIS, 11)]
    assert town.world.rows("SELECT count(*) FROM entity WHERE state = 'active'") == [(3,)]
    require_whole(town)


def test_whatever_cannot_be_done_is_told_with_its_reason_in_the_order_of_the_list(
    town: Town,
) -> None:
    town.world.revoke(CODES[1])
    with town.world.act() as act:
        restrict_entity(act, CODES[2], "任城区人民法院", "（2026）鲁0811执1号", (HeldAct.ALL,))
    run = done(town, REVOKE, (NOBODY, *CODES[:4]))
    assert (run.state, run.issued, run.failed) == (MassState.DONE, 2, 3)
    told = remarks(town, run)
    assert [(remark.code, remark.reason) for remark in told] == [
        (NOBODY, "ENTITY_UNKNOWN"),
        (CODES[1], "ENTITY_ENDED"),
        (CODES[2], "ENTITY_HELD"),
    ]
    assert all(remark.text for remark in told)
    assert [remark.entity_no is None for remark in told] == [True, False, False]
    require_whole(town)


def test_who_asks_needs_the_right_to_each_and_those_of_others_become_remarks(town: Town) -> None:
    run = done(town, REVOKE, CODES[:2], by=ELSEWHERE)
    assert (run.issued, run.failed) == (0, 2)
    assert {remark.reason for remark in remarks(town, run)} == {"NOT_YOUR_UNIT"}
    assert events(town, "entity.revoked") == []


def test_who_left_meanwhile_revokes_nobody(town: Town) -> None:
    run = town.confirmed(asked(town, REVOKE, CODES[:2]))
    with town.world.store.transaction() as tx:
        tx.staff.put(Staff(REGISTRAR, "测试乙", (), disabled=True))
    worked = town.worked(run)
    assert (worked.state, worked.issued) == (MassState.DONE, 0)
    assert {remark.reason for remark in remarks(town, worked)} == {"ROLE_MISSING"}


def test_the_role_of_the_single_act_asks_and_the_city_confirms(town: Town) -> None:
    for by, selection in (
        (SUPERVISOR, REVOKE),
        (REGISTRAR, LISTED),
        (REGISTRAR, UNLISTED),
        (OPERATOR, REVOKE),
        (CITY, REVOKE),
    ):
        with pytest.raises(RoleMissing):
            asked(town, selection, by=by)
    run = asked(town, REVOKE)
    with pytest.raises(MassRunOpen):
        asked(town, LISTED, by=SUPERVISOR)
    with pytest.raises(RoleMissing):
        town.confirmed(run, by=OPERATOR)
    since = date(2020, 1, 1)
    both = (Assignment(1, Role.CITY, since), Assignment(11, Role.REGISTRAR, since))
    with town.world.store.transaction() as tx:
        tx.staff.put(Staff(REGISTRAR, "测试乙", both))
    with pytest.raises(SamePerson):
        town.confirmed(run, by=REGISTRAR)


def test_marks_are_entered_and_ended_with_reasons_for_the_rest(town: Town) -> None:
    entered = done(town, LISTED, CODES[:3], by=SUPERVISOR)
    assert (entered.issued, entered.failed) == (3, 0)
    again = done(town, LISTED, CODES[2:], by=SUPERVISOR)
    assert (again.issued, again.failed) == (2, 1)
    assert [remark.text for remark in remarks(town, again)] == ["该主体已列入经营异常名录"]
    ended = done(town, UNLISTED, (*CODES[:2], NOBODY), by=SUPERVISOR)
    assert (ended.issued, ended.failed) == (2, 1)
    none = done(town, UNLISTED, CODES[:1], by=SUPERVISOR)
    assert [remark.reason for remark in remarks(town, none)] == ["MARK_UNKNOWN"]
    assert events(town, "mark.entered") == [(code, 1) for code in sorted(CODES)]
    assert events(town, "mark.ended") == [(code, 1) for code in sorted(CODES[:2])]
    require_whole(town)


KILL_AT_THE_THIRD = """
    CREATE FUNCTION end_it() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT count(*) FROM event WHERE kind = 'entity.revoked') = 3 THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER end_it AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION end_it();
"""


def test_a_run_that_is_broken_off_in_the_middle_of_an_entity_revokes_each_once(
    town: Town,
) -> None:
    run = town.confirmed(asked(town, REVOKE))
    town.world.rows(KILL_AT_THE_THIRD)
    with pytest.raises(DatabaseUnavailable):
        town.worked(run)
    town.world.rows("DROP TRIGGER end_it ON event")
    assert town.found(run).issued == 2, "the third is as it was"
    worked = town.worked(run)
    assert (worked.state, worked.issued, worked.failed) == (MassState.DONE, 5, 0)
    assert events(town, "entity.revoked") == [(code, 1) for code in sorted(CODES)]
    require_whole(town)


def test_a_former_code_of_an_entity_on_the_list_does_not_revoke_it_again(town: Town) -> None:
    town.world.rows(
        "INSERT INTO code_directory SELECT %s, entity_no FROM entity WHERE uscc = %s",
        NOBODY,
        CODES[0],
    )
    run = done(town, REVOKE, (CODES[0], NOBODY))
    assert (run.issued, run.failed) == (1, 1)
    assert events(town, "entity.revoked") == [(CODES[0], 1)]


def test_a_list_that_waits_can_be_cancelled_and_does_nothing(town: Town) -> None:
    run = asked(town, REVOKE)
    with town.world.act(CITY) as act:
        mass_runs.cancel_mass_run(act, run.number)
    assert town.worked(run).state is MassState.CANCELLED
    assert events(town, "entity.revoked") == []


def test_the_recheck_names_what_a_run_that_is_done_left_out(town: Town) -> None:
    asked(town, REVOKE, CODES[:1])
    town.world.rows("UPDATE mass_run SET state = 'done'")
    (fault,) = check(town.world.url)
    assert (fault.invariant, fault.table, fault.key) == (8, "mass_entity", "run_no=1 ordinal=1")


def test_site_codes_under_a_distrusted_key_are_renewed_entity_by_entity(town: Town) -> None:
    world, custody = town.world, custody_of(town.world)
    places = {code: world.file_site(code) for code in CODES[:2]}
    old = [world.issue_site(place, code) for code, place in places.items()]
    leaked = custody.active(KeyUse.TOKEN)
    new = custody.rotated(KeyUse.TOKEN)
    custody.do(ActName.DISTRUST_KEY, leaked)
    world.clock.forward(hours=1)
    run = town.confirmed(
        town.asked(Selection(MassKind.REISSUE_SITES, kid=bytes.fromhex(leaked), host=HOST))
    )
    assert run.wanted == 2
    worked = town.worked(run)
    assert (worked.state, worked.issued, worked.failed) == (MassState.DONE, 2, 0)
    edition = world.publish()
    for code, place in places.items():
        with world.store.transaction() as tx:
            live = tx.licenses.find(tx.entities.find(code).number, place)
        assert (live.version, live.kid.hex()) == (2, new)
        assert world.verdict(live, edition).outcome is Outcome.VALID
    assert {world.verdict(document, edition).outcome for document in old} == {Outcome.INVALID}
    require_whole(town)
    with pytest.raises(MassNothing):
        town.asked(Selection(MassKind.REISSUE_SITES, kid=bytes.fromhex(leaked)))


def test_a_key_that_is_away_leaves_the_site_codes_of_one_entity_alone_without_successor(
    town: Town,
) -> None:
    for code in CODES[:3]:
        town.world.issue_site(town.world.file_site(code), code)
    town.world.clock.forward(hours=1)
    run = town.confirmed(town.asked(SITES))

    def away() -> None:
        raise SignerUnavailable("the key is away", zh="签名密钥暂时不可用")

    for _ in range(2):
        with pytest.raises(SignerUnavailable):
            town.worked(run, away)
        states = "SELECT state, count(*) FROM site_code GROUP BY state ORDER BY state"
        assert town.world.rows(states) == [("intent", 1), ("issued", 2), ("superseded", 1)]
    worked = town.worked(run)
    assert (worked.state, worked.issued) == (MassState.DONE, 3)
    assert town.world.rows(states) == [("issued", 3), ("superseded", 3)]
    require_whole(town)
