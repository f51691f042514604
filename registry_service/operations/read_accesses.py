"""The access record, as an auditor reads it; that is recorded, too."""

from datetime import datetime

from registry_service.domain.access import Access, Purpose, Span
from registry_service.domain.authority import ActName
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.look import look_of

Cursor = tuple[datetime, int]
"""Time and number of the last read that was seen."""


def accesses_by_person(
    act: Act, staff_no: str, span: Span, before: Cursor, limit: int, purpose: Purpose
) -> list[Access]:
    """What a person read, newest first; that somebody asked is kept about the person.

    Raises:
        RoleMissing: the actor is no auditor.
    """
    authorise(act, ActName.LIST_ACCESS)
    act.tx.accesses.record_about(look_of(act, ActName.LIST_ACCESS.method, purpose), staff_no)
    return act.tx.accesses.by_person(staff_no, span, before, limit)
