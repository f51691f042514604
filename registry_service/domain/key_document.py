"""What stops being good with a key."""

from dataclasses import dataclass
from typing import Final

Place = tuple[int, int, int, int]
"""Where a document stands in the order of pages: entity, sort of document, premises, number."""
BEFORE_ALL: Final[Place] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class KeyDocument:
    """A document in use that a key signed, or is to sign."""

    code: str
    """Of its entity."""
    name: str
    """Below the entity, as events name it."""
    place: Place
