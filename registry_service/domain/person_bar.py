"""Persons who may not apply (Order 746 art. 40)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PersonBar:
    """A person barred from applying, from a day to a day (both included)."""

    number: int
    person: str
    basis: str
    """Decision and legal ground."""
    from_date: date
    until_date: date

    def holds_on(self, day: date) -> bool:
        """Whether the person is barred on that day."""
        return self.from_date <= day <= self.until_date
