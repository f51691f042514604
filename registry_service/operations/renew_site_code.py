"""New data of a place take its site code out of force and ask for the next one."""

from license_verify.token.errors import ClaimsRefused
from registry_service.domain.entity import Entity
from registry_service.domain.errors import UnitUnclear
from registry_service.domain.premises import Premises
from registry_service.issuing.errors import FaceTooLong
from registry_service.operations.act import Act
from registry_service.operations.issue_license import supersede
from registry_service.operations.issue_site_code import intend_site_code


def renew_site_code(act: Act, entity: Entity, premises: Premises, unit: int | None) -> Entity:
    """In the transaction of a change: supersede the live code, store its successor's intent.

    Without a live code, or if it shows the data in force, nothing is done. A place that is not
    filed, or whose entity has ended, gets no successor. The caller sees to the signing.

    Args:
        act: who and when; the entity is locked.
        entity: at its newest revision.
        premises: with the data in force.
        unit: for which the actor acts.

    Returns:
        The entity at its newest revision.

    Raises:
        SignerUnavailable: no key or host is published.
    """
    live = act.tx.licenses.live(entity.number, premises.number)
    if live is None or live.facts_version == premises.version:
        return entity
    entity = supersede(act, entity, live, unit)
    if entity.state.ended or not premises.state.filed:
        return entity
    try:
        with act.tx.connection.transaction():  # an entry taken for data that can't be printed
            return intend_site_code(act, entity, premises, unit)[0]
    except (UnitUnclear, FaceTooLong, ClaimsRefused):
        return entity
