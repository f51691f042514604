"""撤销备案: the registrar strikes a place off, and takes a strike back."""

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.errors import (
    EtagMismatch,
    NotReversible,
)
from registry_service.domain.premises import Premises, PremisesState
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.expected import require_basis, require_name
from registry_service.operations.follow_face import hand_over_crossing
from registry_service.operations.follow_list import follow_list
from registry_service.operations.issue_site_code import require_filed
from registry_service.operations.places import filed_places
from registry_service.operations.premises_end import end_premises
from registry_service.operations.record import record
from registry_service.operations.renew_site_code import renew_site_code


def strike_premises(
    act: Act, code: str, premises_no: int, expected_name: str, basis: str, *, etag: str = ""
) -> tuple[Entity, Premises]:
    """Strike a place off: false or illegal. Its code reads 撤销; the host unit is told.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        PremisesUnknown: the entity has no such place.
        EtagMismatch: it changed since it was read.
        ExpectedNameDiffers: the entity bears another name.
        PremisesEnded: it is no longer filed.
        InvalidRequest: no basis.
    """
    name = ActName.STRIKE_PREMISES
    entity, place, unit = _checked(act, name, code, premises_no, expected_name, basis, etag)
    require_filed(place)
    entity = end_premises(act, entity, place, PremisesState.STRUCK, unit=unit, basis=basis)
    entity = _tell_host(act, entity, place, unit, basis)
    entity = follow_list(act, entity)
    return entity, act.tx.premises.find(entity.number, premises_no)


def reinstate_premises(
    act: Act, code: str, premises_no: int, expected_name: str, basis: str, *, etag: str = ""
) -> tuple[Entity, Premises]:
    """File a struck place again: the strike was wrong. It comes back with its code.

    During 歇业 of the entity it comes back suspended.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        PremisesUnknown: the entity has no such place.
        EtagMismatch: it changed since it was read.
        ExpectedNameDiffers: the entity bears another name.
        NotReversible: it was not struck, its address is in use again, or the entity has ended.
        InvalidRequest: no basis.
    """
    name = ActName.REINSTATE_PREMISES
    entity, place, unit = _checked(act, name, code, premises_no, expected_name, basis, etag)
    _require_reversible(act, entity, place)
    struck = act.tx.events.of_subject(entity.number, "premises.struck", f"premises/{premises_no}")
    entity = end_premises(
        act, entity, place, PremisesState.LIVE, unit=unit, basis=basis, reverses=struck
    )
    place = act.tx.premises.find(entity.number, premises_no)
    if entity.state is EntityState.DORMANT:
        entity = end_premises(act, entity, place, PremisesState.SUSPENDED, unit=unit, basis=basis)
        place = act.tx.premises.find(entity.number, premises_no)
    entity = renew_site_code(act, entity, place, unit)
    entity = _tell_host(act, entity, place, unit, basis)
    entity = hand_over_crossing(act, entity, unit)  # its firm may have moved meanwhile
    return follow_list(act, entity), place


def premises_etag(premises: Premises) -> str:
    """The etag of a place at its revision."""
    return f"p{premises.revision}"


def require_premises_etag(premises: Premises, etag: str) -> None:
    """Stop if the caller saw another revision; an empty etag asks for no check.

    Raises:
        EtagMismatch: it changed since it was read.
    """
    if etag and etag != premises_etag(premises):
        raise EtagMismatch(
            "the premises changed since they were read; read them again",
            zh="该经营场所已被他人更改，请重新读取后再办理",
            premises=premises.number,
        )


def _checked(
    act: Act,
    name: ActName,
    code: str,
    premises_no: int,
    expected_name: str,
    basis: str,
    etag: str,
) -> tuple[Entity, Premises, int]:
    require_entitled(act, name)
    entity = lock_entity(act, code)
    unit = authorise(act, name, entity=entity)
    place = act.tx.premises.find(entity.number, premises_no)
    require_premises_etag(place, etag)
    require_basis(basis)
    require_name(entity, expected_name)
    return entity, place, unit


def _require_reversible(act: Act, entity: Entity, place: Premises) -> None:
    if place.state is not PremisesState.STRUCK:
        raise _not_reversible(
            f"the premises are {place.state.value}; there is no strike to take back",
            "该经营场所没有被撤销备案，无可恢复",
            place,
        )
    if entity.state in (EntityState.DEREGISTERED, EntityState.ANNULLED):
        raise _not_reversible(
            f"the entity is {entity.state.value}",
            f"该主体当前状态为{entity.state.zh}，不能恢复其经营场所备案",
            place,
        )
    used = {other.site.address.normalised for other in filed_places(act.tx, entity.number)}
    if place.site.address.normalised in used | {entity.face.address.normalised}:
        raise _not_reversible(
            "the address is in use again",
            "该地址现已是本主体的住所或另一备案经营场所，不能恢复原备案",
            place,
        )


def _not_reversible(message: str, zh: str, place: Premises) -> NotReversible:
    return NotReversible(message, zh=zh, state=place.state.value, premises=place.number)


def _tell_host(act: Act, entity: Entity, place: Premises, unit: int, basis: str) -> Entity:
    """The hand-over says what became of the place; its new revision shows that it was told."""
    handover = act.tx.handovers.of_place(entity.number, place.number)
    if handover is None:
        return entity
    act.tx.handovers.save(handover)
    subject = f"handovers/{handover.number}"
    return record(act, entity, "handover.told", unit=unit, subject=subject, basis=basis)
