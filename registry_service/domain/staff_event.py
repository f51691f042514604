"""What was done to the staff table, by whom. Never changed, never removed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
        row = [
            self.staff_no,
            self.kind,
            self.person_name,
            self.detail,
            self.actor,
            self.actor_name,
            self.workload,
            int(self.recorded_at.timestamp() * 1_000_000),
        ]
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(text.encode()).digest()


def assignment_detail(assignment: Assignment) -> Detail:
    """An assignment as an event tells it."""
    return {
        "unit": assignment.unit,
        "role": str(assignment.role),
        "from_date": assignment.from_date.isoformat(),
        "until_date": assignment.until_date.isoformat() if assignment.until_date else None,
    }
