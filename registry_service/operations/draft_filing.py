"""Writing a filing before it is submitted."""

from dataclasses import replace

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import EtagMismatch, FilingNotOpen
from registry_service.domain.premises import Document, Filing, Site
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.record import record


def draft_filing(
    act: Act, code: str, receipt: str, site: Site, documents: tuple[Document, ...]
) -> tuple[Entity, Filing]:
    """Draft a filing within an application. Nothing is reviewed yet.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        ApplicationUnknown: the entity has no such application.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.CREATE_PREMISES_FILING, entity=entity)
    visited = act.tx.applications.find(entity.number, receipt)
    filing = act.tx.filings.add(entity.number, visited.number, site, documents, act.now)
    saved = record(
        act,
        entity,
        "filing.drafted",
        unit=unit,
        subject=f"filings/{filing.number}",
        basis=receipt,
    )
    return saved, filing


def update_filing(
    act: Act,
    code: str,
    filing_no: int,
    site: Site,
    documents: tuple[Document, ...],
    *,
    etag: str = "",
) -> tuple[Entity, Filing]:
    """Replace place and documents of a filing that is a draft or was returned.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        FilingUnknown: the entity has no such filing.
        FilingNotOpen: it is filed, rejected or under review.
        EtagMismatch: it changed since it was read.
    """
    entity, filing, unit = open_filing(act, ActName.UPDATE_PREMISES_FILING, code, filing_no, etag)
    changed = replace(filing, site=site, documents=documents)
    saved_filing = act.tx.filings.save(changed, act.now, new_documents=True)
    saved = record(
        act,
        entity,
        "filing.updated",
        unit=unit,
        subject=f"filings/{filing.number}",
        basis=filing.receipt_number,
    )
    return saved, saved_filing


def open_filing(
    act: Act, name: ActName, code: str, filing_no: int, etag: str
) -> tuple[Entity, Filing, int]:
    """The entity, locked, its filing that can still be written to, and the actor's unit.

    Raises:
        NotYourUnit, RoleMissing, FilingUnknown, EtagMismatch, FilingNotOpen: as above.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, name, entity=entity)
    filing = act.tx.filings.find(entity.number, filing_no)
    if etag and etag != filing_etag(filing):
        raise EtagMismatch(
            "the filing changed since it was read; read it again",
            zh="该备案申请已被他人更改，请重新读取后再办理",
            filing=filing_no,
        )
    if not filing.state.open:
        raise FilingNotOpen(
            f"the filing is {filing.state.value}; only a draft or a returned one can be written to",
            zh="该备案申请已提交或已办结，不能再修改或重复提交",
            state=filing.state.value,
        )
    return entity, filing, unit


def filing_etag(filing: Filing) -> str:
    """The etag of a filing at its revision."""
    return f"f{filing.revision}"
