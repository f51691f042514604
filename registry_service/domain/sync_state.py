"""What the facts of a source make of an entity's state: moves, or something to decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.entity import EntityState
from registry_service.domain.event import Event
from registry_service.domain.lifecycle import TABLE, Step
from registry_service.domain.sync import Fact

STATE_KINDS: Final = (
    "entity.suspended",
    "entity.resumed",
    "entity.liquidating",
    "entity.revoked",
    "entity.deregistered",
    "entity.annulled",
    "entity.reinstated",
)
"""Events that move an entity to another state."""


class Move(StrEnum):
    """What a source can do to the state of an entity."""

    RESUME = "resume"
    LIQUIDATE = "liquidate"
    REVOKE = "revoke"
    DEREGISTER = "deregister"
    ANNUL = "annul"
    TAKE_BACK = "take_back"
    """The source's own last move."""

    @property
    def act(self) -> ActName:
        """The act that a hold must not block."""
        return _ACTS[self]


_ACTS: Final = {
    Move.RESUME: ActName.RESUME_ENTITY,
    Move.LIQUIDATE: ActName.LIQUIDATE_ENTITY,
    Move.REVOKE: ActName.REVOKE_ENTITY,
    Move.DEREGISTER: ActName.DEREGISTER_ENTITY,
    Move.ANNUL: ActName.ANNUL_ENTITY,
    Move.TAKE_BACK: ActName.REINSTATE_ENTITY,
}
_STEPS: Final = {
    Move.LIQUIDATE: Step.LIQUIDATE,
    Move.REVOKE: Step.REVOKE,
    Move.DEREGISTER: Step.DEREGISTER,
    Move.ANNUL: Step.ANNUL,
}
_WOKEN: Final = (EntityState.ACTIVE, EntityState.LIQUIDATING)
_UNDONE_AT_BIRTH: Final = (
    EntityState.LIQUIDATING,
    EntityState.REVOKED,
    EntityState.DEREGISTERED,
    EntityState.ANNULLED,
)
"""States with which an import may have brought an entity, and that its source can take back."""


BIRTH: Final = 0
_PLANNED: Final = 2**62
"""Stands for the revision of what is not recorded yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entity came to a state that was not taken back."""

    state: EntityState
    revision: int
    """Of the event that led to it; `BIRTH` where it came to this register so."""
    by_source: bool


@dataclass(frozen=True, slots=True)
class StateVerdict:
    """Moves to be made in this order, and what is left to decide."""

    moves: tuple[Move, ...]
    open: Fact | None


def standings(events: Sequence[Event], source: str, *, born_there: bool) -> list[Standing]:
    """How the entity came to its state, the newest last.

    Args:
        events: its first, and those of `STATE_KINDS`, oldest first.
        source: whose moves are told from acts done here, by their basis.
        born_there: that source brought the entity to this register.
    """
    stack = [Standing(EntityState(events[0].state_after), BIRTH, born_there)]
    for event in events[1:]:
        state, by_source = EntityState(event.state_after), event.basis == source
        if event.kind == "entity.reinstated" and by_source:
            _take_back(stack, event.reverses_revision, state)
        else:
            stack.append(Standing(state, event.revision, by_source))
    return stack


def _take_back(stack: list[Standing], revision: int | None, state: EntityState) -> None:
    """Let the stack be as before the move of that revision; None: as if it had come in `state`."""
    if revision is None:
        stack[:] = [Standing(state, BIRTH, by_source=True)]
        return
    while stack and stack[-1].revision >= revision:
        stack.pop()


def judge_state(
    facts: Sequence[Fact], stack: Sequence[Standing], *, kept: Collection[int]
) -> StateVerdict:
    """Move the entity where its source says it stands, but never over an act done here.

    Args:
        facts: everything that the source ever said of the entity, in any order.
        stack: as `standings` tells.
        kept: numbers of facts that somebody decided not to take.
    """
    told = sorted((f for f in facts if f.state_told), key=lambda fact: fact.place)
    if not told:
        return StateVerdict((), None)
    newest = told[-1]
    run = list(takewhile(lambda fact: fact.state is newest.state, reversed(told)))
    if any(fact.number in kept for fact in run):
        return StateVerdict((), None)
    moves, left = moves_to(newest.state, stack)
    return StateVerdict(moves, newest if _is_open(left, newest, run) else None)


def moves_to(wanted: EntityState, stack: Sequence[Standing]) -> tuple[tuple[Move, ...], Standing]:
    """How a source brings an entity to a state, or as near as it can, and where it stands then."""
    moves, left = list[Move](), list(stack)
    while left[-1].state is not wanted and left[-1].by_source:
        move = next_move(left[-1], wanted)
        if move is None:
            break
        moves.append(move)
        _make(left, move)
    return tuple(moves), left[-1]


def _is_open(top: Standing, newest: Fact, run: Sequence[Fact]) -> bool:
    if top.state is newest.state or not newest.number:
        return False
    return top.by_source or not any(fact.after_revision < top.revision for fact in run)


def step_to(wanted: EntityState, state: EntityState) -> Move | None:
    """The one move that leads from a state to another; None if none does."""
    fitting = (move for move, step in _STEPS.items() if TABLE[step].get(state) is wanted)
    return next(fitting, None)


def next_move(top: Standing, wanted: EntityState) -> Move | None:
    """What brings the entity nearer to a state; None if nothing does without more being known."""
    if direct := step_to(wanted, top.state):
        return direct
    if top.state is EntityState.DORMANT and wanted in _WOKEN:
        return Move.RESUME
    if top.revision != BIRTH or top.state in _UNDONE_AT_BIRTH:
        return Move.TAKE_BACK
    return None


_MAKES: Final = {
    Move.RESUME: EntityState.ACTIVE,
    Move.LIQUIDATE: EntityState.LIQUIDATING,
    Move.REVOKE: EntityState.REVOKED,
    Move.DEREGISTER: EntityState.DEREGISTERED,
    Move.ANNUL: EntityState.ANNULLED,
}


def _make(stack: list[Standing], move: Move) -> None:
    """Let the stack be as the move leaves it."""
    if move is not Move.TAKE_BACK:
        stack.append(Standing(_MAKES[move], _PLANNED, by_source=True))
    elif len(stack) > 1:
        stack.pop()
    else:
        stack[0] = Standing(EntityState.ACTIVE, BIRTH, by_source=True)
