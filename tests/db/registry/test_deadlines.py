"""Provisional deadlines are counted again once the calendar knows the year."""

from datetime import UTC, date, datetime, timedelta

import pytest

from registry_service.domain.application import Visit
from registry_service.domain.handover import ANSWER_DAYS, FLAG_DAYS
from registry_service.domain.premises import Site
from registry_service.domain.working_days import Deadline, WorkingCalendar, due
from registry_service.operations.recompute_deadlines import recompute_deadlines
from registry_service.store.transaction import Store, Transaction
from tests.db.registry.test_stores import an_entity
from tests.unit.registry.cases import FACE

DAY = date(2027, 2, 3)
"""Spring Festival 2027 is on the 6th of February; nobody knows yet which days are free."""
NOW = datetime(2027, 2, 3, 1, tzinfo=UTC)
VISIT = Visit("钱试写", "", "card_at_counter", "counter")


class Announced:
    """A calendar to which 2027 was announced: free from the 5th to the 11th of February."""

    def is_working(self, day: date) -> bool | None:
        free = date(2027, 2, 5) <= day <= date(2027, 2, 11)
        return not free and day.weekday() < 5


class Unannounced:
    """A calendar that does not know 2027."""

    def is_working(self, day: date) -> bool | None:
        return None if day.year > 2026 else day.weekday() < 5


def visited(tx: Transaction, deadline: Deadline) -> None:
    """An extended visit with a filing, a place handed over and flagged, all of that day."""
    entity = an_entity(tx)
    visit = tx.applications.add(entity.number, VISIT, 11, "0101", NOW, DAY, deadline)
    tx.filings.add(visit, Site("", FACE.address), (), NOW, home_unit=11)
    later = tx.applications.add(entity.number, VISIT, 11, "0101", NOW, DAY, deadline)
    run, row = tx.connection.execute, (entity.number,)
    run(
        "UPDATE application SET extended_by = '0101' WHERE entity_no = %s AND application_no = %s",
        (*row, later.number),
    )
    run(
        "INSERT INTO premises (entity_no, premises_no, state, version, unit_id, filing_no,"
        " filing_date, revision) VALUES (%s, 1, 'live', 1, 21, 1, '2027-02-03', 1)",
        row,
    )
    tx.handovers.add(entity.number, 1, 1, 11, 21, NOW, deadline)
    run(
        "INSERT INTO flag (entity_no, premises_no, flag_no, finding, flagged_by, created_at,"
        " due_date, due_provisional) VALUES (%s, 1, 1, '与备案不符', '0101', %s, %s, true)",
        (*row, NOW, deadline.date),
    )


def standing(store: Store) -> dict[str, tuple[date, bool]]:
    with store.transaction() as tx:
        return {
            row["what"]: (row["due_date"], row["due_provisional"])
            for row in tx.connection.execute(
                "SELECT 'visit ' || application_no AS what, due_date, due_provisional"
                "  FROM application"
                " UNION ALL SELECT 'filing', due_date, due_provisional FROM filing"
                " UNION ALL SELECT 'handover', due_date, due_provisional FROM handover"
                " UNION ALL SELECT 'flag', due_date, due_provisional FROM flag"
            )
        }


def counted(calendar: WorkingCalendar) -> dict[str, tuple[date, bool]]:
    days = {
        "visit 1": 3,
        "visit 2": 6,
        "filing": 3,
        "handover": ANSWER_DAYS,
        "flag": FLAG_DAYS,
    }
    found = {what: due(DAY, n, calendar) for what, n in days.items()}
    return {what: (deadline.date, deadline.provisional) for what, deadline in found.items()}


def test_every_provisional_deadline_moves_when_its_year_is_announced(store: Store) -> None:
    with store.transaction() as tx:
        visited(tx, due(DAY, 3, Unannounced()))
    assert recompute_deadlines(store, Unannounced()) == 3  # those of other lengths
    assert standing(store) == counted(Unannounced())
    assert recompute_deadlines(store, Announced()) == 5
    assert standing(store) == counted(Announced())
    assert standing(store)["visit 1"] == (date(2027, 2, 15), False)
    assert recompute_deadlines(store, Announced()) == 0


@pytest.mark.parametrize("days", [1, 4])
def test_a_hand_over_that_was_passed_on_has_its_days_from_then(store: Store, days: int) -> None:
    passed_on = NOW + timedelta(days=days)
    with store.transaction() as tx:
        visited(tx, due(DAY, ANSWER_DAYS, Unannounced()))
        tx.connection.execute(
            "INSERT INTO event (entity_no, revision, kind, subject, state_after, actor, actor_name,"
            " workload, basis, effective_date, recorded_at, row_hash)"
            " SELECT entity_no, 1, 'handover.forwarded', 'handovers/1', 'active', '0101', '', '',"
            " '', %s, %s, sha256('') FROM entity",
            (passed_on.date(), passed_on),
        )
    recompute_deadlines(store, Announced())
    expected = due(passed_on.date(), ANSWER_DAYS, Announced())
    assert standing(store)["handover"] == (expected.date, False)
