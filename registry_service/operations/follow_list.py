"""The licence follows the list of filed places, as the city's policy says (domain.md §4)."""

from license_verify.token.errors import ClaimsRefused
from registry_service.domain.entity import Entity
from registry_service.domain.errors import FaceIncomplete, UnitUnclear
from registry_service.domain.license import SignedDocument
from registry_service.domain.many_addresses import Reissue
from registry_service.issuing.errors import FaceTooLong
from registry_service.operations.act import Act
from registry_service.operations.issue_license import intend_license, is_marked, supersede

_BASIS = "经营场所备案变动，换发执照"


def follow_list(act: Act, entity: Entity, *, changed: bool = True) -> Entity:
    """In the transaction of a change of the list: supersede the live licence if policy asks for it.

    Without a live licence nothing is done, nor where the entity has ended. If its successor could
    not be printed the licence stays in force: it shows the face that is.

    Args:
        act: who and when; the entity is locked.
        entity: at its newest revision.
        changed: whether the list itself is another one, or only may have become so.

    Returns:
        The entity at its newest revision.

    Raises:
        SignerUnavailable: no key or host is published.
    """
    live = act.tx.licenses.live(entity.number)
    if live is None or entity.state.ended or not _due(act, entity, live, changed=changed):
        return entity
    try:
        with act.tx.connection.transaction():
            unit = entity.registrar
            after = supersede(act, entity, live, unit, _BASIS)
            return intend_license(act, after, unit)[0]
    except (FaceIncomplete, UnitUnclear, FaceTooLong, ClaimsRefused):
        return entity


def _due(act: Act, entity: Entity, live: SignedDocument, *, changed: bool) -> bool:
    reissue = act.policy_for(entity.registrar).reissue
    if reissue is Reissue.NEVER:
        return False
    filed = act.tx.entities.find(entity.uscc).live_premises
    return is_marked(live) != (filed > 0) or (changed and reissue is Reissue.ALWAYS)
