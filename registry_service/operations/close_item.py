"""办结恢复待办: what a restore lost is not entered again, for a reason."""

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import InvalidRequest, RecoveryItemClosed
from registry_service.domain.recovery import RecoveryItem
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.expected import require_name
from registry_service.operations.record import record


def item_for(act: Act, code: str) -> tuple[Entity, int]:
    """The entity, locked, whose items the person may close, and the unit they act for.

    Raises:
        EntityUnknown: none has or had the code.
        NotYourUnit, RoleMissing: neither head of the home unit nor the city.
    """
    entity = lock_entity(act, code)
    return entity, authorise(act, ActName.CLOSE_RECOVERY_ITEM, entity=entity)


def close_item(
    act: Act, entity: Entity, unit: int, number: int, expected_name: str, reason: str
) -> RecoveryItem:
    """Let the document read what the register says again.

    Args:
        act: who and when.
        entity: as `item_for` gave it.
        unit: for which the actor acts.
        number: of the item.
        expected_name: 名称 as the caller believes it to be.
        reason: why the act is not repeated.

    Raises:
        RecoveryItemUnknown: the entity has none with that number.
        RecoveryItemClosed: it was closed before.
        ExpectedNameDiffers: the entity bears another name.
        InvalidRequest: no reason.
    """
    item = act.tx.recovery_items.find(entity.number, number)
    if not item.open:
        raise RecoveryItemClosed(
            f"recovery item {number} was closed before",
            zh=f"第 {number} 号恢复待办已办结",
            number=number,
        )
    require_name(entity, expected_name)
    if not reason:
        raise InvalidRequest(FieldViolation("reason", "is required", "请填写不需重新办理的理由"))
    saved = record(act, entity, "recovery.closed", unit=unit, subject=item.document, basis=reason)
    act.tx.recovery_items.close(
        entity.number,
        number,
        now=act.now,
        closed_by=act.actor.number,
        revision=saved.revision,
        reason=reason,
    )
    return act.tx.recovery_items.find(entity.number, number)
