"""Choices that law leaves to the city (CFG in domain.md §5)."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """One version of the choices; the version in force is kept with the findings."""

    version: str
    area: Literal["city", "registrar"]
    """Where premises may lie: in the whole city, or only under the same registrar."""


JINING_2023: Final = ReviewPolicy(version="jining-2023-1", area="city")
"""Jining 2023: cross-county in the whole city."""
