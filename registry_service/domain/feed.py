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
class Gap:
    """Numbers of events that a restore from a backup lost."""

    before: int
    """The last number before them."""
    last: int
    """The last of them; the next event bears the next one."""

    def holds(self, cursor: int) -> bool:
        """Whether who read up to `cursor` saw events that are lost, or may have."""
        return self.before < cursor < self.last


@dataclass(frozen=True, slots=True)
class Span:
    """How far the feed goes."""

    oldest: int
    """The oldest number that is kept."""
    newest: int
    """The last number given; below `oldest` if nothing is kept."""
    gaps: tuple[Gap, ...] = ()

    def page(self, after: int, size: int) -> tuple[int, int]:
        """Where a page of at most `size` numbers after `after` begins and ends.

        It ends before a gap or begins behind it, so that no cursor ever lies within.
        """
        start = max(after, self.oldest - 1)
        for gap in self.gaps:
            if start == gap.before:
                start = gap.last
        until = min(start + size, self.newest)
        for gap in self.gaps:
            if start < gap.before < until:
                until = gap.before
        return start, until


@dataclass(frozen=True, slots=True)
class Fed:
    """An event as the feed gives it."""

    event: Event
    uscc: str
    """Code of its entity that is in force when it is read."""
    former_codes: tuple[str, ...]
    """Others that it had, 注册号 included: readers may know it by one of them."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Part of the feed."""

    events: tuple[Fed, ...]
    """In the order of their numbers."""
    cursor: int
    """Everything up to this number is in here, or was not wanted."""
    span: Span
