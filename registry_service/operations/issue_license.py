"""Issuing the licence of the face in force, first half: the intent, committed before signing."""

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.issuing.intent import license_claims
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.intend import (
    Subject,
    add_intent,
    name_of,
    retire,
    still_good,
    terms,
)
from registry_service.operations.record import record
from registry_service.store.licenses import license_live


def issue_license(act: Act, code: str, request_id: str | None = None) -> SignedDocument:
    """Store the intent of a licence. `finish_intents` signs it in a transaction of its own.

    Raises:
        EntityUnknown: none has or had the code.
        NotYourUnit, RoleMissing, UnitUnclear: not the home registrar.
        EntityEnded: 吊销, 注销 or 撤销.
        LicenseLive: the face in force has a live licence.
        FaceIncomplete, FaceTooLong: the face can't be printed.
        SignerUnavailable: no key or host is published yet.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.ISSUE_LICENSE, entity=entity)
    entity.require_alive()
    live = act.tx.licenses.live(entity.number)
    if live is not None and still_good(act.tx, live, entity.current.version):
        if live.state is LicenseState.INTENT:
            return live  # asked for before, and not signed yet
        raise license_live(live.version)
    if live is not None:
        entity = supersede(act, entity, live, unit)
    return intend_license(act, entity, unit, request_id)[1]


def supersede(act: Act, entity: Entity, live: SignedDocument, unit: int | None) -> Entity:
    """Take the live document out of force, with its event."""
    state = retire(act, live)
    kind = "license" if live.premises_no is None else "site_code"
    return record(act, entity, f"{kind}.{state.value}", unit=unit, subject=name_of(live))


def intend_license(
    act: Act, entity: Entity, unit: int | None, request_id: str | None = None
) -> tuple[Entity, SignedDocument]:
    """Store the intent of a licence of the face in force, with the event of who asked.

    Raises:
        FaceIncomplete, UnitUnclear, FaceTooLong: the face can't be printed.
        SignerUnavailable: no key or host is published yet.
    """
    under = terms(act.tx)
    entry = act.tx.status_entries.allocate(entity.number)
    claims = license_claims(entity, under.host, entry, act.now)
    subject = Subject(entity.number, None, entity.current.version)
    document = add_intent(act, subject, under, entry, claims, request_id)
    entity = record(act, entity, "license.requested", unit=unit, subject=name_of(document))
    return entity, document
