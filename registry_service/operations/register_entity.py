"""设立登记: a new entity on the register."""

from registry_service.domain.application import Visit
from registry_service.domain.authority import ActName
from registry_service.domain.entity import COUNTER, ITEMS, Entity, EntityVersion, Face
from registry_service.domain.errors import FaceIncomplete, InvalidRequest
from registry_service.domain.face_dates import date_faults
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.jurisdiction import require_inside
from registry_service.operations.record import record


def register_entity(act: Act, uscc: str, face: Face, visit: Visit) -> Entity:
    """Register an entity under the acting registrar's unit.

    Raises:
        RoleMissing: the actor is no registrar.
        FaceIncomplete: a licence could not be printed from this face.
        InvalidRequest: a date can't be right, or the domicile is not the registrar's.
        CodeTaken: another entity has or had the code.
    """
    unit = authorise(act, ActName.REGISTER_ENTITY, unit=face.address.unit)
    require_complete(face)
    if faults := date_faults(face, ITEMS, act.today):
        raise InvalidRequest(*faults)
    require_inside(act, face.address, unit)
    version = EntityVersion(act.tx.numbers.after(0), face, unit, act.today, act.now, COUNTER)
    entity = act.tx.entities.add(uscc, version, act.now)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    return record(act, entity, "entity.registered", unit=unit, basis=visited.receipt_number)


def require_complete(face: Face) -> None:
    """Stop if a licence must show what the face lacks.

    Raises:
        FaceIncomplete: metadata `items` lists it.
    """
    missing = face.missing()
    if missing:
        raise FaceIncomplete(
            f"the face lacks {', '.join(missing)}",
            zh=f"登记事项不完整，缺少：{'、'.join(ITEMS[name] for name in missing)}",
            items=",".join(missing),
        )
