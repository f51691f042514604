"""注销, 吊销, 撤销设立, and what ends with an entity."""

import pytest

from license_verify.lists.status import Status
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import (
    EntityEnded,
    ExpectedNameDiffers,
    InvalidRequest,
    SimpleProcedureBarred,
)
from registry_service.domain.mark import MarkKind
from registry_service.domain.premises import FilingState, PremisesState
from registry_service.domain.restriction import HeldAct
from registry_service.operations.end_entity import deregister_entity, revoke_entity
from tests.db.issuing.world import CODE, REGISTRAR, VISIT
from tests.db.lifecycle.firm import QUFU_SHOP, RENCHENG_SHOP, ZOUCHENG_SHOP, Firm

ENDED = PremisesState.ENDED
FILINGS = "SELECT state FROM filing ORDER BY filing_no"


@pytest.fixture
def chain(firm: Firm) -> Firm:
    """Three filed places, a licence, three codes, and a filing that was only drafted."""
    firm.file(RENCHENG_SHOP, QUFU_SHOP, ZOUCHENG_SHOP)
    firm.issue()
    firm.draft("嘉祥县纸坊镇试验路5号")
    return firm


def test_all_places_end_with_a_deregistration_in_one_transaction(chain: Firm) -> None:
    last = chain.read().revision
    chain.deregister()
    assert chain.place_states() == [ENDED] * 3
    assert chain.kinds(after=last) == [
        "entity.deregistered",
        "premises.ended",
        *["premises.ended", "handover.closed"] * 2,
        "filing.withdrawn",
    ]
    told = [event for event in chain.events() if event.revision > last]
    assert {event.recorded_at for event in told} == {told[0].recorded_at}
    ended = [event.subject for event in told if event.kind == "premises.ended"]
    assert ended == ["premises/1", "premises/2", "premises/3"]
    assert chain.statuses() == [Status.DEREGISTERED] * 4
    assert not chain.read().live_premises
    assert chain.faults() == []


def test_open_filings_are_withdrawn_and_visits_closed_when_the_entity_ends(chain: Firm) -> None:
    chain.annul()
    assert chain.column(FILINGS)[-1] == FilingState.WITHDRAWN
    assert set(chain.column("SELECT state FROM application")) == {"closed"}


def test_an_annulled_establishment_shows_in_every_document(chain: Firm) -> None:
    chain.annul()
    assert chain.state is EntityState.ANNULLED
    assert chain.place_states() == [ENDED] * 3
    assert chain.statuses() == [Status.ANNULLED] * 4
    assert chain.faults() == []


def test_a_revocation_leaves_places_filed_and_filings_frozen(chain: Firm) -> None:
    chain.revoke()
    assert chain.place_states() == [PremisesState.LIVE] * 3
    assert chain.column(FILINGS)[-1] == FilingState.DRAFT
    assert chain.statuses() == [Status.REVOKED] * 4
    assert chain.faults() == []


@pytest.mark.parametrize("end", [EntityState.DEREGISTERED, EntityState.ANNULLED])
def test_nothing_is_drafted_for_what_has_ended(firm: Firm, end: EntityState) -> None:
    firm.bring_to(end)
    with pytest.raises(EntityEnded):
        firm.draft(QUFU_SHOP)
    assert firm.faults() == []


def test_a_filing_of_a_revoked_entity_is_blocked(firm: Firm) -> None:
    firm.revoke()
    assert firm.submit(QUFU_SHOP) is FilingState.REJECTED
    assert firm.places() == []


def test_hosts_are_told_of_a_revocation(chain: Firm) -> None:
    chain.revoke()
    told = [e for e in chain.events() if e.kind == "host.notified"]
    assert [event.subject for event in told] == ["handovers/1", "handovers/2"]
    assert {event.basis for event in told} == {"主体已被吊销营业执照"}


def test_a_revoked_entity_is_deregistered_in_the_end(chain: Firm) -> None:
    chain.revoke()
    chain.deregister()
    assert chain.statuses() == [Status.DEREGISTERED] * 4
    assert chain.faults() == []


def test_liquidation_leaves_documents_valid_and_tells_hosts(chain: Firm) -> None:
    chain.liquidate()
    assert chain.statuses() == [Status.VALID] * 4
    assert chain.kinds()[-2:] == ["host.notified", "host.notified"]


def test_an_end_needs_the_right_name(firm: Firm) -> None:
    with firm.world.act(REGISTRAR) as act:
        with pytest.raises(ExpectedNameDiffers):
            deregister_entity(act, CODE, "济宁市别家物流有限公司", VISIT)
        with pytest.raises(ExpectedNameDiffers):
            revoke_entity(act, CODE, "济宁市别家物流有限公司", "决定书")
    assert firm.state is EntityState.ACTIVE


def test_a_revocation_needs_its_ground(firm: Firm) -> None:
    with firm.world.act(REGISTRAR) as act, pytest.raises(InvalidRequest):
        revoke_entity(act, CODE, firm.read().face.business_name, "")


@pytest.mark.parametrize("kind", [MarkKind.ABNORMAL_OTHER, MarkKind.SERIOUS_VIOLATION])
def test_the_listed_are_barred_from_the_simple_procedure(firm: Firm, kind: MarkKind) -> None:
    firm.mark(kind)
    with pytest.raises(SimpleProcedureBarred) as refused:
        firm.deregister(simple=True)
    assert refused.value.metadata["cause"] == kind
    assert kind.zh in refused.value.zh
    firm.unmark()
    firm.deregister(simple=True)
    assert firm.state is EntityState.DEREGISTERED


def test_the_held_are_barred_from_the_simple_procedure(firm: Firm) -> None:
    firm.restrict(HeldAct.FILING)
    with pytest.raises(SimpleProcedureBarred) as refused:
        firm.deregister(simple=True)
    assert refused.value.metadata["cause"] == "held"
    firm.deregister()
    assert firm.state is EntityState.DEREGISTERED


def test_the_revoked_are_barred_from_the_simple_procedure(firm: Firm) -> None:
    firm.revoke()
    with pytest.raises(SimpleProcedureBarred) as refused:
        firm.deregister(simple=True)
    assert refused.value.metadata["cause"] == "revoked"
