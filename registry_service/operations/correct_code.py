"""更正统一社会信用代码: the old code stays and finds the entity; documents are issued anew."""

from license_verify.refusal import FieldViolation
from license_verify.token.errors import ClaimsRefused
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import FaceIncomplete, InvalidRequest, UnitUnclear
from registry_service.domain.history import CodeCorrection
from registry_service.domain.lifecycle import Step, after
from registry_service.domain.premises import Premises
from registry_service.issuing.errors import FaceTooLong
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import authorise
from registry_service.operations.expected import require_basis
from registry_service.operations.issue_license import intend_license, supersede
from registry_service.operations.issue_site_code import intend_site_code
from registry_service.operations.places import every_place
from registry_service.operations.record import record
from registry_service.operations.tell_hosts import tell_hosts


def correct_code(act: Act, code: str, uscc: str, basis: str, *, etag: str = "") -> Entity:
    """Put the right code in force.

    Licence and site codes name the wrong one, so they are superseded, and their successors' intents
    stored in the same transaction; those of an entity that has ended have none.

    Args:
        act: who and when.
        code: that finds the entity.
        uscc: the right one, its check character proven.
        basis: how the error was found.
        etag: as read.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        CodeTaken: another entity has or had the code.
        InvalidRequest: no basis, or it is the code in force.
        SignerUnavailable: no key or host is published.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.CORRECT_CODE, entity=entity)
    require_etag(entity, etag)
    require_basis(basis)
    after(entity.state, Step.CORRECT_CODE)
    if uscc == entity.uscc:
        raise InvalidRequest(
            FieldViolation("uscc", "is the code in force", "该代码就是现行代码，无需更正")
        )
    wrong = entity.uscc
    entity = act.tx.entities.correct_code(entity, uscc, act.today)
    entity = record(act, entity, "entity.code_corrected", unit=unit, basis=basis)
    act.tx.entities.keep_correction(entity.number, CodeCorrection(entity.revision, wrong, uscc))
    entity = _renew_license(act, entity, unit)
    for place in every_place(act.tx, entity.number):
        entity = _renew_site_code(act, entity, place, unit)
    return tell_hosts(act, entity, "统一社会信用代码已更正", unit=unit)


def _renew_license(act: Act, entity: Entity, unit: int) -> Entity:
    live = act.tx.licenses.live(entity.number)
    if live is None:
        return entity
    entity = supersede(act, entity, live, unit)
    if entity.state.ended:
        return entity
    try:
        with act.tx.connection.transaction():  # an entry taken for what can't be printed
            return intend_license(act, entity, unit)[0]
    except (FaceIncomplete, UnitUnclear, FaceTooLong, ClaimsRefused):
        return entity


def _renew_site_code(act: Act, entity: Entity, place: Premises, unit: int) -> Entity:
    live = act.tx.licenses.live(entity.number, place.number)
    if live is None:
        return entity
    entity = supersede(act, entity, live, unit)
    if entity.state.ended or not place.state.filed:
        return entity
    try:
        with act.tx.connection.transaction():  # as above
            return intend_site_code(act, entity, place, unit)[0]
    except (UnitUnclear, FaceTooLong, ClaimsRefused):
        return entity
