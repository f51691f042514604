"""吊销, 清算, 注销 and 撤销设立登记: how an entity comes to its end."""

from dataclasses import replace

from registry_service.domain.application import Visit
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import SimpleProcedureBarred
from registry_service.domain.lifecycle import TABLE, Step, after
from registry_service.domain.premises import FilingState
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import authorise
from registry_service.operations.expected import require_basis, require_name
from registry_service.operations.premises_end import end_all_premises
from registry_service.operations.record import record
from registry_service.operations.tell_hosts import tell_hosts


def revoke_entity(act: Act, code: str, expected_name: str, basis: str, *, etag: str = "") -> Entity:
    """Revoke the business licence 吊销. Licence and site codes follow by invariant 6.

    Places stay filed and filings stay as they are, frozen: rule 2 lets none through.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        ExpectedNameDiffers: the entity bears another name.
        EntityEnded: it is revoked or ended already.
        InvalidRequest: no basis.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.REVOKE_ENTITY, entity=entity)
    require_etag(entity, etag)
    require_basis(basis)
    require_name(entity, expected_name)
    return revoke(act, entity, unit, basis)


def revoke(act: Act, entity: Entity, unit: int | None, basis: str) -> Entity:
    """The revocation itself, of a locked entity; the entity at its newest revision.

    Raises:
        EntityEnded: it is revoked or ended already.
    """
    revoked = replace(entity, state=after(entity.state, Step.REVOKE))
    entity = record(act, revoked, "entity.revoked", unit=unit, basis=basis)
    return tell_hosts(act, entity, "主体已被吊销营业执照", unit=unit)


def liquidate_entity(act: Act, code: str, visit: Visit, *, etag: str = "") -> Entity:
    """File liquidation 清算.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        StateForbids: only an active entity can.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.LIQUIDATE_ENTITY, entity=entity)
    require_etag(entity, etag)
    after(entity.state, Step.LIQUIDATE)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    return liquidate(act, entity, unit, visited.receipt_number)


def liquidate(act: Act, entity: Entity, unit: int | None, basis: str) -> Entity:
    """The liquidation itself, of a locked entity; the entity at its newest revision.

    Raises:
        StateForbids: only an active entity can.
    """
    liquidating = replace(entity, state=after(entity.state, Step.LIQUIDATE))
    entity = record(act, liquidating, "entity.liquidating", unit=unit, basis=basis)
    return tell_hosts(act, entity, "主体已进入清算", unit=unit)


def deregister_entity(
    act: Act, code: str, expected_name: str, visit: Visit, *, simple: bool = False, etag: str = ""
) -> Entity:
    """Deregister 注销: the entity's end, with that of its places and open filings.

    Args:
        act: who and when.
        code: of the entity.
        expected_name: 名称 as the caller believes it to be.
        visit: who asked.
        simple: 简易注销 (Order 746 art. 33).
        etag: as read.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        ExpectedNameDiffers: the entity bears another name.
        SimpleProcedureBarred: the listed, the revoked and the held go the whole way.
        StateForbids: it is deregistered or annulled.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.DEREGISTER_ENTITY, entity=entity)
    require_etag(entity, etag)
    require_name(entity, expected_name)
    state = after(entity.state, Step.DEREGISTER)
    if simple:
        _require_simple(act, entity)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    return end_entity(
        act, replace(entity, state=state), "entity.deregistered", unit, visited.receipt_number
    )


def _require_simple(act: Act, entity: Entity) -> None:
    marks = act.tx.marks.standing(entity.number, act.today)
    holds = act.tx.restrictions.standing(entity.number, act.today)
    cause, zh = "", ""
    if entity.state not in TABLE[Step.DEREGISTER_SIMPLY]:
        cause, zh = entity.state.value, f"主体当前状态为{entity.state.zh}"
    elif marks:
        cause, zh = marks[0].kind.value, f"主体已列入{marks[0].kind.zh}"
    elif holds:
        cause, zh = "held", f"主体被{holds[0].authority}限制（{holds[0].basis}）"
    if cause:
        raise SimpleProcedureBarred(
            f"the simple procedure is barred: {cause}",
            zh=f"{zh}，不适用简易注销程序，请按一般程序办理",
            cause=cause,
        )


def end_entity(act: Act, ended: Entity, kind: str, unit: int | None, basis: str) -> Entity:
    """The end and all that ends with it, one transaction (invariant 2).

    Args:
        act: who and when; the entity is locked.
        ended: the entity in its new state, at the revision it was read at.
        kind: of the event.
        unit: for which the actor acts.
        basis: receipt number or decision.

    Returns:
        The entity at its newest revision.
    """
    entity = record(act, ended, kind, unit=unit, basis=basis)
    entity = end_all_premises(act, entity, unit=unit, basis=basis)
    for filing in act.tx.filings.unsettled(entity.number):
        act.tx.filings.save(replace(filing, state=FilingState.WITHDRAWN), act.now)
        subject = f"filings/{filing.number}"
        entity = record(act, entity, "filing.withdrawn", unit=unit, subject=subject, basis=basis)
    act.tx.applications.close_all(entity.number)
    return entity
