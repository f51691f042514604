"""Status entries, receipt numbers, digests of events, the unit tree, authority by dates."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.lists.status import Status
from registry_service.domain.application import receipt_number
from registry_service.domain.entity import EntityState
from registry_service.domain.event import Event
from registry_service.domain.license import OWN_STATUS, LicenseState, entry
from registry_service.domain.staff import Actor, Assignment, Role, Staff
from tests.unit.registry.cases import NOW, TODAY, TREE

WORST_FIRST = (
    Status.ANNULLED,
    Status.REVOKED,
    Status.DEREGISTERED,
    Status.LOST_VOID,
    Status.SUSPENDED,
    Status.SUPERSEDED,
    Status.VALID,
)
"""Invariant 6, as design.md writes it."""
OF_ENTITY = {
    EntityState.ACTIVE: Status.VALID,
    EntityState.LIQUIDATING: Status.VALID,
    EntityState.DORMANT: Status.SUSPENDED,
    EntityState.REVOKED: Status.REVOKED,
    EntityState.DEREGISTERED: Status.DEREGISTERED,
    EntityState.ANNULLED: Status.ANNULLED,
}
EVENT = Event(
    entity_no=7,
    revision=3,
    kind="entity.revoked",
    subject="",
    state_after="revoked",
    actor="0101",
    actor_name="任秋实",
    actor_unit=11,
    workload="spiffe://jining.yizhao.test/staff/0101",
    basis="济市监处罚〔2026〕1号",
    effective_date=TODAY,
    recorded_at=NOW,
)


@given(st.sampled_from(EntityState), st.sampled_from(WORST_FIRST))
def test_an_entry_is_the_worse_of_entity_and_document(entity: EntityState, own: Status) -> None:
    assert entry(entity, own) is min(OF_ENTITY[entity], own, key=WORST_FIRST.index)


@pytest.mark.parametrize("state", EntityState)
def test_an_entry_not_yet_issued_is_invalid_whatever_the_entity(state: EntityState) -> None:
    assert entry(state, OWN_STATUS[LicenseState.INTENT]) is Status.INVALID
    assert entry(state, OWN_STATUS[LicenseState.VOIDED]) is Status.INVALID


def test_every_state_of_a_document_has_a_status_of_its_own() -> None:
    assert set(OWN_STATUS) == set(LicenseState)


@given(
    st.tuples(st.integers(1, 99), st.integers(1, 999_999)),
    st.tuples(st.integers(1, 99), st.integers(1, 999_999)),
    st.dates(date(2000, 1, 1), date(2099, 1, 1)),
)
def test_no_two_serials_share_a_receipt_number(
    one: tuple[int, int], other: tuple[int, int], day: date
) -> None:
    same = receipt_number(one[0], day, one[1]) == receipt_number(other[0], day, other[1])
    assert same == (one == other)


def test_a_receipt_number_reads_as_printed() -> None:
    assert receipt_number(11, date(2026, 3, 2), 42) == "YZ11-20260302-000042"
    assert receipt_number(1, date(2026, 3, 2), 1_234_567) == "YZ01-20260302-1234567"


def test_every_field_of_an_event_but_its_place_in_the_feed_is_in_its_digest() -> None:
    others: dict[str, Any] = {
        "entity_no": 8,
        "revision": 4,
        "recorded_at": NOW + timedelta(microseconds=1),
        "effective_date": TODAY + timedelta(days=1),
        "actor_unit": None,
        "reverses_revision": 2,
    }
    event = replace(EVENT, second_actor="0103", second_actor_name="任试二")
    digests = {event.digest(), EVENT.digest()}
    for field in fields(Event):
        if field.name == "feed_no":
            continue
        changed = replace(event, **{field.name: others.get(field.name, "别样")})
        digests.add(changed.digest())
    assert len(digests) == len(fields(Event)) + 1
    assert replace(EVENT, feed_no=5).digest() == EVENT.digest()


def test_a_digest_does_not_depend_on_the_clocks_zone() -> None:
    local = datetime.fromisoformat("2026-11-02T09:00:00+08:00")
    assert replace(EVENT, recorded_at=local).digest() == EVENT.digest()
    assert local.astimezone(UTC) == NOW


def test_texts_can_not_flow_from_one_field_of_an_event_into_the_next() -> None:
    pairs = {
        replace(EVENT, actor=a, actor_name=b).digest()
        for a, b in permutations(("", "x", "y", 'x","y', "xy"), 2)
    }
    assert len(pairs) == 20


def test_the_city_covers_its_counties_and_zones_and_none_another() -> None:
    assert all(TREE.covers(1, unit.number) for unit in TREE)
    assert TREE.covers(11, 11)
    assert not TREE.covers(11, 31)
    assert not TREE.covers(11, None)
    assert not TREE.covers(11, 999)
    assert set(TREE.below(1)) == {unit.number for unit in TREE}
    assert (TREE.root(31), TREE.title(None)) == (1, "管辖单位不明")


def test_a_role_holds_from_its_first_to_its_last_day() -> None:
    role = Assignment(11, Role.REGISTRAR, date(2026, 1, 2), date(2026, 1, 4))
    actor = Actor("x", Staff("0101", "任秋实", (role,)))
    held = [d for d in range(1, 7) if actor.units_as(Role.REGISTRAR, date(2026, 1, d))]
    assert held == [2, 3, 4]
    assert actor.units_as(Role.SUPERVISOR, date(2026, 1, 3)) == []
