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
from registry_service.operations.intend import Subject, is_believed, name_of, prepared, terms
from registry_service.operations.issue_license import supersede
from registry_service.operations.record import record


def print_copy(act: Act, code: str, kind: CopyKind, request_id: str | None = None) -> PrintedCopy:
    """Store the record and the intent of a copy. `finish_intents` signs it afterwards.

    It shows what the licence in force shows, mark of 一照多址 included. A 副本 takes the next
    number of its licence version; of a 正本 there is one at a time, and one whose key was
    distrusted or whose host was given up is superseded.

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
    if kind is CopyKind.ORIGINAL:
        entity = _replace_original(act, entity, licence, unit)
        return intend_copy(act, entity, licence, 0, unit, request_id)
    duplicate = act.tx.copies.next_duplicate(entity.number, licence.version)
    return intend_copy(act, entity, licence, duplicate, unit, request_id)


def intend_copy(
    act: Act,
    entity: Entity,
    licence: SignedDocument,
    duplicate: int,
    unit: int | None,
    request_id: str | None,
    printed_by: str | None = None,
) -> PrintedCopy:
    """Store the record and the intent of a copy, with the event of who asked.

    `printed_by` is who printed it where that is not who acts.

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
        printed_by=act.actor.number if printed_by is None else printed_by,
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


def _replace_original(act: Act, entity: Entity, licence: SignedDocument, unit: int) -> Entity:
    """Supersede a 正本 that checkers refuse for its key or its host.

    Raises:
        CopyLive: there is a good one in use.
    """
    for copy in act.tx.licenses.live_copies(entity.number):
        if copy.duplicate != 0:
            continue
        if not is_believed(act.tx, copy):
            return supersede(act, entity, copy, unit)
        raise CopyLive(
            f"copies/{copy.version} is the 正本 in use; return it or declare it void first",
            zh=f"正本（第 {copy.version} 号）在用，请先收回或声明作废，再重新打印",
            copy=copy.version,
        )
    return entity
