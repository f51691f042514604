"""Deltas in any order of arrival make the same register, and the one that approval order makes."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from registry_service.domain.restriction import HeldAct
from registry_service.operations.change_entity import change_entity, correct_entity
from registry_service.operations.dormancy import suspend_entity
from registry_service.operations.end_entity import deregister_entity, revoke_entity
from registry_service.operations.restrict_entity import restrict_entity
from tests.db.issuing.world import VISIT, World
from tests.db.sync.deltas import HOMES, Feed, Told, a_day

EXAMPLES = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
STATES = ("在营", "歇业", "清算", "吊销", "注销", "撤销", "")
ENDED = ("revoked", "deregistered", "annulled")
NAMES = {
    "在营": "active", "清算": "liquidating", "吊销": "revoked", "注销": "deregistered",
    "撤销": "annulled", "歇业": "active",
}  # fmt: skip


def facts(day: int, latest: int) -> st.SearchStrategy[Told]:
    return st.builds(
        Told,
        day=st.just(day),
        approved=st.integers(0, min(day, latest)),
        person=st.sampled_from("甲乙丙"),
        state=st.sampled_from(STATES),
        registrar=st.sampled_from([11, 11, 20, None]),
    )


def gone(day: int) -> st.SearchStrategy[Told]:
    return st.builds(Told, day=st.just(day), gone=st.just(True), complete=st.booleans())


@st.composite
def deltas(draw: st.DrawFn, first: int = 1, last: int = 50, latest: int = 50) -> list[Told]:
    """Deltas of different days, in the order of their days; some of them sent twice."""
    days = sorted(draw(st.sets(st.integers(first, last), min_size=1, max_size=5)))
    kinds = [draw(st.sampled_from("ffffg")) for _ in days]
    told = [
        draw(facts(day, latest) if kind == "f" else gone(day))
        for day, kind in zip(days, kinds, strict=True)
    ]
    return told + draw(st.lists(st.sampled_from(told), max_size=2))


def pictured(world: World, orders: Sequence[Sequence[Told]]) -> list[dict[str, object]]:
    pictures = []
    for order in orders:
        feed = Feed(world)
        for told in order:
            feed.send(told)
        pictures.append(feed.picture())
    return pictures


def replayed(told: Sequence[Told]) -> dict[str, Any]:
    """What approval order makes of it: naive, a day after the other."""
    known = sorted((t for t in told if not t.gone), key=lambda t: (t.approved, t.day))
    if not known:
        return {}
    history: list[str | None] = []
    for day in range(90):
        by_then = [t.person for t in known if t.approved <= day]
        history.append(f"试{by_then[-1]}" if by_then else None)
    telling = [t.state for t in known if t.state] or ["在营"]
    state = NAMES[telling[-1]]
    kinds = []
    last_gone = max((t.day for t in told if t.gone), default=0)
    if last_gone > max(t.day for t in known) and state not in ENDED:
        kinds.append("gone")
    if telling[-1] == "歇业":
        kinds.append("state")
    return {"state": state, "person": f"试{known[-1].person}", "history": history, "open": kinds}


@given(data=st.data(), told=deltas())
@example(
    data=None,
    told=[
        Told(day=1),
        Told(day=2, approved=1, state=""),
        Told(day=3, state="歇业"),
    ],
)
@EXAMPLES
def test_any_order_of_arrival_makes_what_approval_order_makes(
    registry: World, data: st.DataObject | None, told: list[Told]
) -> None:
    others = [data.draw(st.permutations(told)) for _ in range(2)] if data else [told[1:] + told[:1]]
    orders = [told, *others]
    first, *same = pictured(registry, orders)
    for other in same:
        assert other == first
    wanted = replayed(told)
    persons: Any = [each and each[0] for each in first.get("history", [])]  # type: ignore[attr-defined]
    kinds: Any = [kind for kind, _ in first.get("open", [])]  # type: ignore[attr-defined]
    found = {"state": first.get("state"), "person": first.get("person")}
    assert found | {"history": persons, "open": kinds} == {
        "state": wanted.get("state"),
        "person": wanted.get("person"),
        "history": wanted.get("history", []),
        "open": wanted.get("open", []),
    }


def at_the_counter(feed: Feed, what: str) -> None:
    """An act of the home registrar, if the entity is there and can bear it."""
    entity = feed.entity()
    if entity is None or entity.registrar is None:
        return
    alive = not entity.state.ended
    with feed.world.act(HOMES[entity.registrar]) as act:
        name = entity.face.business_name
        acts: dict[str, Callable[[], object]] = {
            "correct": lambda: correct_entity(act, feed.code, {"scope": "五金零售"}, "核档"),
            "hold": lambda: restrict_entity(
                act, feed.code, "某某人民法院", "协执1号", (HeldAct.CHANGE,), None, None
            ),
        }
        if alive:
            acts |= {
                "change": lambda: change_entity(act, feed.code, {"scope": "文具零售"}, VISIT),
                "revoke": lambda: revoke_entity(act, feed.code, name, "济市监〔2026〕1号"),
                "deregister": lambda: deregister_entity(act, feed.code, name, VISIT),
            }
        if entity.state.value == "active":
            acts["suspend"] = lambda: suspend_entity(act, feed.code, None, a_day(200), VISIT)
        acts.get(what, lambda: None)()


@given(
    data=st.data(),
    before=deltas(),
    what=st.sampled_from(["change", "correct", "revoke", "deregister", "suspend", "hold"]),
    after=deltas(first=51, last=59, latest=59),
)
@EXAMPLES
def test_an_act_done_here_is_never_overwritten_whatever_the_order(
    registry: World,
    data: st.DataObject,
    before: list[Told],
    what: str,
    after: list[Told],
) -> None:
    pictures = []
    for _ in range(3):
        feed = Feed(registry)
        for told in data.draw(st.permutations(before)):
            feed.send(told)
        at_the_counter(feed, what)
        ours = feed.entity()
        for told in data.draw(st.permutations(after)):
            feed.send(told)
        theirs = feed.entity()
        if ours is not None and theirs is not None:
            if what in ("change", "correct") and ours.current.source.system == "counter":
                assert theirs.current == ours.current
            if what in ("revoke", "deregister", "suspend"):
                assert theirs.state is ours.state or ours.state.ended
        pictures.append(feed.picture())
    if what == "correct":  # it took effect with the version that it corrected, of whatever day
        for picture in pictures:
            picture.pop("history", None)
    assert pictures[1:] == pictures[:-1]
