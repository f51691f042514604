"""What a restore lost, entered again: its items close, and its documents speak for themselves."""

from registry_service.domain.entity import Entity
from registry_service.domain.recovery import is_repeated
from registry_service.operations.act import Act


def settle_items(act: Act, entity: Entity) -> None:
    """Close what the act that was just recorded has repeated.

    From then on an entry reads what the register says, so that a later reinstatement is not held
    back by what was published before the restore.

    Args:
        act: who and when.
        entity: as saved, at its newest revision.
    """
    for item in act.tx.recovery_items.open_of(entity.number):
        if not is_repeated(item.published, item.restored, item.now):
            continue
        act.tx.recovery_items.close(
            entity.number,
            item.number,
            now=act.now,
            closed_by=act.actor.number,
            revision=entity.revision,
        )
