"""As of any point, on both axes, the register answers what a naive replay of its rows says."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_service.domain.china import china_day
from registry_service.domain.entity import EntityVersion, Source
from registry_service.domain.errors import InvalidRequest, RegistryError
from registry_service.domain.history import Knowledge, Past, order
from registry_service.domain.lifecycle import Step
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.domain.whole import Whole
from registry_service.operations.look_back import look_back
from tests.database import SharedServer
from tests.db.issuing.world import a_world
from tests.db.lifecycle.firm import CITY, PEOPLE, QUFU_SHOP, RENCHENG_SHOP, Firm

FILE_HERE, FILE_THERE, LATE, STRIKE, UNSTRIKE, EXPIRE = (
    "file here",
    "file there",
    "a fact arrives late",
    "strike a place",
    "reinstate a place",
    "dormancies expire",
)
STEPS: Final = st.one_of(
    st.sampled_from(list(Step)),
    st.sampled_from([FILE_HERE, FILE_THERE, LATE, LATE, STRIKE, UNSTRIKE, EXPIRE]),
)


def late_version(firm: Firm, days: int) -> None:
    """A version that took effect earlier, as a sync from another system brings it."""
    with firm.world.act() as act:
        entity = act.tx.entities.find(firm.read().uscc, for_update=True)
        number = act.tx.entities.next_version(entity.number)
        face = replace(entity.face, person=f"测试迟{number}")
        day = act.today - timedelta(days=days)
        source = Source("provincial", f"r{number}")
        late = EntityVersion(number, face, entity.registrar, day, act.now, source)
        act.tx.entities.add_version(entity.number, late)
        if order(late) > order(entity.current):
            act.tx.entities.save(entity.with_version(late), act.now)


def happen(firm: Firm, what: str, days: int) -> None:
    match what:
        case Step():
            firm.take(what)
        case "file here":
            firm.submit(RENCHENG_SHOP)
        case "file there":
            firm.submit(QUFU_SHOP)
        case "a fact arrives late":
            late_version(firm, days)
        case "strike a place":
            firm.strike()
        case "reinstate a place":
            firm.reinstate_place()
        case "dormancies expire":
            firm.expire()


def whole(firm: Firm) -> Whole:
    """As the register answers now."""
    with firm.world.act() as act:
        return act.tx.wholes.find(firm.read().uscc, act.today, act.now)


def past(firm: Firm, day: date | None = None, known_at: datetime | None = None) -> Past:
    with firm.world.act() as act:
        return look_back(act, act.tx.entities.find(firm.read().uscc), day, known_at)


@dataclass
class Naive:
    """Plays rows one after another, with nothing in common with domain/history.py."""

    firm: Firm

    def face(self, day: date, known_at: datetime) -> Any:
        rows = self.firm.world.rows(
            "SELECT effective_date, version, recorded_at, person, registrar_unit_id"
            "  FROM entity_version ORDER BY 1, 2"
        )
        current = None
        for effective, version, recorded, person, registrar in rows:
            if recorded <= known_at and effective <= day:
                current = (version, person, registrar)
        return current

    def state(self, day: date, known_at: datetime) -> Any:
        rows = self.firm.world.rows(
            "SELECT effective_date, revision, recorded_at, state_after FROM event ORDER BY 2"
        )
        last, steps = None, []
        for effective, revision, recorded, state in rows:
            if state != last:
                steps.append((effective, revision, recorded, state))
            last = state
        current = None
        for effective, _, recorded, state in sorted(steps):
            if recorded <= known_at and effective <= day:
                current = state
        return current

    def code(self, day: date, known_at: datetime) -> Any:
        rows = self.firm.world.rows(
            "SELECT wrong_code, right_code, effective_date, recorded_at FROM code_correction"
            "  JOIN event USING (entity_no, revision) ORDER BY revision"
        )
        current = rows[0][0] if rows else self.firm.read().uscc
        for _, right, effective, recorded in rows:
            if recorded <= known_at and effective <= day:
                current = right
        return current

    def filed(self, day: date, known_at: datetime) -> set[str]:
        rows = self.firm.world.rows(
            "SELECT effective_date, 0, recorded_at, 'premises/' || premises_no, 'filed'"
            "  FROM premises_version WHERE version = 1 UNION ALL"
            " SELECT effective_date, revision, recorded_at, subject, kind FROM event"
            "  WHERE kind IN ('premises.removed', 'premises.struck', 'premises.ended',"
            "                 'premises.reinstated') ORDER BY 1, 2"
        )
        live: set[str] = set()
        for effective, _, recorded, subject, kind in rows:
            if recorded <= known_at and effective <= day:
                (live.add if kind in ("filed", "premises.reinstated") else live.discard)(subject)
        return live


def same_as_then(answer: Past, then: Whole) -> None:
    """What was answered at a time is what is answered as known at that time."""
    entity = then.entity
    assert answer.version == entity.current
    assert (answer.state, answer.uscc) == (entity.state, entity.uscc)
    assert answer.former_codes == entity.former_codes
    assert answer.multi_address == (entity.live_premises > 0)
    assert answer.marks == then.marks
    assert answer.restrictions == then.restrictions
    if "dormant_until_date" in answer.not_known:
        assert answer.dormant_until is None
    elif then.dormant_until is not None or answer.dormant_until is None:
        assert answer.dormant_until == then.dormant_until


@given(
    steps=st.lists(st.tuples(STEPS, st.integers(0, 400), st.integers(0, 200)), max_size=9),
    points=st.lists(st.tuples(st.integers(-30, 1200), st.integers(-30, 1200)), min_size=6),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_of_is_equal_to_a_naive_replay_on_random_histories(
    postgres: SharedServer,
    steps: list[tuple[str, int, int]],
    points: list[tuple[int, int]],
) -> None:
    with (
        postgres.clone() as url,
        TemporaryDirectory() as folder,
        a_world(url, Path(folder) / "keys") as world,
    ):
        with world.store.transaction() as tx:
            for number, unit, role in (*PEOPLE, (CITY, 1, Role.CITY)):
                assignment = Assignment(unit, role, date(2020, 1, 1))
                tx.staff.put(Staff(number, f"测试{number}", (assignment,)))
        world.register()
        firm, began = Firm(world), world.clock()
        snapshots = [(world.clock(), whole(firm))]
        for what, wait, late in steps:
            world.clock.forward(days=wait, minutes=7)
            with suppress(
                RegistryError, AssertionError
            ):  # not every act is possible in every state
                happen(firm, what, late)
            snapshots.append((world.clock(), whole(firm)))
        world.clock.forward(days=1)
        for at, then in snapshots:
            same_as_then(past(firm, known_at=at), then)
        naive, today = Naive(firm), china_day(world.clock())
        for day_offset, known_offset in points:
            day = min(china_day(began) + timedelta(days=day_offset), today)
            known_at = min(began + timedelta(days=known_offset), world.clock())
            compare(past(firm, day, known_at), naive, began)


def compare(answer: Past, naive: Naive, began: datetime) -> None:
    day, known_at = answer.point.day, answer.point.known_at
    if known_at < began:
        assert answer == Past(answer.point, Knowledge.NOT_KNOWN)
        return
    face = naive.face(day, known_at)
    if face is None:
        assert answer == Past(answer.point, Knowledge.NOT_YET)
        return
    version = answer.version
    assert version is not None
    assert answer.knowledge is Knowledge.KNOWN
    assert (version.version, version.face.person, version.registrar) == face
    if day < china_day(began):
        assert "state" in answer.not_known
        return
    assert answer.state == naive.state(day, known_at)
    assert answer.uscc == naive.code(day, known_at)
    assert answer.multi_address == bool(naive.filed(day, known_at))


def test_a_version_that_came_late_counts_from_when_it_was_known(firm: Firm) -> None:
    firm.world.clock.forward(days=100)
    firm.change(person="测试改")
    told = firm.world.clock()
    firm.world.clock.forward(days=10)
    late_version(firm, 50)
    day = china_day(told) - timedelta(days=20)
    then, now = past(firm, day, told).version, past(firm, day).version
    assert (then and then.version, now and now.version) == (1, 3)
    assert firm.read().current.version == 2, "what is in force today stays so"


def test_an_act_after_a_late_version_gets_the_next_number(firm: Firm) -> None:
    firm.world.clock.forward(days=100)
    late_version(firm, 50)
    assert firm.change(person="测试改").current.version == 3
    assert firm.correct(person="测试正").current.version == 4


def test_a_day_or_a_time_to_come_is_refused(firm: Firm) -> None:
    tomorrow = firm.today + timedelta(days=1)
    with pytest.raises(InvalidRequest, match=r"as_of\.date"):
        past(firm, tomorrow)
    with pytest.raises(InvalidRequest, match=r"as_of\.known_time"):
        past(firm, known_at=datetime(2030, 1, 1, tzinfo=UTC))


def test_the_day_before_an_extension_is_not_guessed(firm: Firm) -> None:
    firm.take(Step.SUSPEND)
    asleep = firm.today
    first = past(firm, asleep)
    assert first.dormant_until == asleep + timedelta(days=364)
    firm.take(Step.EXTEND)
    then = past(firm, asleep)
    assert (then.dormant_until, then.not_known) == (None, ("dormant_until_date",))


def test_a_corrected_code_is_the_code_from_that_day_on_also_when_it_comes_back(firm: Firm) -> None:
    wrong = firm.read().uscc
    days = [firm.today]
    for code in ("91370829MAJN000298", wrong):
        firm.world.clock.forward(days=10)
        firm.correct_code(code)
        days.append(firm.today)
    assert [past(firm, day).uscc for day in days] == [wrong, "91370829MAJN000298", wrong]
    assert past(firm, days[1]).former_codes == (wrong,)


def test_the_code_before_a_correction_that_kept_no_codes_is_not_guessed(firm: Firm) -> None:
    began = firm.today
    firm.world.clock.forward(days=10)
    firm.correct_code()
    firm.world.rows("DELETE FROM code_correction")
    before, now = past(firm, began), past(firm)
    assert (before.uscc, before.former_codes) == ("", ())
    assert before.not_known == ("uscc", "former_codes")
    assert (now.uscc, now.not_known) == (firm.read().uscc, ())
