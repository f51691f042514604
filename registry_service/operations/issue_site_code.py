"""Issuing the code of a filed place, first half: the intent, committed before signing."""

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import PremisesEnded
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.premises import Premises
from registry_service.issuing.intent import site_claims
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.intend import Subject, add_intent, name_of, still_good, terms
from registry_service.operations.issue_license import supersede
from registry_service.operations.record import record
from registry_service.store.licenses import license_live


def issue_site_code(
    act: Act, code: str, premises_no: int, request_id: str | None = None
) -> SignedDocument:
    """Store the intent of a site code. `finish_intents` signs it in a transaction of its own.

    Raises:
        EntityUnknown, PremisesUnknown: no such entity, or no such place of it.
        NotYourUnit, RoleMissing, UnitUnclear: not the home registrar.
        EntityEnded: 吊销, 注销 or 撤销.
        PremisesEnded: the place is no longer filed.
        LicenseLive: the place has a live code of this version.
        FaceTooLong: the data can't be printed.
        SignerUnavailable: no key or host is published yet.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.ISSUE_SITE_CODE, entity=entity)
    entity.require_alive()
    premises = act.tx.premises.find(entity.number, premises_no)
    require_filed(premises)
    live = act.tx.licenses.live(entity.number, premises_no)
    if live is not None and still_good(act.tx, live, premises.version):
        if live.state is LicenseState.INTENT:
            return live  # asked for before, and not signed yet
        raise license_live(live.version)
    if live is not None:
        entity = supersede(act, entity, live, unit)
    return intend_site_code(act, entity, premises, unit, request_id)[1]


def require_filed(premises: Premises) -> None:
    """Stop if the place no longer counts as one of the entity's.

    Raises:
        PremisesEnded: removed, struck or ended.
    """
    if not premises.state.filed:
        raise PremisesEnded(
            f"the premises are {premises.state.value}",
            zh="该经营场所已不在备案之列，不能办理此项业务",
            state=premises.state.value,
        )


def intend_site_code(
    act: Act,
    entity: Entity,
    premises: Premises,
    unit: int | None,
    request_id: str | None = None,
) -> tuple[Entity, SignedDocument]:
    """Store the intent of a code of the data in force, with the event of who asked.

    Raises:
        UnitUnclear, FaceTooLong: the data can't be printed.
        SignerUnavailable: no key or host is published yet.
    """
    under = terms(act.tx)
    entry = act.tx.status_entries.allocate(entity.number)
    claims = site_claims(entity, premises, under.host, entry, act.now)
    subject = Subject(entity.number, premises.number, premises.version)
    document = add_intent(act, subject, under, entry, claims, request_id)
    entity = record(act, entity, "site_code.requested", unit=unit, subject=name_of(document))
    return entity, document
