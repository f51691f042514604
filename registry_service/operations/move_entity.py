"""迁移登记: asked by the new registrar, before the firm moves (Order 746 art. 27)."""

from dataclasses import replace

from registry_service.domain.address import Address
from registry_service.domain.application import Visit
from registry_service.domain.authority import ActName
from registry_service.domain.entity import COUNTER, Entity, EntityVersion
from registry_service.domain.errors import AlreadyHome, UnitUnclear
from registry_service.domain.lifecycle import Step, after
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import authorise
from registry_service.operations.follow_face import follow_face
from registry_service.operations.jurisdiction import require_inside
from registry_service.operations.record import record


def move_entity(act: Act, code: str, address: Address, visit: Visit, *, etag: str = "") -> Entity:
    """Make the actor's unit the entity's home, with the new domicile there; places stay.

    Args:
        act: who and when.
        code: of the entity.
        address: the new domicile, under the actor's unit.
        visit: who asked.
        etag: as read.

    Raises:
        RoleMissing, EntityHeld: the act is not theirs, or blocked.
        AlreadyHome: it is registered here.
        UnitUnclear: its registrar is not known; the city assigns it first.
        StateForbids: only an active or dormant entity moves.
        InvalidRequest: the domicile is not the new registrar's.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.MOVE_ENTITY, entity=entity, unit=address.unit)
    require_etag(entity, etag)
    if entity.registrar is None:
        raise UnitUnclear(
            "the entity's home registrar is unclear; the city assigns it by a correction",
            zh="该主体的登记机关不明，请先由市级管理员更正登记机关",
            code=entity.uscc,
        )
    if entity.registrar == unit:
        home = act.units.title(unit)
        raise AlreadyHome(
            f"it is registered at {home} already; change the domicile instead",
            zh=f"该主体已由{home}登记，无需迁移；住所变动请办理变更登记",
            owner=f"units/{unit}",
        )
    after(entity.state, Step.MOVE)
    require_inside(act, address, unit)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    version = EntityVersion(
        act.tx.entities.next_version(entity.number),
        replace(entity.face, address=address),
        unit,
        act.today,
        act.now,
        COUNTER,
    )
    act.tx.entities.add_version(entity.number, version)
    moved = record(
        act,
        entity.with_version(version),
        "entity.moved",
        unit=unit,
        basis=visited.receipt_number,
    )
    here = act.units.title(unit)
    return follow_face(act, entity, moved, unit=unit, also=f"登记机关变为{here}")
