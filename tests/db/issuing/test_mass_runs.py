"""Mass runs: exactly one live licence each, whatever happens in between."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from clients.sample.codes import uscc
from license_verify import Outcome, Status
from license_verify.token import cose
from registry_service.domain.authority import ActName
from registry_service.domain.errors import (
    MassCountDiffers,
    MassNothing,
    MassRunOpen,
    MassRunState,
    RoleMissing,
    SamePerson,
    SignerUnavailable,
)
from registry_service.domain.key import KeyUse
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.mass_run import MassKind, MassRun, MassState, Selection
from registry_service.domain.printed_copy import CopyKind
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.fsck import check
from registry_service.issuing.signer import KeyRing
from registry_service.operations import mass_runs
from registry_service.operations.finish_intents import Finished
from registry_service.operations.mass_engine import work_on
from registry_service.operations.mass_makers import Making
from registry_service.operations.print_copy import print_copy
from tests.db.issuing.world import HOST, RENCHENG, World
from tests.db.keys.custody import custody_of

OPERATOR, CITY, REGISTRAR = "0001", "0900", "0101"
ISSUE, REISSUE = Selection(MassKind.ISSUE), Selection(MassKind.REISSUE)
BASIS = "济市监〔2026〕1号"
CODES = tuple(uscc("91", "370811", 2_000_000 + n) for n in range(5))


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Town:
    """A registry with an operator and the city, and what works on its runs."""

    world: World

    def asked(self, selection: Selection = ISSUE, by: str = OPERATOR) -> MassRun:
        with self.world.act(by) as act:
            return mass_runs.start_mass_run(act, selection, BASIS)

    def confirmed(self, run: MassRun, by: str = CITY) -> MassRun:
        with self.world.act(by) as act:
            return mass_runs.confirm_mass_run(act, run.number, run.wanted)

    def found(self, run: MassRun) -> MassRun:
        with self.world.store.transaction() as tx:
            return tx.mass_runs.find(run.number)

    def worked(
        self, run: MassRun, before_signing: Callable[[], None] = lambda: None, chunk: int = 2
    ) -> MassRun:
        """Work on a run until it is over or stopped; `before_signing` is called each time."""

        def open_ring(active: Mapping[KeyUse, bytes]) -> KeyRing:
            return _Interrupted(self.world.ring, before_signing)

        by = Making(self.world.store, self.world.url, open_ring, self.world.clock, None, 0, chunk)
        for _ in range(5):
            work_on(by, self.found(run), threading.Event())
            if self.found(run).state is not MassState.RUNNING:
                break
        return self.found(run)

    def live(self, code: str) -> SignedDocument:
        with self.world.store.transaction() as tx:
            entity = tx.entities.find(code)
            document = tx.licenses.find(entity.number)
            assert document.facts_version == entity.current.version
            return document

    def require_exact(self, codes: tuple[str, ...] = CODES) -> None:
        """Each has one live licence that checkers believe, and nothing contradicts it."""
        edition = self.world.publish()
        for code in codes:
            assert self.world.verdict(self.live(code), edition).outcome is Outcome.VALID
        assert [str(fault) for fault in check(self.world.url)] == []


class _Interrupted(KeyRing):
    """The ring, and what happens just before it signs."""

    def __init__(self, ring: KeyRing, before_signing: Callable[[], None]) -> None:
        super().__init__((), {})
        self._ring = ring
        self._before = before_signing

    def signer(self, kid: bytes, use: KeyUse) -> cose.Sign:
        sign = self._ring.signer(kid, use)

        def interrupted(said: bytes) -> bytes:
            self._before()
            return sign(said)

        return interrupted


@pytest.fixture
def town(world: World) -> Town:
    return staffed(world)


def staffed(world: World) -> Town:
    """A world with who asks for runs and who confirms them, and with entities."""
    with world.store.transaction() as tx:
        for number, name, role in (
            (OPERATOR, "测试运", Role.OPERATOR),
            (CITY, "测试市", Role.CITY),
        ):
            tx.staff.put(Staff(number, name, (Assignment(1, role, date(2020, 1, 1)),)))
    for code in CODES:
        world.register(code)
    return Town(world)


def once(then: Callable[[], Any]) -> Callable[[], None]:
    """Do something at the first signature alone."""
    waiting = [then]

    def first() -> None:
        if waiting:
            waiting.pop()()

    return first


def die() -> None:
    raise Killed


def test_every_live_entity_gets_one_licence(town: Town) -> None:
    town.world.issue(CODES[0])
    town.world.revoke(CODES[1])
    run = town.asked()
    assert run.wanted == 3
    done = town.worked(town.confirmed(run))
    assert (done.state, done.issued, done.failed) == (MassState.DONE, 3, 0)
    town.require_exact((CODES[0], *CODES[2:]))
    assert town.world.rows("SELECT count(*) FROM license_version") == [(4,)]


def test_events_name_both_people_and_the_ground(town: Town) -> None:
    town.worked(town.confirmed(town.asked()))
    told = town.world.rows(
        "SELECT DISTINCT actor, second_actor, basis FROM event WHERE kind = 'license.issued'"
    )
    assert told == [(OPERATOR, CITY, BASIS)]


def test_an_entity_whose_face_lacks_something_is_told_of_and_the_others_go_on(town: Town) -> None:
    town.world.rows("UPDATE entity_version SET scope = '' WHERE entity_no = 2")
    done = town.worked(town.confirmed(town.asked()))
    assert (done.state, done.issued, done.failed) == (MassState.DONE, 4, 1)
    with town.world.store.transaction() as tx:
        (remark,) = tx.mass_runs.remarks(done.number, 0, 10)
    assert (remark.code, remark.reason) == (CODES[1], "FACE_INCOMPLETE")
    assert remark.text == "照面事项不全，补正后方可签发"


def test_what_is_to_be_signed_is_stored_before_it_is_signed(town: Town) -> None:
    seen = []

    def look() -> None:
        query = "SELECT state, intents IS NOT NULL FROM mass_chunk ORDER BY chunk_no DESC LIMIT 1"
        seen.extend(town.world.rows(query))

    town.worked(town.confirmed(town.asked()), look)
    assert set(seen) == {("intended", True)}
    assert town.world.rows("SELECT DISTINCT state, intents FROM mass_chunk") == [("done", None)]


def test_a_kill_between_the_two_transactions_leaves_exactly_what_is_signed_later(
    town: Town,
) -> None:
    run = town.confirmed(town.asked())
    with pytest.raises(Killed):
        town.worked(run, die)
    assert town.world.rows("SELECT count(*) FROM license_version") == [(0,)]
    town.world.clock.forward(hours=1)
    done = town.worked(run)
    assert (done.issued, done.voided) == (5, 0)
    town.require_exact()
    assert town.world.rows("SELECT max(idx) FROM status_entry") == [(4,)], "no entry was wasted"


def test_a_key_that_is_away_leaves_what_is_to_be_signed_waiting(town: Town) -> None:
    run = town.confirmed(town.asked())

    def away() -> None:
        raise SignerUnavailable("the key is away", zh="签名密钥暂时不可用")

    with pytest.raises(SignerUnavailable):
        town.worked(run, away)
    assert town.found(run).state is MassState.RUNNING
    assert town.worked(run).issued == 5
    town.require_exact()


def test_an_entity_that_is_changed_meanwhile_gets_the_licence_of_its_new_face(town: Town) -> None:
    change = once(lambda: town.world.change(CODES[0], person="测试新"))
    done = town.worked(town.confirmed(town.asked()), change)
    assert (done.state, done.issued, done.voided) == (MassState.DONE, 5, 1)
    assert town.live(CODES[0]).facts_version == 2
    town.require_exact()


def test_an_entity_that_ends_meanwhile_gets_none(town: Town) -> None:
    done = town.worked(town.confirmed(town.asked()), once(lambda: town.world.revoke(CODES[0])))
    assert (done.issued, done.voided) == (4, 1)
    town.require_exact(CODES[1:])


def test_a_registrar_who_issues_meanwhile_and_the_run_make_one_licence_together(
    town: Town,
) -> None:
    done = town.worked(town.confirmed(town.asked()), once(lambda: town.world.issue(CODES[0])))
    assert (done.issued, done.voided) == (4, 1)
    town.require_exact()


def test_an_entity_that_is_registered_meanwhile_is_reached_too(town: Town) -> None:
    late = uscc("91", "370811", 2_100_000)
    done = town.worked(town.confirmed(town.asked()), once(lambda: town.world.register(late)))
    assert done.issued == 6
    town.require_exact((*CODES, late))


def test_a_new_licence_takes_the_place_of_the_old_in_one_transaction(town: Town) -> None:
    town.worked(town.confirmed(town.asked()))
    old = [town.live(code) for code in CODES]
    town.world.clock.forward(hours=1)
    between: list[int] = []

    def look() -> None:
        query = "SELECT count(*) FROM license_version WHERE state = 'issued'"
        between.extend(number for (number,) in town.world.rows(query))

    done = town.worked(town.confirmed(town.asked(REISSUE)), look)
    assert (done.state, done.issued) == (MassState.DONE, 5)
    assert set(between) == {5}, "nobody is without a licence at any time"
    lists = town.world.trust(town.world.publish()).lists[f"https://{HOST}/s/0"]
    assert {lists.status(document.index) for document in old} == {Status.SUPERSEDED}
    assert {town.live(code).version for code in CODES} == {2}
    town.require_exact()


def test_only_what_was_chosen_is_done_anew(town: Town) -> None:
    town.worked(town.confirmed(town.asked()))
    town.world.clock.forward(hours=1)
    kid = town.live(CODES[0]).kid
    for nothing in (
        Selection(MassKind.REISSUE, kid=bytes(8)),
        Selection(MassKind.REISSUE, host="alt.jining.example"),
        Selection(MassKind.REISSUE, unit=20),
        ISSUE,
    ):
        with pytest.raises(MassNothing):
            town.asked(nothing)
    run = town.asked(Selection(MassKind.REISSUE, RENCHENG, kid, HOST))
    assert run.wanted == 5


def test_another_person_confirms_and_sees_how_many(town: Town) -> None:
    with pytest.raises(RoleMissing):
        town.asked(by=REGISTRAR)
    run = town.asked(by=CITY)
    with pytest.raises(SamePerson):
        town.confirmed(run, by=CITY)
    with pytest.raises(RoleMissing):
        town.confirmed(run, by=OPERATOR)
    with pytest.raises(MassRunOpen):
        town.asked()
    with town.world.act(CITY) as act:
        mass_runs.cancel_mass_run(act, run.number)
    again = town.asked()
    with town.world.act(CITY) as act, pytest.raises(MassCountDiffers):
        mass_runs.confirm_mass_run(act, again.number, 4)


def test_of_two_who_ask_at_once_one_is_told_of_the_other(town: Town) -> None:
    both = threading.Barrier(2)

    def ask(by: str) -> bool:
        with town.world.act(by) as act:
            both.wait()
            try:
                mass_runs.start_mass_run(act, ISSUE, BASIS)
            except MassRunOpen:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, (OPERATOR, CITY))) == [False, True]


def test_nothing_is_done_before_it_is_confirmed(town: Town) -> None:
    assert town.worked(town.asked()).state is MassState.WAITING
    assert town.world.rows("SELECT count(*) FROM license_version") == [(0,)]


def test_a_paused_run_ends_what_it_is_at_and_goes_on_when_told(town: Town) -> None:
    run = town.confirmed(town.asked())

    def pause() -> None:
        with town.world.act(CITY) as act:
            mass_runs.pause_mass_run(act, run.number)

    paused = town.worked(run, once(pause))
    assert (paused.state, paused.issued) == (MassState.PAUSED, 2)
    with town.world.act(CITY) as act:
        mass_runs.resume_mass_run(act, run.number)
    assert town.worked(run).issued == 5
    with town.world.act(CITY) as act, pytest.raises(MassRunState):
        mass_runs.pause_mass_run(act, run.number)


def test_a_cancelled_run_still_signs_what_was_stored_to_be_signed(town: Town) -> None:
    run = town.confirmed(town.asked())
    with pytest.raises(Killed):
        town.worked(run, die)
    with town.world.act(CITY) as act:
        mass_runs.cancel_mass_run(act, run.number)
    done = town.worked(run)
    assert (done.state, done.issued) == (MassState.CANCELLED, 2)
    with town.world.store.transaction() as tx:
        assert tx.mass_runs.next() is None
    assert town.live(CODES[0]).state is LicenseState.ISSUED


def test_what_a_backup_brings_back_is_not_signed_again(town: Town) -> None:
    """It may have been signed and published, with these entries, before the restore."""
    run = town.confirmed(town.asked())
    with pytest.raises(Killed):
        town.worked(run, die)
    town.world.rows("INSERT INTO recovery VALUES (1, now(), sha256('x'), 1, 1, 1, 1, 1, 1, 0, 0)")
    with town.world.store.transaction() as tx:
        tx.status_entries.go_on_with(1)
    assert town.worked(run).issued == 5
    assert town.world.rows("SELECT min(list_no) FROM status_entry") == [(1,)]


def test_of_a_cancelled_run_that_a_backup_brings_back_nothing_is_signed(town: Town) -> None:
    run = town.confirmed(town.asked())
    with pytest.raises(Killed):
        town.worked(run, die)
    with town.world.act(CITY) as act:
        mass_runs.cancel_mass_run(act, run.number)
    town.world.rows("INSERT INTO recovery VALUES (1, now(), sha256('x'), 1, 1, 1, 1, 1, 1, 0, 0)")
    assert town.worked(run).issued == 0
    with town.world.store.transaction() as tx:
        assert tx.mass_runs.next() is None


def test_feed_numbers_of_a_run_follow_without_a_gap_those_that_waited(town: Town) -> None:
    town.worked(town.confirmed(town.asked()))
    ((count, last),) = town.world.rows("SELECT count(feed_no), max(feed_no) FROM event")
    assert count == last == 10


def test_the_recheck_names_what_a_run_that_is_done_left_unsigned(town: Town) -> None:
    run = town.confirmed(town.asked())
    with pytest.raises(Killed):
        town.worked(run, die)
    town.world.rows("UPDATE mass_run SET state = 'done'")
    (fault,) = check(town.world.url)
    assert (fault.invariant, fault.table, fault.key) == (8, "mass_chunk", "run_no=1 chunk_no=1")


def test_a_run_ends_where_the_clock_of_who_works_is_behind_that_of_who_confirmed(
    town: Town,
) -> None:
    town.worked(town.confirmed(town.asked()))
    town.world.clock.forward(hours=1)
    run = town.confirmed(town.asked(REISSUE))
    town.world.clock.forward(seconds=-30)
    done = town.worked(run)
    assert (done.state, done.issued) == (MassState.DONE, 5)
    town.require_exact()


def test_a_key_and_a_host_that_change_while_a_chunk_is_signed_are_not_used_for_it(
    town: Town,
) -> None:
    custody = custody_of(town.world)

    def change() -> None:
        custody.rotated()
        custody.do(ActName.ADD_HOST, "neu.jining.example")
        custody.do(ActName.RETIRE_HOST, HOST)

    done = town.worked(town.confirmed(town.asked()), once(change))
    assert (done.state, done.issued, done.voided) == (MassState.DONE, 5, 2)
    signed = {(town.live(code).kid.hex(), town.live(code).scan_host) for code in CODES}
    assert signed == {(custody.active(), "neu.jining.example")}
    town.world.clock.forward(hours=1)
    town.require_exact()


def test_what_else_an_entity_has_goes_as_with_an_act_of_its_own(town: Town) -> None:
    """Copies are superseded, also one not signed yet; statement and site code stay."""
    town.worked(town.confirmed(town.asked()))
    code = CODES[0]
    premises_no = town.world.file_site(code)
    town.world.finisher.finish_all()  # with the mark of 一照多址
    site = town.world.issue_site(premises_no, code)
    statement = town.world.state_places(code)
    copies = []
    for kind in (CopyKind.ORIGINAL, CopyKind.DUPLICATE, CopyKind.DUPLICATE):
        with town.world.act() as act:
            copies.append(print_copy(act, code, kind))
    for copy in copies[:2]:
        assert copy.document is not None
        town.world.finisher.finish(copy.document)
    town.world.clock.forward(hours=1)
    assert town.worked(town.confirmed(town.asked(REISSUE))).issued == 5
    assert town.world.finisher.finish_all() == Finished()
    assert town.world.rows("SELECT copy_no, state FROM copy_token ORDER BY copy_no") == [
        (1, "superseded"),
        (2, "superseded"),
        (3, "voided"),
    ]
    assert town.world.rows("SELECT state FROM site_code") == [("issued",)]
    assert town.world.rows("SELECT state FROM premises_statement") == [("issued",)]
    edition = town.world.publish()
    assert town.world.verdict(site, edition).outcome is Outcome.VALID
    assert town.world.state_places(code) == statement
    town.require_exact()
