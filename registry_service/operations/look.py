"""Looking: every read of a named entity is kept, with who, how, at what and why."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from registry_service.domain.access import Look, Purpose, shown_by
from registry_service.domain.authority import ActName
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise

NO_PURPOSE: Final = Purpose()


@dataclass(frozen=True, slots=True)
class Sight:
    """One entity that somebody wants to look at, and how: opened by `Desk.look`."""

    code: str
    method: str
    purpose: Purpose
    act: ActName | None
    """The row of the table of authority; None where the servicer knew who may."""

    @classmethod
    def of(cls, act: ActName, code: str, purpose: Purpose = NO_PURPOSE) -> "Sight":
        """By a method that the table of authority guards."""
        return cls(code, act.method, purpose, act)

    def authorise(self, act: Act) -> None:
        """Stop whoever may not look so.

        Raises:
            RoleMissing: they hold none of the roles today, or are no official.
        """
        if self.act is not None:
            authorise(act, self.act)


def keep_shown(
    act: Act, method: str, entities: Collection[int], purpose: Purpose = NO_PURPOSE
) -> None:
    """Keep that the answer of a list shows these entities, by their numbers."""
    act.tx.accesses.record_many(look_of(act, method, purpose), entities)


def look_of(act: Act, method: str, purpose: Purpose) -> Look:
    """What is kept of a read that an act does."""
    actor = act.actor
    return Look(actor.workload, actor.number, method, shown_by(method), purpose, act.now)
