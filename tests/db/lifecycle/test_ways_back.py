"""恢复: an end that is taken back, with the places that ended with it."""

import pytest

from license_verify.lists.status import Status
from registry_service.domain.address import address_of
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import AddressClash, NotReversible
from registry_service.domain.premises import PremisesState
from tests.db.lifecycle.firm import QUFU_SHOP, RENCHENG_SHOP, Firm

LIVE, SUSPENDED = PremisesState.LIVE, PremisesState.SUSPENDED
ENDS = [EntityState.DEREGISTERED, EntityState.ANNULLED]


@pytest.fixture
def chain(firm: Firm) -> Firm:
    """Two filed places, a licence and two codes."""
    firm.file(RENCHENG_SHOP, QUFU_SHOP)
    firm.issue()
    return firm


@pytest.mark.parametrize("end", [*ENDS, EntityState.REVOKED])
def test_what_ended_is_back_with_its_places_and_valid_documents(
    chain: Firm, end: EntityState
) -> None:
    chain.bring_to(end)
    chain.reinstate()
    assert chain.state is EntityState.ACTIVE
    assert chain.place_states() == [LIVE, LIVE]
    assert chain.statuses() == [Status.VALID] * 3
    events = {event.kind: event for event in chain.events()}
    back, ended = events["entity.reinstated"], events[f"entity.{end}"]
    assert back.reverses_revision == ended.revision
    assert chain.read().live_premises == 2
    assert chain.faults() == []


def test_a_place_that_was_gone_before_the_end_stays_gone(chain: Firm) -> None:
    chain.change(address=address_of(RENCHENG_SHOP))  # premises/1 became the domicile
    chain.deregister()
    chain.reinstate()
    assert chain.place_states() == [PremisesState.ENDED, LIVE]
    chain.sign()
    assert chain.faults() == []


def test_a_second_end_and_return_bring_back_the_same_places(chain: Firm) -> None:
    for _ in range(2):
        chain.deregister()
        chain.reinstate()
    assert chain.place_states() == [LIVE, LIVE]
    assert chain.faults() == []


def test_a_dormant_entity_comes_back_dormant_with_suspended_places(chain: Firm) -> None:
    chain.suspend()
    chain.deregister()
    assert chain.statuses() == [Status.DEREGISTERED] * 3
    chain.reinstate()
    assert chain.state is EntityState.DORMANT
    assert chain.place_states() == [SUSPENDED, SUSPENDED]
    assert chain.statuses() == [Status.SUSPENDED] * 3
    assert chain.faults() == []
    chain.resume()
    assert chain.place_states() == [LIVE, LIVE]


@pytest.mark.parametrize("end", [*ENDS, EntityState.REVOKED])
def test_a_dormancy_that_ran_out_meanwhile_is_over(chain: Firm, end: EntityState) -> None:
    chain.suspend(days=30)
    chain.bring_to(end)
    chain.world.clock.forward(days=31)
    assert chain.expire() == 0, "only what is dormant wakes"
    chain.reinstate()
    assert chain.state is EntityState.ACTIVE
    assert chain.place_states() == [LIVE, LIVE]
    assert chain.faults() == []


def test_each_of_two_ends_is_taken_back_on_its_own(chain: Firm) -> None:
    chain.revoke()
    chain.deregister()
    chain.reinstate()
    assert chain.state is EntityState.REVOKED
    assert chain.place_states() == [LIVE, LIVE]
    chain.reinstate()
    assert chain.read().state is EntityState.ACTIVE
    with pytest.raises(NotReversible):
        chain.reinstate()
    reversed_ones = [e.reverses_revision for e in chain.events() if e.reverses_revision]
    kinds = [chain.events()[revision - 1].kind for revision in reversed_ones]
    assert kinds == ["entity.deregistered", "entity.revoked"]
    assert chain.faults() == []


def test_a_suspended_place_of_a_revoked_entity_is_suspended_again(chain: Firm) -> None:
    chain.suspend()
    chain.revoke()
    chain.deregister()
    chain.reinstate()
    assert chain.state is EntityState.REVOKED
    assert chain.place_states() == [SUSPENDED, SUSPENDED]
    chain.reinstate()
    assert chain.read().state is EntityState.DORMANT
    assert chain.faults() == []


def test_nothing_comes_back_to_an_address_that_became_the_domicile(chain: Firm) -> None:
    chain.deregister()
    chain.correct(address=address_of(RENCHENG_SHOP))
    with pytest.raises(AddressClash) as refused:
        chain.reinstate()
    assert refused.value.metadata["premises"].endswith("/premises/1")
    assert chain.state is EntityState.DEREGISTERED
    assert chain.place_states() == [PremisesState.ENDED] * 2


def test_what_was_imported_ended_has_nothing_to_take_back(firm: Firm) -> None:
    firm.world.rows("UPDATE entity SET state = 'revoked'")
    with pytest.raises(NotReversible) as refused:
        firm.reinstate()
    assert refused.value.metadata["state"] == "revoked"
