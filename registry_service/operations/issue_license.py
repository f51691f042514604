"""Issuing the licence of the face in force, first half: the intent, committed before signing."""

from dataclasses import replace

from license_verify.token.face import LicenseFace
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.license import DocumentKind, LicenseState, SignedDocument
from registry_service.domain.many_addresses import Reissue
from registry_service.domain.printed_copy import CopyState
from registry_service.issuing.intent import claims_of, license_claims
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
        LicenseLive: a live licence shows the face in force, and the mark as it should be.
        FaceIncomplete, FaceTooLong: the face can't be printed.
        SignerUnavailable: no key or host is published yet.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.ISSUE_LICENSE, entity=entity)
    entity.require_alive()
    live = act.tx.licenses.live(entity.number)
    good = live is not None and still_good(act.tx, live, entity.current.version)
    if live is not None and good and shows_in_force(act, entity, live):
        if live.state is LicenseState.INTENT:
            return live  # asked for before, and not signed yet
        raise license_live(live.version)
    if live is not None:
        entity = supersede(act, entity, live, unit)
    return intend_license(act, entity, unit, request_id)[1]


def shows_in_force(act: Act, entity: Entity, live: SignedDocument) -> bool:
    """Whether a live licence shows the face in force, and 一照多址 as far as policy asks for it."""
    if live.facts_version != entity.current.version:
        return False
    if act.policy_for(entity.registrar).reissue is Reissue.NEVER:
        return True
    return is_marked(live) == (entity.live_premises > 0)


def is_marked(document: SignedDocument) -> bool:
    """Whether a licence, or a copy of one, says 一照多址."""
    face = claims_of(document.to_be_signed).face
    return isinstance(face, LicenseFace) and face.many_addresses


def supersede(
    act: Act, entity: Entity, live: SignedDocument, unit: int | None, basis: str = ""
) -> Entity:
    """Take the live document out of force, with its event; a licence takes its copies along."""
    return end_document(act, entity, live, LicenseState.SUPERSEDED, unit, basis)


def end_document(
    act: Act,
    entity: Entity,
    document: SignedDocument,
    state: LicenseState,
    unit: int | None,
    basis: str = "",
) -> Entity:
    """Take a document out of force, with its event; an intent is voided, whatever `state` says.

    With a licence go those of its copies that are in force, each with an event of its own.

    Returns:
        The entity at its newest revision.
    """
    state = retire(act, document, state)
    kind = f"{document.kind.value}.{state.value}"
    entity = record(act, entity, kind, unit=unit, subject=name_of(document), basis=basis)
    if document.kind is DocumentKind.COPY and state is not LicenseState.SUPERSEDED:
        _put_away(act, document, basis)
    if document.kind is DocumentKind.LICENSE:
        for copy in act.tx.licenses.live_copies(entity.number):
            entity = end_document(act, entity, copy, state, unit, basis)
    return entity


def _put_away(act: Act, document: SignedDocument, basis: str) -> None:
    """A copy that was declared void, or never signed, counts as void on its own row too."""
    copy = act.tx.copies.find(document.entity_no, document.version)
    ended = replace(copy, state=CopyState.VOID, ended_at=act.now, ended_basis=basis)
    act.tx.copies.save(ended)


def intend_license(
    act: Act,
    entity: Entity,
    unit: int | None,
    request_id: str | None = None,
    basis: str = "",
) -> tuple[Entity, SignedDocument]:
    """Store the intent of a licence of the face in force, with the event of who asked, and why.

    Raises:
        FaceIncomplete, UnitUnclear, FaceTooLong: the face can't be printed.
        SignerUnavailable: no key or host is published yet.
    """
    under = terms(act.tx)
    entity = act.tx.entities.find(entity.uscc)  # with the places as this act left them
    entry = act.tx.status_entries.allocate(entity.number)
    claims = license_claims(entity, under.host, entry, act.now)
    subject = Subject(entity.number, None, entity.current.version)
    document = add_intent(act, subject, under, entry, claims, request_id)
    subject_name = name_of(document)
    entity = record(act, entity, "license.requested", unit=unit, subject=subject_name, basis=basis)
    return entity, document
