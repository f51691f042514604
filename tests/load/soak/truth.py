"""What is true: the history of each document's status, by when each act was sent and answered.

An act is committed at some moment between its first sending and its answer; nobody outside knows
when. So a history tells for a span of time which statuses there *may* have been, and everything
else is wrong. It knows nothing of lists, editions or bundles: those are judged by it.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

BEGINNING: Final = float("-inf")
NOT_ISSUED: Final = "INVALID"
"""How the entry of a document reads that was not issued yet."""
TERMINAL: Final = frozenset({"LOST_VOID", "DEREGISTERED", "REVOKED", "ANNULLED", NOT_ISSUED})
"""Old data suffices to say these."""
_WORSE: Final = {
    name: rank
    for rank, name in enumerate(
        ("VALID", "SUPERSEDED", "SUSPENDED", "LOST_VOID", "DEREGISTERED", "REVOKED", "ANNULLED",
         NOT_ISSUED)
    )
}  # fmt: skip


@dataclass(slots=True)
class _Step:
    status: str
    sent_at: float
    answered_at: float | None


class History:
    """Statuses one after the other; moments are seconds since 1970. One thread writes, any read."""

    def __init__(self, status: str, sent_at: float = BEGINNING) -> None:
        """It begins with that status."""
        self._steps = [_Step(status, sent_at, sent_at)]

    def __repr__(self) -> str:
        return " → ".join(
            f"{step.status} sent {step.sent_at:.3f} answered {step.answered_at}"
            for step in self._steps
        )

    @property
    def last(self) -> str:
        """The status that the last act brings."""
        return self._steps[-1].status

    def send(self, status: str, at: float) -> None:
        """An act that brings this status is about to be sent."""
        if self._steps[-1].answered_at is None:
            raise ValueError("the act before was not answered")
        self._steps.append(_Step(status, at, None))

    def answer(self, at: float) -> None:
        """The last act was answered."""
        self._steps[-1].answered_at = at

    def refuse(self) -> None:
        """The last act was refused: nothing came of it."""
        if len(self._steps) == 1 or self._steps[-1].answered_at is not None:
            raise ValueError("there is no act to refuse")
        self._steps.pop()

    def between(self, first: float, last: float) -> set[str]:
        """The statuses that there may have been at some moment of that span, ends included."""
        found = set()
        for step, after in pairwise((*self._steps, None)):
            assert step is not None
            over = after is not None and after.answered_at is not None and after.answered_at < first
            if step.sent_at <= last and not over:
                found.add(step.status)
        return found


@dataclass(frozen=True, slots=True)
class Document:
    """A licence, a copy of one or a site code."""

    number: int
    kind: str
    """`licence`, `copy` or `door`."""
    scan: str = field(repr=False)
    firm: History
    own: History

    def between(self, first: float, last: float) -> set[str]:
        """The worse of the firm's status and the document's own, wherever in the span.

        Of a firm that was not founded yet nothing can have been issued.
        """
        return {
            max(one, other, key=_WORSE.__getitem__)
            for one in self.firm.between(first, last) or {NOT_ISSUED}
            for other in self.own.between(first, last)
        }


STEADY: Final = History("VALID")
"""Of a document that no act touches."""


class Truth:
    """All documents, by number."""

    def __init__(self) -> None:
        self._documents: list[Document] = []

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, kind: str, scan: str, firm: History = STEADY, own: History = STEADY) -> Document:
        """A document whose scan text is known from now on."""
        document = Document(len(self._documents), kind, scan, firm, own)
        self._documents.append(document)
        return document

    def of(self, number: int) -> Document:
        """The document of that number."""
        return self._documents[number]
