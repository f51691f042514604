"""Printed copies of a licence: 正本 and 副本, each with a life of its own (domain.md §4)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from registry_service.domain.license import SignedDocument


class CopyKind(StrEnum):
    """What a copy is."""

    ORIGINAL = "original"
    """正本, for the wall."""
    DUPLICATE = "duplicate"
    """副本, of which there may be several."""


class CopyState(StrEnum):
    """What became of a copy."""

    IN_USE = "in_use"
    RETURNED = "returned"
    VOID = "void"
    """Declared void 声明作废."""


@dataclass(frozen=True, slots=True)
class PrintedCopy:
    """A copy that somebody holds, or held."""

    entity_no: int
    number: int
    """Below its entity, from 1; not the number of a 副本."""
    kind: CopyKind
    duplicate: int
    """0 for the 正本, else which 副本 of its licence version, from 1."""
    license_number: str
    document_id: str
    """电子证照标识; empty where an import told none."""
    state: CopyState
    recorded_at: datetime
    """When it was printed; for an imported one, when it was imported."""
    printed_date: date | None = None
    """None where an import told none."""
    printed_by: str = ""
    """Staff number; empty where it was imported."""
    collected_by: str = ""
    """Name of the person who fetched it."""
    collected_date: date | None = None
    ended_at: datetime | None = None
    """When it was returned or declared void."""
    ended_basis: str = ""
    document: SignedDocument | None = None
    """Its token and entry; None for one that was imported."""
