"""A document in use that a key signed, among all that it signed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands among all; before the first stands that of noughts."""

    entity_no: int = 0
    premises_no: int = 0
    """0 unless it is a site code."""
    rank: int = 0
    """0 a licence, 1 a copy, 2 a site code, 3 a statement."""
    version: int = 0

    def name(self, code: str) -> str:
        """Resource name of the document of the entity with that code."""
        kind = ("licenses", "copies", f"premises/{self.premises_no}/codes", "premisesStatements")
        return f"entities/{code}/{kind[self.rank]}/{self.version}"
