"""The second half of issuing: sign what is stored, or give it up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from license_verify.token import cose
from license_verify.token.claims import read
from license_verify.token.errors import ClaimsRefused
from registry_service.domain.entity import Entity
from registry_service.domain.errors import (
    FaceIncomplete,
    PremisesUnknown,
    SignerUnavailable,
    UnitUnclear,
)
from registry_service.domain.key import KeyUse
from registry_service.domain.license import DocumentKind, LicenseState, SignedDocument
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import SYSTEM, Actor
from registry_service.issuing.errors import FaceTooLong
from registry_service.issuing.intent import claims_of, token_of
from registry_service.issuing.signer import KeyRing
from registry_service.operations.act import Act
from registry_service.operations.intend import Terms, key_of, name_of, own_status, still_sign
from registry_service.operations.issue_license import intend_license, supersede
from registry_service.operations.issue_site_code import intend_site_code
from registry_service.operations.print_copy import intend_copy
from registry_service.operations.record import record
from registry_service.store.transaction import Store, Transaction

_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of the intents that were found."""

    issued: int = 0
    voided: int = 0


class Finisher:
    """Signs intents; used after each act, at start-up, and for repeated requests."""

    def __init__(self, store: Store, ring: KeyRing, now: Callable[[], datetime]) -> None:
        self._store = store
        self._ring = ring
        self._now = now

    def finish_all(
        self,
        older_than: timedelta = timedelta(0),
        stopping: Callable[[], bool] = lambda: False,
    ) -> Finished:
        """Sign or void every intent that was left, as by a crash or while a key was away.

        Args:
            older_than: leave those alone that somebody may just be signing.
            stopping: asked before each; the rest is left.

        Raises:
            SignerUnavailable: a key is away; the rest stay intents.
            DatabaseUnavailable: the database is away.
        """
        done = Finished()
        before = self._now() - older_than if older_than else None
        while batch := self._intents(None, before):
            for document in batch:
                if stopping():
                    return done
                after = self.finish(document)
                issued = after.state is LicenseState.ISSUED
                done = Finished(done.issued + issued, done.voided + (not issued))
        return done

    def finish_of(self, entity_no: int, actor: Actor = SYSTEM) -> list[SignedDocument]:
        """Sign or void the intents of one entity, as after a change of its face.

        Raises:
            SignerUnavailable, DatabaseUnavailable: what is left stays an intent.
        """
        return [self.finish(document, actor) for document in self._intents(entity_no)]

    def finish(self, document: SignedDocument, actor: Actor = SYSTEM) -> SignedDocument:
        """Sign an intent if what it says still holds, else void it.

        One whose key is active no more is voided, and what it was to say is issued under the key
        that is. No transaction is open while the key signs: it may be slow. Two that finish the
        same intent both sign it; the second finds it done, and its signature is thrown away.

        Returns:
            The document as it stands now, or the one that was issued in its stead.

        Raises:
            SignerUnavailable: the key is away; it stays an intent.
        """
        code = claims_of(document.to_be_signed).uscc.text
        token = self._token(document)
        with self._store.transaction() as tx:
            entity = tx.entities.find(code, for_update=True)
            document = tx.licenses.again(document)
            if document.state is not LicenseState.INTENT:
                return document
            # Signing does not ask for the policy of review.
            act = Act(tx, actor, self._now(), JINING_2023)
            if not _still_holds(tx, entity, document):
                supersede(act, entity, document, entity.registrar)
                return replace(document, state=LicenseState.VOIDED)
            if still_sign(tx, _terms_of(document)):
                # It holds again since it was looked at, if there is no token: the next turn signs.
                return document if token is None else _issue(act, entity, document, token)
            successor = _intend_again(act, entity, document)
        if successor is None:
            return replace(document, state=LicenseState.VOIDED)
        return self.finish(successor, actor)

    def _token(self, document: SignedDocument) -> bytes | None:
        """The token of an intent, seen to verify; None if there is nothing to be signed.

        Raises:
            SignerUnavailable: the key is away, or what it signs does not verify.
        """
        code = claims_of(document.to_be_signed).uscc.text
        with self._store.transaction() as tx:
            entity, key = tx.entities.find(code), key_of(tx, document.kid)
            document = tx.licenses.again(document)
            waits = document.state is LicenseState.INTENT and still_sign(tx, _terms_of(document))
            if not (waits and _still_holds(tx, entity, document)):
                return None
        token = token_of(document.to_be_signed, self._ring.signer(document.kid, KeyUse.TOKEN))
        if not cose.signature_fits(read(token).sign1, key.key, cose.ES256):
            raise SignerUnavailable(
                f"what key {key.kid.hex()} signed does not verify; nothing was issued",
                zh="签名自检未通过，未签发",
            )
        return token

    def _intents(
        self, entity_no: int | None, before: datetime | None = None
    ) -> list[SignedDocument]:
        with self._store.transaction() as tx:
            return tx.licenses.intents(_BATCH, entity_no, before)


