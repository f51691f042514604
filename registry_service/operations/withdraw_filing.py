"""撤回: the applicant takes a filing back."""

from dataclasses import replace

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.premises import Filing, FilingState
from registry_service.operations.act import Act
from registry_service.operations.draft_filing import read_filing, require_undecided
from registry_service.operations.settle_application import settle_application
from registry_service.operations.submit_filing import put_filing


def withdraw_filing(
    act: Act, code: str, filing_no: int, *, etag: str = ""
) -> tuple[Entity, Filing]:
    """Take back a filing that was not decided yet.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        FilingUnknown: the entity has no such filing.
        FilingDecided: it is filed, rejected or withdrawn.
        EtagMismatch: it changed since it was read.
    """
    entity, filing, unit = read_filing(act, ActName.WITHDRAW_FILING, code, filing_no, etag)
    require_undecided(filing)
    application = act.tx.applications.find(entity.number, filing.receipt_number)
    entity, filing = put_filing(act, entity, replace(filing, state=FilingState.WITHDRAWN), unit)
    settle_application(act, application)
    return entity, filing
