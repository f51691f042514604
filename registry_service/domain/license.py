"""Licence versions, site codes, printed copies: documents that are stored, then signed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from license_verify.lists.status import Status, worse
from registry_service.domain.entity import EntityState
from registry_service.domain.premises import PremisesState


class DocumentKind(StrEnum):
    """What a signed document is; events of it begin with this word."""

    LICENSE = "license"
    SITE_CODE = "site_code"
    COPY = "copy"


class LicenseState(StrEnum):
    """Where a licence version, site code or printed copy stands."""

    INTENT = "intent"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    VOIDED = "voided"
    LOST_VOID = "lost_void"


ABOVE_VERSIONS: Final = 2**31 - 1
"""More than any version."""

OWN_STATUS: Final = {
    LicenseState.INTENT: Status.INVALID,
    LicenseState.ISSUED: Status.VALID,
    LicenseState.SUPERSEDED: Status.SUPERSEDED,
    LicenseState.VOIDED: Status.INVALID,
    LicenseState.LOST_VOID: Status.LOST_VOID,
}
"""A document's own status, before that of its entity."""

_PLACE_STATUS: Final = {
    PremisesState.LIVE: Status.VALID,
    PremisesState.SUSPENDED: Status.SUSPENDED,
    PremisesState.REMOVED: Status.DEREGISTERED,
    PremisesState.STRUCK: Status.ANNULLED,
    PremisesState.ENDED: Status.DEREGISTERED,
}


def site_status(document: LicenseState, premises: PremisesState) -> Status:
    """The own status of a site's code: the worse of the document's and its place's."""
    return worse(OWN_STATUS[document], _PLACE_STATUS[premises])


_ENTITY_STATUS: Final = {
    EntityState.ACTIVE: Status.VALID,
    EntityState.DORMANT: Status.SUSPENDED,
    EntityState.LIQUIDATING: Status.VALID,
    EntityState.REVOKED: Status.REVOKED,
    EntityState.DEREGISTERED: Status.DEREGISTERED,
    EntityState.ANNULLED: Status.ANNULLED,
}


def entry(entity: EntityState, own: Status, floor: Status | None = None) -> Status:
    """The published entry of a document: the worse of its entity's state and its own.

    An entry not yet issued reads INVALID whatever the entity's state (design.md §2, invariant 6).
    After a restore from a backup none reads better than its `floor`, what was published before.
    """
    if own is Status.INVALID:
        return own
    said = worse(_ENTITY_STATUS[entity], own)
    return said if floor is None else worse(said, floor)


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A licence version, a site code or a printed copy, signed or about to be."""

    entity_no: int
    premises_no: int | None
    """The site's number for a site code, else None."""
    version: int
    """For a printed copy its number: it has one token in its life."""
    facts_version: int
    """Version of the entity's face, or of the premises' data, that it shows."""
    state: LicenseState
    kid: bytes
    to_be_signed: bytes
    """Sig_structure (RFC 9052 §4.4), stored before it is signed."""
    list_no: int
    index: int
    scan_host: str
    token_id: bytes
    created_at: datetime
    token: bytes | None = None
    issued_at: datetime | None = None
    request_id: str | None = None
    copy_of: int | None = None
    """For a printed copy the version of its licence, else None."""
    duplicate: int | None = None
    """For a printed copy 0, the 正本, or which 副本; else None."""

    @property
    def kind(self) -> DocumentKind:
        """Which of the three it is."""
        if self.copy_of is not None:
            return DocumentKind.COPY
        return DocumentKind.LICENSE if self.premises_no is None else DocumentKind.SITE_CODE
