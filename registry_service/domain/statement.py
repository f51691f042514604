"""Premises statements 经营场所清单 as the register keeps them: stored, then signed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from license_verify.lists.status import Status


class StatementState(StrEnum):
    """Where a statement stands."""

    INTENT = "intent"
    ISSUED = "issued"
    """It is the list in force."""
    SUPERSEDED = "superseded"
    """The list, the face or the registrar changed since."""
    VOIDED = "voided"
    """An intent that was given up."""


STATEMENT_STATUS: Final = {
    StatementState.INTENT: Status.INVALID,
    StatementState.ISSUED: Status.VALID,
    StatementState.SUPERSEDED: Status.SUPERSEDED,
    StatementState.VOIDED: Status.INVALID,
}
"""A statement's own status, before that of its entity."""


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A statement, signed or about to be."""

    entity_no: int
    version: int
    """From 1, never given twice within the entity."""
    face_version: int
    """Version of the entity's face that it belongs to."""
    state: StatementState
    kid: bytes
    to_be_signed: bytes
    """Sig_structure (RFC 9052 §4.4), stored before it is signed."""
    list_no: int
    index: int
    created_at: datetime
    document: bytes | None = None
    """COSE_Sign1; None unless it was signed."""
    issued_at: datetime | None = None
    ended_revision: int | None = None
    """Revision of the entity whose event took it out of force."""

    @property
    def name(self) -> str:
        """Resource name below its entity."""
        return f"premisesStatements/{self.version}"
