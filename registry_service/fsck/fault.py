"""What a recheck finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that breaks an invariant of design.md §2."""

    invariant: int
    table: str
    key: str
    """The row's key, as `entity_no=7 version=2`."""
    sentence: str
    """What is wrong with it. Holds no personal data: names, addresses and codes stay out."""

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.table} {self.key}: {self.sentence}"
