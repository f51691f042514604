"""Issuing a premises statement, first half: the intent, committed before signing."""

from license_verify.lists.trust_list import KeyState
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.key import KeyUse
from registry_service.domain.statement import StatementState, StoredStatement
from registry_service.issuing.statement import prepare, statement_content
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import require_entitled
from registry_service.operations.intend import key_of, terms
from registry_service.operations.outdate_statement import end, is_current
from registry_service.operations.places import filed_places


def issue_statement(act: Act, code: str) -> StoredStatement:
    """The statement in force; if there is none, the stored intent of the next.

    Nobody decides anything here: a statement repeats what the register says, so whoever may read
    the places may have it. `StatementFinisher` signs the intent in a transaction of its own.

    Raises:
        EntityUnknown: none has or had the code.
        RoleMissing: not an official.
        EntityEnded: 吊销, 注销 or 撤销.
        UnitUnclear: no registrar to name.
        StatementMalformed, StatementTooLarge: the list can't be stated.
        SignerUnavailable: no key or host is published yet.
    """
    require_entitled(act, ActName.GET_PREMISES_STATEMENT)
    entity = lock_entity(act, code)
    entity.require_alive()
    live = act.tx.statements.live(entity.number)
    if live is not None:
        if _holds(act, live, entity):
            return live
        end(act.tx, live, entity)
    under = terms(act.tx, KeyUse.STATEMENT)
    entry = act.tx.status_entries.allocate(entity.number)
    version = act.tx.statements.next_version(entity.number)
    places = filed_places(act.tx, entity.number)
    content = statement_content(entity, places, version, under.host, entry, act.now)
    list_no, index = entry
    statement = StoredStatement(
        entity_no=entity.number,
        version=version,
        face_version=content.face_version,
        state=StatementState.INTENT,
        kid=under.kid,
        to_be_signed=prepare(content, under.kid),
        list_no=list_no,
        index=index,
        created_at=act.now,
    )
    act.tx.statements.add(statement)
    return statement


def signed_in_force(act: Act, entity: Entity) -> StoredStatement | None:
    """The statement in force if it is signed already; nothing is locked for it."""
    live = act.tx.statements.live(entity.number)
    if live is None or live.document is None or entity.state.ended:
        return None
    return live if _holds(act, live, entity) else None


def _holds(act: Act, live: StoredStatement, entity: Entity) -> bool:
    return is_current(act.tx, live, entity) and _is_believed(act, live)


def _is_believed(act: Act, statement: StoredStatement) -> bool:
    """Whether checkers take its key: one that is active, or retired since it signed."""
    key = key_of(act.tx, statement.kid)
    if statement.state is StatementState.INTENT:
        return key.state is KeyState.ACTIVE
    return key.state is not KeyState.DISTRUSTED
