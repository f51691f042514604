"""The second half of issuing: sign what is stored, or give it up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from license_verify.lists.trust_list import KeyState
from license_verify.token import cose
from license_verify.token.claims import read
from registry_service.domain.entity import Entity
from registry_service.domain.errors import PremisesUnknown, SignerUnavailable
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.domain.license import DocumentKind, LicenseState, SignedDocument
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import SYSTEM, Actor
from registry_service.issuing.intent import claims_of, token_of
from registry_service.issuing.signer import KeyRing
from registry_service.operations.act import Act
from registry_service.operations.intend import name_of, own_status
from registry_service.operations.issue_license import supersede
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

    def finish_all(self) -> Finished:
        """Sign or void every intent that a crash left.

        Raises:
            SignerUnavailable: a key is away; the rest stay intents.
            DatabaseUnavailable: the database is away.
        """
        done = Finished()
        while batch := self._intents(None):
            for document in batch:
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

        Two that finish the same intent wait for each other; the second finds it done.

        Returns:
            The document as it stands now.

        Raises:
            SignerUnavailable: the key is away; it stays an intent.
        """
        code = claims_of(document.to_be_signed).uscc.text
        with self._store.transaction() as tx:
            entity = tx.entities.find(code, for_update=True)
            document = tx.licenses.again(document)
            if document.state is not LicenseState.INTENT:
                return document
            # Signing does not ask for the policy of review.
            act = Act(tx, actor, self._now(), JINING_2023)
            key = next(key for key in tx.keys.every() if key.kid == document.kid)
            if _still_holds(tx, entity, document, key):
                return self._sign(act, entity, document, key)
            supersede(act, entity, document, entity.registrar)
            return replace(document, state=LicenseState.VOIDED)

    def _sign(
        self, act: Act, entity: Entity, document: SignedDocument, key: SigningKey
    ) -> SignedDocument:
        token = token_of(document.to_be_signed, self._ring.signer(document.kid, KeyUse.TOKEN))
        if not cose.signature_fits(read(token).sign1, key.key, cose.ES256):
            raise SignerUnavailable(
                f"what key {key.kid.hex()} signed does not verify; nothing was issued",
                zh="签名自检未通过，未签发",
            )
        state, now = LicenseState.ISSUED, act.now
        act.tx.licenses.change(document, state, token, now)
        own = own_status(act.tx, document, state)
        act.tx.status_entries.set_own(entity.number, document.list_no, document.index, own)
        kind = f"{document.kind.value}.{state.value}"
        record(act, entity, kind, unit=entity.registrar, subject=name_of(document))
        return replace(document, state=state, token=token, issued_at=now)

    def _intents(self, entity_no: int | None) -> list[SignedDocument]:
        with self._store.transaction() as tx:
            return tx.licenses.intents(_BATCH, entity_no)


def _still_holds(
    tx: Transaction, entity: Entity, document: SignedDocument, key: SigningKey
) -> bool:
    """Whether the facts and the key of an intent are still those in force."""
    if entity.state.ended or key.state is not KeyState.ACTIVE:
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
