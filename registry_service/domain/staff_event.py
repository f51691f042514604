"""What was done to the staff table, by whom. Never changed, never removed."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime

from registry_service.domain.row_digest import row_digest
from registry_service.domain.staff import Assignment

Detail = Mapping[str, object]
"""JSON: numbers, dates, roles and switches; no free text."""


@dataclass(frozen=True, slots=True)
class StaffEvent:
    """A person added or changed on the staff table."""

    staff_no: str
    kind: str
    """`staff.added` or `staff.changed`."""
    person_name: str
    """As it is since."""
    detail: Detail
    actor: str
    """Staff number; empty for the first operator, whom the first start adds."""
    actor_name: str
    workload: str
    recorded_at: datetime

    def digest(self) -> bytes:
        """SHA-256 over every field, 32 bytes."""
        return row_digest(astuple(self))


def assignment_detail(assignment: Assignment) -> Detail:
    """An assignment as an event tells it."""
    return {
        "unit": assignment.unit,
        "role": str(assignment.role),
        "from_date": assignment.from_date.isoformat(),
        "until_date": assignment.until_date.isoformat() if assignment.until_date else None,
    }