def issued_instead(tx: Transaction, document: SignedDocument) -> SignedDocument:
    """What was issued for the same request after its key had changed; else the document itself."""
    if document.state is not LicenseState.VOIDED or document.request_id is None:
        return document
    live: Iterable[SignedDocument | None]
    if document.kind is DocumentKind.COPY:
        live = tx.licenses.live_copies(document.entity_no)
    else:
        live = (tx.licenses.live(document.entity_no, document.premises_no),)
    same = (each for each in live if each and each.request_id == document.request_id)
    return next(same, document)


def _terms_of(document: SignedDocument) -> Terms:
    return Terms(document.kid, document.scan_host)


def _issue(act: Act, entity: Entity, document: SignedDocument, token: bytes) -> SignedDocument:
    state, now = LicenseState.ISSUED, act.now
    act.tx.licenses.change(document, state, token, now)
    own = own_status(act.tx, document, state)
    act.tx.status_entries.set_own(entity.number, document.list_no, document.index, own)
    kind = f"{document.kind.value}.{state.value}"
    record(act, entity, kind, unit=entity.registrar, subject=name_of(document))
    return replace(document, state=state, token=token, issued_at=now)


def _intend_again(act: Act, entity: Entity, document: SignedDocument) -> SignedDocument | None:
    """Void an intent and store its like under the key and host of now; None if it can't be printed.

    Raises:
        SignerUnavailable: no key is active.
    """
    entity = supersede(act, entity, document, entity.registrar)
    unit, request_id = entity.registrar, document.request_id
    try:
        with act.tx.connection.transaction():
            if document.premises_no is not None:
                premises = act.tx.premises.find(entity.number, document.premises_no)
                return intend_site_code(act, entity, premises, unit, request_id)[1]
            if document.duplicate is not None:
                licence = act.tx.licenses.find(entity.number)
                printed_by = act.tx.copies.find(entity.number, document.version).printed_by
                copy = intend_copy(
                    act, entity, licence, document.duplicate, unit, request_id, printed_by
                )
                return copy.document
            return intend_license(act, entity, unit, request_id)[1]
    except (FaceIncomplete, UnitUnclear, FaceTooLong, ClaimsRefused):
        return None


def _still_holds(tx: Transaction, entity: Entity, document: SignedDocument) -> bool:
    """Whether the facts of an intent are still those in force."""
    if entity.state.ended:
        return False
    if document.kind is DocumentKind.COPY:
        licence = tx.licenses.live(entity.number)
        return licence is not None and licence.version == document.copy_of
    if document.premises_no is None:
        return document.facts_version == entity.current.version
    try:
        premises = tx.premises.find(entity.number, document.premises_no)
    except PremisesUnknown:
        return False
    return premises.state.filed and document.facts_version == premises.version
