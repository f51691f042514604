"""Printing 正本 and 副本 of the licence in force: the intent, committed before signing."""

from dataclasses import replace

from license_verify.token.face import LicenseFace
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import CopyLive, LicenseUnknown
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.printed_copy import CopyKind, CopyState, PrintedCopy
from registry_service.issuing.intent import claims_of, copy_claims
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.document_identity import identity_of
from registry_service.operations.intend import Subject, name_of, prepared, terms
from registry_service.operations.record import record


def print_copy(act: Act, code: str, kind: CopyKind, request_id: str | None = None) -> PrintedCopy:
    """Store the record and the intent of a copy. `finish_intents` signs it afterwards.

    It shows what the licence in force shows, mark of 一照多址 included. A 副本 takes the next
    number of its licence version; of a 正本 there is one at a time.

    Raises:
        EntityUnknown: none has or had the code.
        NotYourUnit, RoleMissing, UnitUnclear: not the home registrar.
        EntityEnded: 吊销, 注销 or 撤销.
        LicenseUnknown: no licence is in force, or it is not signed yet.
        CopyLive: the 正本 of the version is in use.
        FaceTooLong: with the number of the copy the face fits no symbol.
        SignerUnavailable: no key or host is published yet.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.PRINT_LICENSE_COPY, entity=entity)
    entity.require_alive()
    licence = act.tx.licenses.live(entity.number)
    if licence is None or licence.state is not LicenseState.ISSUED:
        raise LicenseUnknown(
            "no licence is in force and signed; issue one first",
            zh="该主体没有已签发的有效执照，请先签发执照，再打印正本、副本",
        )
    return intend_copy(act, entity, licence, _duplicate(act, licence, kind), unit, request_id)


def intend_copy(
    act: Act,
    entity: Entity,
    licence: SignedDocument,
    duplicate: int,
    unit: int | None,
    request_id: str | None,
) -> PrintedCopy:
    """Store the record and the intent of a copy, with the event of who asked.

    Raises:
        FaceTooLong: with the number of the copy the face fits no symbol.
        SignerUnavailable: no key or host is published yet.
    """
    licensed = claims_of(licence.to_be_signed).face
    if not isinstance(licensed, LicenseFace):
        raise TypeError("a licence has the face of a site")
    under = terms(act.tx)
    entry = act.tx.status_entries.allocate(entity.number)
    claims = copy_claims(entity, licensed, duplicate, under.host, entry, act.now)
    identity = identity_of(licence, act.units)
    copy = PrintedCopy(
        entity_no=entity.number,
        number=0,
        kind=CopyKind.DUPLICATE if duplicate else CopyKind.ORIGINAL,
        duplicate=duplicate,
        license_number=identity.license_number,
        document_id=identity.document_id,
        state=CopyState.IN_USE,
        recorded_at=act.now,
        printed_date=act.today,
        printed_by=act.actor.number,
    )
    number = act.tx.copies.add(copy)
    subject = Subject(entity.number, None, licence.facts_version)
    document = replace(
        prepared(act, subject, number, under, entry, claims, request_id),
        copy_of=licence.version,
        duplicate=duplicate,
    )
    act.tx.licenses.add(document)
    record(act, entity, "copy.requested", unit=unit, subject=name_of(document))
    return replace(copy, number=number, document=document)


def _duplicate(act: Act, licence: SignedDocument, kind: CopyKind) -> int:
    """0 for the 正本, else the next 副本.

    Raises:
        CopyLive: there is a 正本 in use.
    """
    if kind is CopyKind.DUPLICATE:
        return act.tx.copies.next_duplicate(licence.entity_no, licence.version)
    for copy in act.tx.licenses.live_copies(licence.entity_no):
        if copy.duplicate == 0:
            raise CopyLive(
                f"copies/{copy.version} is the 正本 in use; return it or declare it void first",
                zh=f"正本（第 {copy.version} 号）在用，请先收回或声明作废，再重新打印",
                copy=copy.version,
            )
    return 0
