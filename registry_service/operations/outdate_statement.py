"""A statement goes out of force with the act after which it is not the whole list any more."""

from registry_service.domain.entity import Entity
from registry_service.domain.statement import STATEMENT_STATUS, StatementState, StoredStatement
from registry_service.issuing.statement import content_of, says_the_register
from registry_service.operations.places import filed_places
from registry_service.store.transaction import Transaction


def outdate_statement(tx: Transaction, entity: Entity) -> None:
    """End the live statement if it says something else than the register.

    Asked after every act, as whatever changes a list, a face or a registrar is one. Nearly all
    entities have no statement, and for them it is one look at an index.

    Args:
        tx: of the act; the entity is locked.
        entity: as saved, at the revision of the act's event.
    """
    live = tx.statements.live(entity.number)
    if live is not None and not is_current(tx, live, entity):
        end(tx, live, entity)


def is_current(tx: Transaction, statement: StoredStatement, entity: Entity) -> bool:
    """Whether it says what the register says now."""
    content = content_of(statement.to_be_signed)
    return says_the_register(content, entity, filed_places(tx, entity.number))


def end(tx: Transaction, statement: StoredStatement, entity: Entity) -> None:
    """Supersede a signed statement, void an intent; the published entry follows.

    Args:
        tx: of the act; the entity is locked.
        statement: live.
        entity: at the revision of the act's last event.
    """
    signed = statement.state is StatementState.ISSUED
    state = StatementState.SUPERSEDED if signed else StatementState.VOIDED
    tx.statements.end(statement, state, entity.revision)
    own = STATEMENT_STATUS[state]
    tx.status_entries.set_own(entity.number, statement.list_no, statement.index, own)
