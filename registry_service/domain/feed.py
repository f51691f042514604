"""What a reader of the feed asks for and gets."""

from dataclasses import dataclass

from registry_service.domain.event import Event

FAMILY = ".*"
"""Ends a kind that means all of its family, as `premises.*`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a reader wants; the empty one wants all."""

    kinds: frozenset[str] = frozenset()
    """`entity.revoked`, or `premises.*`; empty means all."""
    units: frozenset[int] | None = None
    """Of entities that one of these registers, or whose premises one of these hosts."""
    entity_no: int | None = None

    def exact_kinds(self) -> list[str]:
        """The kinds that mean themselves."""
        return sorted(kind for kind in self.kinds if not kind.endswith(FAMILY))

    def families(self) -> list[str]:
        """The families, without their star."""
        return sorted(kind.removesuffix(FAMILY) for kind in self.kinds if kind.endswith(FAMILY))


@dataclass(frozen=True, slots=True)
class Span:
    """How far the feed goes."""

    oldest: int
    """The oldest number that is kept."""
    newest: int
    """The last number given; below `oldest` if nothing is kept."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Part of the feed."""

    events: tuple[tuple[Event, str], ...]
    """In the order of their numbers, each with the code of its entity."""
    cursor: int
    """Everything up to this number is in here, or was not wanted."""
    span: Span
