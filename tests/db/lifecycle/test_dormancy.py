"""歇业: three years in all, extended in the last thirty days, over when its time is over."""

from datetime import date, timedelta

import pytest

from license_verify.lists.status import Status
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import (
    DormancyTooLong,
    ExtensionTooEarly,
    InvalidRequest,
)
from registry_service.domain.premises import FilingState, PremisesState
from registry_service.operations.dormancy import EXPIRED
from registry_service.operations.dormancy_clock import DormancyClock
from tests.db.lifecycle.firm import QUFU_SHOP, ZOUCHENG_SHOP, Firm

# The world's clock stands on 2026-03-02.
TODAY = date(2026, 3, 2)
LIVE, SUSPENDED = PremisesState.LIVE, PremisesState.SUSPENDED
DAY = timedelta(days=1)


def test_places_and_documents_are_suspended_with_the_entity(firm: Firm) -> None:
    firm.file(QUFU_SHOP, ZOUCHENG_SHOP)
    firm.issue()
    last = firm.read().revision
    firm.suspend()
    assert firm.state is EntityState.DORMANT
    assert firm.place_states() == [SUSPENDED, SUSPENDED]
    assert firm.kinds(after=last) == ["entity.suspended", *["premises.suspended"] * 2]
    assert firm.statuses() == [Status.SUSPENDED] * 3
    assert firm.read().live_premises == 2, "a suspended place still counts"
    assert firm.faults() == []


def test_resuming_makes_all_live_again(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    firm.issue()
    firm.suspend()
    last = firm.read().revision
    firm.world.clock.forward(days=10)
    firm.resume()
    assert firm.kinds(after=last) == ["entity.resumed", "premises.resumed"]
    assert firm.statuses() == [Status.VALID] * 2
    assert firm.faults() == []


def test_three_years_are_the_most(firm: Firm) -> None:
    with pytest.raises(DormancyTooLong) as refused:
        firm.suspend(days=365 * 3 + 2)
    assert refused.value.metadata["until"] == "2029-03-01"
    assert "2029-03-01" in refused.value.zh
    firm.suspend(days=365 * 3 + 1)


def test_three_years_count_over_all_dormancies(firm: Firm) -> None:
    firm.suspend(days=365)
    firm.world.clock.forward(days=100)
    firm.resume()  # 100 days were used
    firm.world.clock.forward(days=400)
    assert firm.today == date(2027, 7, 15)
    latest = date(2030, 7, 15) - DAY - 100 * DAY
    with pytest.raises(DormancyTooLong) as refused:
        firm.suspend(days=(latest - firm.today).days + 2)
    assert refused.value.metadata["until"] == str(latest)
    firm.suspend(days=(latest - firm.today).days + 1)


def test_an_extension_is_for_the_last_thirty_days(firm: Firm) -> None:
    firm.suspend(days=100)  # until 2026-06-09
    last = TODAY + 99 * DAY
    with pytest.raises(ExtensionTooEarly) as refused:
        firm.extend(last + 30 * DAY)
    assert refused.value.metadata["opens"] == str(last - 29 * DAY)
    firm.world.clock.forward(days=70)
    firm.extend(last + 30 * DAY)
    assert firm.kinds()[-1] == "entity.dormancy_extended"
    firm.world.clock.forward(days=31)
    assert firm.expire() == 0
    assert firm.state is EntityState.DORMANT


def test_an_extension_too_stays_within_three_years(firm: Firm) -> None:
    firm.suspend(days=1000)
    firm.world.clock.forward(days=990)
    with pytest.raises(DormancyTooLong) as refused:
        firm.extend(date(2029, 3, 2))
    assert refused.value.metadata["until"] == "2029-03-01"
    with pytest.raises(InvalidRequest):
        firm.extend(TODAY + 999 * DAY)  # as it is
    firm.extend(date(2029, 3, 1))


@pytest.mark.parametrize("first", [TODAY + DAY, TODAY - 31 * DAY])
def test_a_dormancy_begins_neither_tomorrow_nor_long_ago(firm: Firm, first: date) -> None:
    with pytest.raises(InvalidRequest) as refused:
        firm.suspend(days=100, first=first)
    assert refused.value.fields[0].field == "from_date"


def test_a_dormancy_is_not_over_before_it_is_filed(firm: Firm) -> None:
    with pytest.raises(InvalidRequest) as refused:
        firm.suspend(days=0)
    assert refused.value.fields[0].field == "until_date"


def test_a_dormancy_ends_by_itself_on_the_day_after_its_last(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    firm.issue()
    firm.suspend(days=30)
    firm.world.clock.forward(days=29)
    assert firm.expire() == 0
    firm.world.clock.forward(days=3)
    assert firm.expire() == 1
    assert firm.expire() == 0
    assert firm.state is EntityState.ACTIVE
    assert firm.place_states() == [LIVE]
    assert firm.statuses() == [Status.VALID] * 2
    over = next(event for event in firm.events() if event.kind == "entity.resumed")
    assert (over.actor, over.basis) == ("", EXPIRED)
    assert over.effective_date == TODAY + 30 * DAY
    assert firm.faults() == []


def test_what_expired_while_nobody_served_ends_as_the_clock_starts(firm: Firm) -> None:
    firm.suspend(days=30)
    firm.world.clock.forward(days=60)
    clock = DormancyClock(firm.world.store, firm.world.clock)
    clock.start()
    clock.stop()
    assert firm.state is EntityState.ACTIVE


def test_a_dormant_entity_files_no_places(firm: Firm) -> None:
    firm.suspend()
    assert firm.submit(QUFU_SHOP) is FilingState.REJECTED
    assert firm.places() == []


def test_a_change_of_a_dormant_entity_leaves_it_dormant(firm: Firm) -> None:
    firm.world.issue()
    firm.suspend()
    firm.change(person="测试改")
    firm.sign()
    assert firm.state is EntityState.DORMANT
    assert firm.statuses() == [Status.SUSPENDED] * 2
    assert firm.faults() == []
