"""Holds in force: the one place where they block, for every channel."""

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import EntityHeld
from registry_service.operations.act import Act


def require_free(act: Act, entity: Entity, name: ActName) -> None:
    """Stop an act that a hold on the entity blocks; asked by `authorise` for every act.

    Raises:
        EntityHeld: the first hold that blocks it; the refusal says whose.
    """
    for hold in act.tx.restrictions.standing(entity.number, act.today):
        if hold.blocks(name):
            raise EntityHeld(
                f"a hold of {hold.authority} blocks it ({hold.basis})",
                zh=f"该主体被{hold.authority}限制办理此项业务（{hold.basis}），解除限制前不能办理；"
                "依该机关文书办理的，请先凭文书解除限制",
                authority=hold.authority,
                basis=hold.basis,
                restriction=f"entities/{entity.uscc}/restrictions/{hold.number}",
            )
