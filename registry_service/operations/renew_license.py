"""A changed face takes its licence out of force and asks for the next one."""

from license_verify.token.errors import ClaimsRefused
from registry_service.domain.entity import Entity
from registry_service.domain.errors import FaceIncomplete, UnitUnclear
from registry_service.issuing.errors import FaceTooLong
from registry_service.operations.act import Act
from registry_service.operations.issue_license import intend_license, supersede


def renew_license(act: Act, entity: Entity) -> Entity:
    """In the transaction of a change: supersede the live licence, store its successor's intent.

    Without a live licence, or if it shows the face in force, nothing is done. A face that can't
    be printed (a correction may leave one) takes the licence out of force without a successor.
    Codes of sites name their firm by its code and are never touched (design.md §4).

    Returns:
        The entity at its newest revision.

    Raises:
        SignerUnavailable: no key or host is published.
    """
    live = act.tx.licenses.live(entity.number)
    if live is None or live.facts_version == entity.current.version:
        return entity
    entity = supersede(act, entity, live, entity.registrar)
    if entity.state.ended:
        return entity
    try:
        with act.tx.connection.transaction():  # an entry taken for a face that can't be printed
            return intend_license(act, entity, entity.registrar)[0]
    except (FaceIncomplete, UnitUnclear, FaceTooLong, ClaimsRefused):
        return entity
