"""吊销, and taking it back."""

from dataclasses import replace

from license_verify.normalise import normalise_name
from license_verify.refusal import FieldViolation
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.errors import ExpectedNameDiffers, InvalidRequest, NotReversible
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import require_registrar
from registry_service.operations.record import record


def revoke_entity(act: Act, code: str, expected_name: str, basis: str, *, etag: str = "") -> Entity:
    """Revoke the business licence 吊销. Licence and site codes follow by invariant 6.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        ExpectedNameDiffers: the entity bears another name.
        EntityEnded: it is revoked or ended already.
        InvalidRequest: no basis.
    """
    entity, unit = _checked(act, code, expected_name, basis, etag)
    entity.require_alive()
    revoked = replace(entity, state=EntityState.REVOKED)
    return record(act, revoked, "entity.revoked", unit=unit, basis=basis)


def reinstate_entity(
    act: Act, code: str, expected_name: str, basis: str, *, etag: str = ""
) -> Entity:
    """Take a revocation back: the state from before it, by an event that names it.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        ExpectedNameDiffers: the entity bears another name.
        NotReversible: the entity is not revoked, or was imported so.
        InvalidRequest: no basis.
    """
    entity, unit = _checked(act, code, expected_name, basis, etag)
    reversed_event = act.tx.events.last(entity.number, "entity.revoked")
    before = act.tx.events.before(reversed_event) if reversed_event else None
    if entity.state is not EntityState.REVOKED or before is None:
        raise NotReversible(
            f"the entity is {entity.state.value}; there is no revocation here to take back",
            zh=f"该主体当前状态为{entity.state.zh}，没有可以撤回的吊销",
            state=entity.state.value,
        )
    back = replace(entity, state=EntityState(before.state_after))
    return record(act, back, "entity.reinstated", unit=unit, basis=basis, reverses=reversed_event)


def _checked(act: Act, code: str, expected_name: str, basis: str, etag: str) -> tuple[Entity, int]:
    entity = lock_entity(act, code)
    unit = require_registrar(act, entity)
    require_etag(entity, etag)
    if not basis:
        raise InvalidRequest(FieldViolation("basis", "is required", "请填写决定文书编号和法律依据"))
    if normalise_name(expected_name) != normalise_name(entity.face.business_name):
        raise ExpectedNameDiffers(
            "the entity bears another name than expected; read it again",
            zh="主体名称与您填写的名称不一致，请核对后再办理",
            code=entity.uscc,
        )
    return entity, unit
