"""撤销登记: the establishment, which ends the entity, or a version, whole or some items of it."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.entity import (
    COUNTER,
    ITEMS,
    Entity,
    EntityVersion,
    Face,
    changed_items,
)
from registry_service.domain.errors import NotReversible
from registry_service.domain.history import before
from registry_service.domain.lifecycle import Step, after
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import authorise
from registry_service.operations.end_entity import end_entity
from registry_service.operations.expected import require_basis, require_name
from registry_service.operations.follow_face import follow_face
from registry_service.operations.holds import require_free
from registry_service.operations.record import record

VERSION_KINDS: Final = (
    "entity.registered",
    "entity.imported",
    "entity.synced",
    "entity.changed",
    "entity.corrected",
    "entity.moved",
    "entity.version_annulled",
)
"""Events that made a version of the face: the n-th of them made version n."""


def annul_entity(
    act: Act,
    code: str,
    version: int,
    items: Collection[str],
    expected_name: str,
    basis: str,
    *,
    etag: str = "",
) -> Entity:
    """Annul a fraudulent registration (Order 746 art. 40).

    Args:
        act: who and when.
        code: of the entity.
        version: to annul; 0 means the establishment.
        items: of the face that version changed, by name; empty means all of them.
        expected_name: 名称 as the caller believes it to be.
        basis: decision and legal ground.
        etag: as read.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        ExpectedNameDiffers: the entity bears another name.
        NotReversible: no such version, or it changed no such item, or a later one changed it again.
        StateForbids: 吊销, 注销 or 撤销.
        InvalidRequest: no basis.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.ANNUL_ENTITY, entity=entity)
    require_etag(entity, etag)
    require_basis(basis)
    require_name(entity, expected_name)
    if version == 0:
        if items:
            raise _nothing(
                0, "the establishment is annulled whole", "撤销设立登记不能只撤销部分事项"
            )
        annulled = replace(entity, state=after(entity.state, Step.ANNUL))
        return end_entity(act, annulled, "entity.annulled", unit, basis)
    require_free(act, entity, ActName.CHANGE_ENTITY)  # what a version said is changed back
    after(entity.state, Step.ANNUL_VERSION)
    return _annul_version(act, entity, version, items, unit, basis)


def _annul_version(
    act: Act, entity: Entity, version: int, items: Collection[str], unit: int, basis: str
) -> Entity:
    wrong, right = _pair(act, entity, version)
    restored = _restorable(entity.face, wrong.face, right.face, items, version)
    moved_back = "address" in restored and entity.registrar == wrong.registrar
    newest = EntityVersion(
        act.tx.entities.next_version(entity.number),
        replace(entity.face, **{item: getattr(right.face, item) for item in restored}),
        (right.registrar if moved_back else None) or entity.registrar,  # never back to nobody
        act.today,
        act.now,
        COUNTER,
    )
    act.tx.entities.add_version(entity.number, newest)
    saved = record(
        act,
        entity.with_version(newest),
        "entity.version_annulled",
        unit=unit,
        basis=basis,
        reverses=act.tx.events.nth(entity.number, VERSION_KINDS, version),
    )
    return follow_face(act, entity, saved, unit=unit)


def _pair(act: Act, entity: Entity, version: int) -> tuple[EntityVersion, EntityVersion]:
    """The version, and the one whose place it took."""
    versions = act.tx.entities.versions(entity.number)
    wrong = next((each for each in versions if each.version == version), None)
    right = before(versions, wrong) if wrong else None
    if wrong is None or right is None:
        raise _nothing(
            version,
            f"there is no version {version} that changed anything; 0 annuls the establishment",
            f"没有可以撤销的第 {version} 版；撤销设立登记请填 0",
        )
    return wrong, right


def _restorable(
    now: Face, wrong: Face, right: Face, items: Collection[str], version: int
) -> tuple[str, ...]:
    """The items that will read as before: changed by that version, and still as it left them."""
    changed = changed_items(right, wrong)
    for item in items:
        if item not in changed:
            raise _nothing(
                version,
                f"version {version} did not change {item}",
                f"第 {version} 版没有变更{ITEMS.get(item, item)}",
            )
    still = [item for item in changed if getattr(now, item) == getattr(wrong, item)]
    wanted = tuple(item for item in changed if item in items) or tuple(still)
    for item in wanted or changed:
        if item not in still:
            raise _nothing(
                version,
                f"{item} was changed again after version {version}; annul the later version",
                f"{ITEMS[item]}在第 {version} 版之后又有变更，请撤销后一次变更",
            )
    if not wanted:
        raise _nothing(
            version,
            f"version {version} changed no item",
            f"第 {version} 版没有变更登记事项",
        )
    return wanted


def _nothing(version: int, message: str, zh: str) -> NotReversible:
    return NotReversible(message, zh=zh, version=version)
