"""Statuses of documents and their order (invariant 6)."""

from enum import IntEnum
from typing import Final


class Status(IntEnum):
    """An entry of a status list, 4 bits."""

    VALID = 0
    INVALID = 1
    """Not issued, or not yet."""
    SUSPENDED = 2
    """歇业: dormant, still registered."""
    SUPERSEDED = 3
    """A newer version of the document holds."""
    REVOKED = 12
    """吊销: the licence was taken as a penalty."""
    DEREGISTERED = 13
    """注销: the entity has ended."""
    ANNULLED = 14
    """撤销: the registration was obtained by fraud and is undone."""
    LOST_VOID = 15
    """The document was lost and declared void."""

    @property
    def zh(self) -> str:
        """The status in Chinese, as a badge shows it."""
        return _WORDS[self]

    @property
    def terminal(self) -> bool:
        """Whether old data suffices to say no: age cannot make such a document good."""
        return self in _TERMINAL


_WORDS: Final = {
    Status.VALID: "有效",
    Status.INVALID: "无效",
    Status.SUSPENDED: "歇业",
    Status.SUPERSEDED: "已换发",
    Status.REVOKED: "已吊销",
    Status.DEREGISTERED: "已注销",
    Status.ANNULLED: "已撤销",
    Status.LOST_VOID: "已挂失作废",
}
_TERMINAL: Final = frozenset(
    (Status.INVALID, Status.REVOKED, Status.DEREGISTERED, Status.ANNULLED, Status.LOST_VOID)
)
_ORDER: Final = (
    Status.VALID,
    Status.SUPERSEDED,
    Status.SUSPENDED,
    Status.LOST_VOID,
    Status.DEREGISTERED,
    Status.REVOKED,
    Status.ANNULLED,
    # Not a state of an entity: an entry that was never issued outweighs whatever else is said.
    Status.INVALID,
)
_RANK: Final = {status: rank for rank, status in enumerate(_ORDER)}


def worse(one: Status, other: Status) -> Status:
    """The worse of two: ANNULLED > REVOKED > DEREGISTERED > LOST_VOID > SUSPENDED > SUPERSEDED
    > VALID. An entry of a list is the worse of the entity's state and the document's own."""
    return one if _RANK[one] >= _RANK[other] else other
