"""The states that a checker's data can be in, and what then comes of each status.

What is expected is put down by hand from the decision table of design.md §6, status by status,
so that six equal answers cannot all be wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from license_verify import Anchor, DocumentStatus, HighestSeen, Outcome, Reason, Trust
from license_verify.lists.trust_list import KeyState
from tests.e2e.verdicts.firms import ENTRIES
from tests.unit.verify.world import NOW, T0, World

Expected = tuple[Outcome, DocumentStatus]
WORLD: Final = World(environment="test", statuses=ENTRIES)
_BEHIND: Final = T0 - timedelta(hours=1)
_STALE: Final = T0 + timedelta(days=3)
_GOOD, _BAD, _UNSURE = Outcome.VALID, Outcome.INVALID, Outcome.INDETERMINATE
_S: Final = DocumentStatus


def _all(outcome: Outcome, status: DocumentStatus) -> dict[DocumentStatus, Expected]:
    return dict.fromkeys(DocumentStatus, (outcome, status))


FRESH: Final[Mapping[DocumentStatus, Expected]] = {
    _S.VALID: (_GOOD, _S.VALID),
    _S.INVALID: (_BAD, _S.INVALID),
    _S.SUSPENDED: (_BAD, _S.SUSPENDED),
    _S.SUPERSEDED: (_BAD, _S.SUPERSEDED),
    _S.REVOKED: (_BAD, _S.REVOKED),
    _S.DEREGISTERED: (_BAD, _S.DEREGISTERED),
    _S.ANNULLED: (_BAD, _S.ANNULLED),
    _S.LOST_VOID: (_BAD, _S.LOST_VOID),
    _S.EXPIRED: (_BAD, _S.EXPIRED),
    _S.NOT_YET_VALID: (_BAD, _S.NOT_YET_VALID),
    _S.UNKNOWN: (_UNSURE, _S.UNKNOWN),
}
# Old data that says no is enough for no; what it says of the others may have changed since.
STALE: Final[Mapping[DocumentStatus, Expected]] = {
    **FRESH,
    _S.VALID: (_UNSURE, _S.UNKNOWN),
    _S.SUSPENDED: (_UNSURE, _S.UNKNOWN),
    _S.SUPERSEDED: (_UNSURE, _S.UNKNOWN),
}
NOTHING: Final = _all(_UNSURE, _S.UNKNOWN)
REFUSED: Final = _all(_BAD, _S.UNKNOWN)


@dataclass(frozen=True)
class DataState:
    """What a checker has, and the moment at which it is asked."""

    name: str
    expected: Mapping[DocumentStatus, Expected]
    world: World = field(default_factory=lambda: WORLD)
    now: datetime = NOW
    published: bool = True
    """Whether anything is at hand."""
    seen: HighestSeen | None = None
    registry: bool = False
    """Whether a registry answers; else there is only what is kept on disk."""
    records: bool = True
    """Whether that registry answers for records, too."""
    records_age: timedelta = timedelta(0)
    """How old these answers are."""
    bundled: bool = False
    """Whether the command and the library take a bundle along, and ask nobody."""
    forged: Outcome = Outcome.INVALID
    """What comes of a code that the world's token key did not sign."""
    unknown_key: Outcome = Outcome.INVALID

    @property
    def answered_at(self) -> datetime:
        """When the registry says that it answered."""
        return self.now - self.records_age

    @property
    def ready(self) -> bool:
        """Whether our clients ask such a node at all: one without data tells them to go elsewhere,
        and answers who asks nevertheless."""
        return self.published and self.seen is None

    @cached_property
    def trust(self) -> Trust:
        """What a checker with this data believes."""
        if not self.published:
            return Trust.missing(environment="test")
        if self.seen is not None:
            return Trust.missing(Reason.ROLLBACK, self.seen, "test")
        return Trust.from_bundle(self.world.bundle(), Anchor((self.world.root.public,), "test"))


_OLD_LIST: Final = replace(WORLD, list_life=timedelta(minutes=1))
STATES: Final = (
    DataState("fresh", FRESH, registry=True),
    DataState("fresh-records-away", FRESH, registry=True, records=False),
    DataState("cached", FRESH),
    DataState("bundled", FRESH, bundled=True),
    DataState("stale", STALE, now=_STALE, unknown_key=_UNSURE),
    DataState("bundled-stale", STALE, now=_STALE, bundled=True, unknown_key=_UNSURE),
    DataState("list-expired", STALE, _OLD_LIST),
    DataState(
        "rolled-back",
        NOTHING,
        seen=HighestSeen(WORLD.seq + 1, T0, WORLD.trust_version),
        forged=_UNSURE,
        unknown_key=_UNSURE,
    ),
    DataState("no-data", NOTHING, published=False, forged=_UNSURE, unknown_key=_UNSURE),
    DataState(
        "clock-behind",
        # A document of tomorrow may be one of today, by a clock that is wrong.
        {**STALE, _S.NOT_YET_VALID: (_UNSURE, _S.UNKNOWN)},
        now=_BEHIND,
        unknown_key=_UNSURE,
    ),
    DataState("of-another-environment", REFUSED, replace(WORLD, environment="production")),
    DataState("key-distrusted", REFUSED, replace(WORLD, token_state=KeyState.DISTRUSTED)),
    DataState("fresh-records-old", FRESH, registry=True, records_age=timedelta(hours=1)),
)
