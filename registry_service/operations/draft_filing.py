"""Writing a filing before it is submitted."""

from dataclasses import replace
from typing import TypeVar

from license_verify.refusal import FieldViolation
from registry_service.domain.application import MOST_FILINGS, Application
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.errors import (
    EtagMismatch,
    FilingDecided,
    FilingNotOpen,
    InvalidRequest,
)
from registry_service.domain.premises import Document, Filing, FilingAct, Site
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.file_place import filed_place
from registry_service.operations.record import record
from registry_service.operations.settle_application import restarted, settle_application

_T = TypeVar("_T")


def draft_filing(
    act: Act,
    code: str,
    receipt: str,
    site: Site | None,
    documents: tuple[Document, ...],
    *,
    filing_act: FilingAct = FilingAct.ADD,
    target: int | None = None,
) -> tuple[Entity, Filing]:
    """Draft a filing within an application. Nothing is reviewed yet.

    Args:
        act: who and when.
        code: of the entity.
        receipt: 受理编号 of the application.
        site: the place as it should be; not read for a removal, which names it by `target`.
        documents: that come with it; a removal needs none.
        filing_act: what is asked for.
        target: number of the filed place that is changed or removed.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        ApplicationUnknown: the entity has no such application.
        PremisesUnknown, PremisesEnded: the place to change or remove is not a filed one.
        InvalidRequest: no place is told, or the application is full.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.CREATE_PREMISES_FILING, entity=entity)
    application = room_in(act, entity, receipt)
    if filing_act is not FilingAct.ADD:
        number = _told(target, "target", "请选择要变更或取消的经营场所")
        place = filed_place(act, entity.number, number)
        site = place.site if filing_act is FilingAct.REMOVE else site
        target = place.number
    entity, filing = add_draft(
        act,
        entity,
        application,
        _told(site, "site", "请填写经营场所"),
        documents,
        unit,
        filing_act=filing_act,
        target=target,
    )
    settle_application(act, application)
    return entity, filing


def _told(value: _T | None, field: str, zh: str) -> _T:
    if value is None:
        raise InvalidRequest(FieldViolation(field, "is required", zh))
    return value


def room_in(act: Act, entity: Entity, receipt: str, more: int = 1) -> Application:
    """The application, with its days running, if it can take so many more filings.

    Raises:
        ApplicationUnknown: the entity has none with that receipt number.
        EntityEnded: nothing is filed for what is 注销 or 撤销; of what is 吊销 rule 2 says so.
        InvalidRequest: it would have more than 300.
    """
    if entity.state in (EntityState.DEREGISTERED, EntityState.ANNULLED):
        entity.require_alive()
    application = act.tx.applications.find(entity.number, receipt)
    if sum(act.tx.filings.states(application).values()) + more > MOST_FILINGS:
        raise InvalidRequest(
            FieldViolation(
                "parent",
                f"the application would have more than {MOST_FILINGS} filings",
                f"一次申请最多 {MOST_FILINGS} 件备案，请另行受理",
            )
        )
    return application if application.due_from else restarted(act, application)


def add_draft(
    act: Act,
    entity: Entity,
    application: Application,
    site: Site,
    documents: tuple[Document, ...],
    unit: int,
    *,
    filing_act: FilingAct = FilingAct.ADD,
    target: int | None = None,
) -> tuple[Entity, Filing]:
    """Store a draft, with its event; the visit as a whole is settled by the caller."""
    filing = act.tx.filings.add(
        application,
        site,
        documents,
        act.now,
        home_unit=unit,
        act=filing_act,
        target=target if filing_act is not FilingAct.ADD else None,
    )
    saved = record(
        act,
        entity,
        "filing.drafted",
        unit=unit,
        subject=f"filings/{filing.number}",
        basis=application.receipt_number,
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

    The place of a removal is the one that is filed, and stays.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        FilingUnknown: the entity has no such filing.
        FilingNotOpen: it is filed, rejected or under review.
        EtagMismatch: it changed since it was read.
    """
    entity, filing, unit = open_filing(act, ActName.UPDATE_PREMISES_FILING, code, filing_no, etag)
    if filing.act is FilingAct.REMOVE:
        site = filing.site
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
    entity, filing, unit = read_filing(act, name, code, filing_no, etag)
    if not filing.state.open:
        raise FilingNotOpen(
            f"the filing is {filing.state.value}; only a draft or a returned one can be written to",
            zh="该备案申请已提交或已办结，不能再修改或重复提交",
            state=filing.state.value,
        )
    return entity, filing, unit


def read_filing(
    act: Act, name: ActName, code: str, filing_no: int, etag: str = ""
) -> tuple[Entity, Filing, int]:
    """The entity, locked, its filing as the caller saw it, and the actor's unit.

    Raises:
        NotYourUnit, RoleMissing, FilingUnknown, EtagMismatch: as above.
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
    return entity, filing, unit


def require_undecided(filing: Filing) -> None:
    """Stop at a filing of which nothing more becomes.

    Raises:
        FilingDecided: it is filed, rejected or withdrawn.
    """
    if filing.state.decided:
        raise FilingDecided(
            f"the filing is {filing.state.value} already",
            zh=f"该备案申请{filing.state.zh}，不能再办理",
            state=filing.state.value,
        )


def filing_etag(filing: Filing) -> str:
    """The etag of a filing at its revision."""
    return f"f{filing.revision}"
