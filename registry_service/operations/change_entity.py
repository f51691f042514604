"""变更登记 and 更正: new versions of a face."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from license_verify.refusal import FieldViolation
from registry_service.domain.application import Visit
from registry_service.domain.authority import ActName
from registry_service.domain.entity import COUNTER, Entity, EntityVersion, Face, changed_items
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.face_dates import date_faults
from registry_service.domain.lifecycle import Step, after
from registry_service.issuing.errors import FaceTooLong
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import authorise
from registry_service.operations.follow_face import follow_face
from registry_service.operations.jurisdiction import require_inside
from registry_service.operations.record import record
from registry_service.operations.register_entity import require_complete


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
        InvalidRequest: nothing would change, a date can't be right, or the domicile leaves the
            registrar.
        EntityHeld: a hold blocks it.
        FaceTooLong: a live licence could have no successor.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.CHANGE_ENTITY, entity=entity)
    require_etag(entity, etag)
    after(entity.state, Step.CHANGE)
    face = _changed(entity.face, changes, act.today)
    require_complete(face)
    _require_place(act, entity, face, unit)
    day = _effective(entity, effective_date or act.today, act.today)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    number = act.tx.entities.next_version(entity.number)
    version = EntityVersion(number, face, entity.registrar, day, act.now, COUNTER)
    licensed = act.tx.licenses.live(entity.number) is not None
    changed = _put(act, entity, version, "entity.changed", unit, visited.receipt_number)
    if licensed and act.tx.licenses.live(entity.number) is None:
        raise FaceTooLong(
            "the changed face fits no symbol; its licence would end without a successor",
            zh="变更后的照面内容过长，无法制成二维码，执照不能换发；请缩短名称或人员等事项",
        )
    return changed


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
    decides, and corrects the domicile at most.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar, or not the city for an unclear unit.
        InvalidRequest: no basis, nothing to correct, no such version, the domicile leaves the
            registrar, or the city names a station or corrects more than the domicile.
        EntityHeld: a hold blocks it.
    """
    entity = lock_entity(act, code)
    unit = require_corrector(act, entity, registrar)
    require_etag(entity, etag)
    after(entity.state, Step.CORRECT)
    wrong = corrects_version or entity.current.version
    if not basis:
        raise InvalidRequest(FieldViolation("basis", "is required", "请填写更正依据"))
    if not 1 <= wrong <= act.tx.entities.last_version(entity.number):
        raise InvalidRequest(
            FieldViolation("corrects_version", f"there is no version {wrong}", "没有该版本")
        )
    home = registrar or entity.registrar
    if home == entity.registrar:
        face = _changed(entity.face, changes, act.today)
    else:
        _require_assignable(act, home, changes)
        face = replace(entity.face, **changes)
    if home is not None:
        _require_place(act, entity, face, home)
    version = EntityVersion(
        act.tx.entities.next_version(entity.number),
        face,
        home,
        entity.current.effective_date,
        act.now,
        COUNTER,
        corrects_version=wrong,
    )
    return _put(act, entity, version, "entity.corrected", unit, basis)


def _require_assignable(act: Act, home: int | None, changes: Mapping[str, Any]) -> None:
    """Stop the city at what it has no say in: stations register nothing, facts are the home's."""
    faults = []
    if home is not None and act.units.administering(home) != home:
        zh = f"{act.units.title(home)}是监管所，不办理登记，请选择登记机关"
        faults.append(FieldViolation("registrar", "is a station, which registers nothing", zh))
    if set(changes) - {"address"}:
        zh = "指定登记机关时只能一并更正住所，其他事项由指定后的登记机关更正"
        faults.append(FieldViolation("update_mask", "has more than the address", zh))
    if faults:
        raise InvalidRequest(*faults)


def _require_place(act: Act, entity: Entity, face: Face, registrar: int) -> None:
    """Stop a new domicile that is not the registrar's."""
    if "address" in changed_items(entity.face, face):
        require_inside(act, face.address, registrar)


def require_corrector(act: Act, entity: Entity, registrar: int | None) -> int:
    """The unit that corrects: the home registrar's, or the city's where that is to be settled.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar, or not the city.
        EntityHeld: a hold blocks it.
    """
    if entity.registrar is not None and registrar in (None, entity.registrar):
        return authorise(act, ActName.CORRECT_ENTITY, entity=entity)
    return authorise(act, ActName.ASSIGN_REGISTRAR, entity=entity)


def _changed(old: Face, changes: Mapping[str, Any], today: date) -> Face:
    new = replace(old, **changes)
    if new == old:
        raise InvalidRequest(
            FieldViolation("update_mask", "nothing would change", "没有需要变更的事项")
        )
    if faults := date_faults(new, changed_items(old, new), today):
        raise InvalidRequest(*faults)
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
    return follow_face(act, entity, saved, unit=unit)
