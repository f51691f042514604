"""The second half of issuing a statement: sign what is stored, or give it up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from license_verify.lists.trust_list import KeyState
from license_verify.statement import read_statement
from license_verify.token import cose
from registry_service.domain.entity import Entity
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import SYSTEM, Actor
from registry_service.domain.statement import STATEMENT_STATUS, StatementState, StoredStatement
from registry_service.issuing.signer import KeyRing
from registry_service.issuing.statement import content_of, document_of
from registry_service.operations.act import Act
from registry_service.operations.intend import key_of
from registry_service.operations.outdate_statement import end, is_current
from registry_service.operations.record import record
from registry_service.store.transaction import Store, Transaction

_BATCH: Final = 200


class StatementFinisher:
    """Signs intents of statements: when one was asked for, at start-up, and once a key is back."""

    def __init__(self, store: Store, ring: KeyRing, now: Callable[[], datetime]) -> None:
        self._store = store
        self._ring = ring
        self._now = now

    def finish_all(
        self,
        older_than: timedelta = timedelta(0),
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """Sign or void every intent that was left, as `Finisher.finish_all`.

        Raises:
            SignerUnavailable: the key is away; the rest stay intents.
            DatabaseUnavailable: the database is away.
        """
        before = self._now() - older_than if older_than else None
        while batch := self._intents(before):
            for statement in batch:
                if stopping():
                    return
                self.finish(statement)

    def finish(self, statement: StoredStatement, actor: Actor = SYSTEM) -> StoredStatement:
        """Sign an intent if it still is the whole list, else void it.

        No transaction is open while the key signs: it may be slow. Two that finish the same intent
        both sign it; the second finds it done, and its signature is thrown away. One whose key is
        active no more is voided: only who asks for a list waits for it, and then asks for the next.

        Returns:
            The statement as it stands now.

        Raises:
            SignerUnavailable: the key is away; it stays an intent.
        """
        document = self._document(statement)
        code = content_of(statement.to_be_signed).uscc
        with self._store.transaction() as tx:
            entity = tx.entities.find(code, for_update=True)
            statement = tx.statements.find(entity.number, statement.version)
            if statement.state is not StatementState.INTENT:
                return statement
            if not _still_holds(tx, entity, statement):
                end(tx, statement, entity)
                return replace(statement, state=StatementState.VOIDED)
            if document is None:
                return statement  # it holds again since it was looked at: the next turn signs
            # Signing does not ask for the policy of review.
            return _issue(Act(tx, actor, self._now(), JINING_2023), entity, statement, document)

    def _document(self, statement: StoredStatement) -> bytes | None:
        """The signed document, seen to verify; None if there is nothing to be signed.

        No transaction is open while it is signed: an HSM may take its time.

        Raises:
            SignerUnavailable: the key is away, or what it signs does not verify.
        """
        code = content_of(statement.to_be_signed).uscc
        with self._store.transaction() as tx:
            entity, key = tx.entities.find(code), key_of(tx, statement.kid)
            statement = tx.statements.find(entity.number, statement.version)
            waits = statement.state is StatementState.INTENT
            if not (waits and _still_holds(tx, entity, statement)):
                return None
        sign = self._ring.signer(statement.kid, KeyUse.STATEMENT)
        document = document_of(statement.to_be_signed, sign)
        if not cose.signature_fits(read_statement(document)[0], key.key, cose.ES256):
            raise SignerUnavailable(
                f"what key {key.kid.hex()} signed does not verify; nothing was issued",
                zh="签名自检未通过，未签发",
            )
        return document

    def _intents(self, before: datetime | None) -> list[StoredStatement]:
        with self._store.transaction() as tx:
            return tx.statements.intents(_BATCH, before)


def _still_holds(tx: Transaction, entity: Entity, statement: StoredStatement) -> bool:
    """Whether an intent still is the whole list, and its key still signs."""
    if entity.state.ended or key_of(tx, statement.kid).state is not KeyState.ACTIVE:
        return False
    return is_current(tx, statement, entity)


def _issue(
    act: Act, entity: Entity, statement: StoredStatement, document: bytes
) -> StoredStatement:
    act.tx.statements.issue(statement, document, act.now)
    own = STATEMENT_STATUS[StatementState.ISSUED]
    act.tx.status_entries.set_own(entity.number, statement.list_no, statement.index, own)
    record(act, entity, "statement.issued", unit=entity.registrar, subject=statement.name)
    return replace(statement, state=StatementState.ISSUED, document=document, issued_at=act.now)
