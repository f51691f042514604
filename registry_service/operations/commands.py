"""What the commands that wait for a second person do, and how people read them."""

from typing import assert_never

from registry_service.domain.command import (
    AnnulEntity,
    Command,
    ReinstateEntity,
    ReinstatePremises,
    RevokeEntity,
    StrikePremises,
)
from registry_service.domain.entity import ITEMS, Entity
from registry_service.operations.act import Act, require_etag
from registry_service.operations.annul_entity import annul_entity
from registry_service.operations.end_entity import revoke_entity
from registry_service.operations.reinstate_entity import reinstate_entity
from registry_service.operations.strike_premises import (
    reinstate_premises,
    require_premises_etag,
    strike_premises,
)


def perform(act: Act, entity: Entity, command: Command) -> None:
    """Do it as the actor's own, with every check that the act has.

    Args:
        act: who and when; `second` is who confirmed it.
        entity: locked.
        command: what to do. Its expected name was compared before.

    Raises:
        RegistryError: whatever refuses the act itself.
    """
    code, name = entity.uscc, entity.face.business_name
    match command:
        case RevokeEntity():
            revoke_entity(act, code, name, command.basis)
        case ReinstateEntity():
            reinstate_entity(act, code, name, command.basis)
        case AnnulEntity(version, items, basis):
            annul_entity(act, code, version, items, name, basis)
        case StrikePremises(premises, basis):
            strike_premises(act, code, premises, name, basis)
        case ReinstatePremises(premises, basis):
            reinstate_premises(act, code, premises, name, basis)
        case _:
            assert_never(command)


def require_command_etag(act: Act, entity: Entity, command: Command, etag: str) -> None:
    """Stop if the caller saw what it is done to at another revision; an empty etag is no check.

    Raises:
        EtagMismatch: it changed since it was read.
        PremisesUnknown: the entity has no such place.
    """
    match command:
        case StrikePremises(premises, _) | ReinstatePremises(premises, _):
            require_premises_etag(act.tx.premises.find(entity.number, premises), etag)
        case _:
            require_etag(entity, etag)


def describe(act: Act, entity: Entity, command: Command) -> str:
    """One Chinese sentence for whoever confirms it, without its full stop."""
    name = entity.face.business_name
    whose = f"“{name}”（{entity.uscc}）" if name else entity.uscc
    return f"{_what(act, entity, command, whose)}，依据：{command.basis}"


def _what(act: Act, entity: Entity, command: Command, whose: str) -> str:
    match command:
        case RevokeEntity():
            return f"吊销{whose}的营业执照"
        case ReinstateEntity():
            return f"恢复{whose}的登记（现为{entity.state.zh}）"
        case AnnulEntity(version=0):
            return f"撤销{whose}的设立登记，主体随之终止"
        case AnnulEntity():
            items = "、".join(ITEMS.get(item, item) for item in command.items) or "全部事项"
            return f"撤销{whose}第 {command.version} 版登记中的{items}"
        case StrikePremises():
            return f"撤销{whose}{_place(act, entity, command.premises)}的备案"
        case ReinstatePremises():
            return f"恢复{whose}{_place(act, entity, command.premises)}的备案"
        case _:
            assert_never(command)


def _place(act: Act, entity: Entity, number: int) -> str:
    place = act.tx.premises.find(entity.number, number)
    return f"第 {number} 号经营场所（{place.site.address.text}）"
