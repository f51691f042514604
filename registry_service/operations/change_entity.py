"""变更登记 and 更正: new versions of a face."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from license_verify.refusal import FieldViolation
from registry_service.domain.application import Visit
from registry_service.domain.entity import COUNTER, Entity, EntityVersion, Face, changed_items
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.staff import Role
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import require_registrar, require_role
from registry_service.operations.jurisdiction import require_inside
from registry_service.operations.record import record
from registry_service.operations.register_entity import require_complete
from registry_service.operations.renew_license import renew_license


def change_entity(
    act: Act,
    code: str,
    changes: Mapping[str, Any],
    visit: Visit,
    *,
    effective_date: date | None = None,
    etag: str = "",
) -> Entity:
    """Change registered items: a new version; a live licence is superseded, its successor intended.

    Args:
        act: who and when.
        code: of the entity.
        changes: item of `Face` → new value.
        visit: who asked.
        effective_date: 核准日期; today where absent.
        etag: as read.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        EntityEnded: 吊销, 注销 or 撤销.
        InvalidRequest: nothing would change, or the domicile leaves the registrar.
    """
    entity = lock_entity(act, code)
    unit = require_registrar(act, entity)
    require_etag(entity, etag)
    entity.require_alive()
    face = _changed(entity.face, changes)
    require_complete(face)
    if "address" in changed_items(entity.face, face):
        require_inside(act, face.address, unit)
    day = _effective(entity, effective_date or act.today, act.today)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    version = EntityVersion(
        entity.current.version + 1, face, entity.registrar, day, act.now, COUNTER
    )
    return _put(act, entity, version, "entity.changed", unit, visited.receipt_number)


def correct_entity(
    act: Act,
    code: str,
    changes: Mapping[str, Any],
    basis: str,
    *,
    corrects_version: int = 0,
    registrar: int | None = None,
    etag: str = "",
) -> Entity:
    """Correct a registrar's error: a new version that names the wrong one, which stays on record.

    The home registrar corrects facts. Who the home registrar is, where that was unclear, the city
    decides.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar, or not the city for an unclear unit.
        InvalidRequest: no basis, nothing to correct, or no such version.
    """
    entity = lock_entity(act, code)
    unit = _corrector(act, entity, registrar)
    require_etag(entity, etag)
    wrong = corrects_version or entity.current.version
    if not basis:
        raise InvalidRequest(FieldViolation("basis", "is required", "请填写更正依据"))
    if not 1 <= wrong <= entity.current.version:
        raise InvalidRequest(
            FieldViolation("corrects_version", f"there is no version {wrong}", "没有该版本")
        )
    home = registrar or entity.registrar
    if home == entity.registrar:
        face = _changed(entity.face, changes)
    else:
        face = replace(entity.face, **changes)
    version = EntityVersion(
        entity.current.version + 1,
        face,
        home,
        entity.current.effective_date,
        act.now,
        COUNTER,
        corrects_version=wrong,
    )
    return _put(act, entity, version, "entity.corrected", unit, basis)


def _corrector(act: Act, entity: Entity, registrar: int | None) -> int:
    if entity.registrar is not None and registrar in (None, entity.registrar):
        return require_registrar(act, entity)
    unit = require_role(act, Role.CITY)
    if registrar is not None and act.units.get(registrar) is None:
        raise InvalidRequest(
            FieldViolation("registrar", f"there is no units/{registrar}", "没有该管辖单位")
        )
    return unit


def _changed(old: Face, changes: Mapping[str, Any]) -> Face:
    new = replace(old, **changes)
    if new == old:
        raise InvalidRequest(
            FieldViolation("update_mask", "nothing would change", "没有需要变更的事项")
        )
    return new


def _effective(entity: Entity, day: date, today: date) -> date:
    if entity.current.effective_date <= day <= today:
        return day
    raise InvalidRequest(
        FieldViolation(
            "effective_date",
            f"must lie between {entity.current.effective_date} and today",
            "核准日期不能早于上一次核准日期，也不能晚于今天",
        )
    )


def _put(
    act: Act, entity: Entity, version: EntityVersion, kind: str, unit: int, basis: str
) -> Entity:
    act.tx.entities.add_version(entity.number, version)
    saved = record(
        act,
        entity.with_version(version),
        kind,
        unit=unit,
        basis=basis,
        effective_date=version.effective_date,
    )
    return renew_license(act, saved)
