"""Review of a filing, and what follows from it."""

from dataclasses import replace

from registry_service.domain.authority import ActName
from registry_service.domain.entity import COUNTER, Entity
from registry_service.domain.premises import (
    Filing,
    FilingState,
    Premises,
    PremisesState,
)
from registry_service.operations.act import Act
from registry_service.operations.draft_filing import open_filing
from registry_service.operations.hand_over import hand_over
from registry_service.operations.record import record
from registry_service.operations.review_filing import Asked, review_filing


def submit_filing(act: Act, code: str, filing_no: int, *, etag: str = "") -> tuple[Entity, Filing]:
    """Submit a filing: FILED and handed over, or RETURNED, MANUAL or REJECTED with findings.

    A rejection is an outcome, stored like the others; the caller of this function turns it into
    the refusal that the applicant reads.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        FilingUnknown: the entity has no such filing.
        FilingNotOpen: it is filed, rejected or under review.
        EtagMismatch: it changed since it was read.
    """
    entity, filing, unit = open_filing(act, ActName.SUBMIT_PREMISES_FILING, code, filing_no, etag)
    found = review_filing(act, entity, Asked(filing.site, filing.documents))
    act.tx.filings.add_findings(filing, found.findings)
    state = found.state
    filing = replace(filing, state=state, policy_version=found.policy_version)
    if state is FilingState.FILED:
        filing = _file(act, entity, filing)
    filing = act.tx.filings.save(filing, act.now)
    saved = record(
        act,
        entity,
        f"filing.{state.value}",
        unit=unit,
        subject=f"filings/{filing.number}",
        basis=filing.receipt_number,
    )
    return saved, filing


def _file(act: Act, entity: Entity, filing: Filing) -> Filing:
    """File the place, and hand it over where another unit supervises it (invariant 4)."""
    home, host = entity.registrar, filing.site.address.unit
    if home is None or host is None:  # rules 8 and 9 and `authorise` leave neither open
        raise AssertionError("a filing without a unit passed review")
    place = act.tx.premises.add(
        Premises(
            entity_no=entity.number,
            number=0,
            state=PremisesState.LIVE,
            version=1,
            site=filing.site,
            unit=host,
            filing_no=filing.number,
            filing_date=act.today,
            revision=1,
            recorded_at=act.now,
            source=COUNTER,
        ),
        act.now,
        act.today,
    )
    filing = replace(filing, premises_no=place.number)
    if host == (entity.face.address.unit or home):
        return filing
    number = hand_over(act, entity, filing.number, place.number, host)
    return replace(filing, handover_no=number)
