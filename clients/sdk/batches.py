"""Any number of requests as calls of `BatchVerify`, each within what one call takes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from clients.sdk.errors import ServiceError, Unreachable
from license_verify.limits import BATCH_ITEMS
from yizhao.verify.v1.verify_service_pb2 import (
    BatchVerifyRequest,
    BatchVerifyResponse,
    VerifyRequest,
    VerifyResult,
)

CHUNK_BYTES: Final = 3 << 20
"""Of one call's requests; a node takes messages of 4 MiB."""
_FRAME_BYTES: Final = 8
"""At most, around each request within the message."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Requests of one call."""

    start: int
    """Position of the first among all, from 0."""
    requests: tuple[VerifyRequest, ...]

    def message(self) -> BatchVerifyRequest:
        """What is sent."""
        return BatchVerifyRequest(requests=self.requests)

    def results_of(self, answer: BatchVerifyResponse) -> "tuple[VerifyResult, ...] | FailedChunk":
        """One result for each request, or the failure of an answer that is not whole."""
        if len(answer.results) == len(self.requests):
            return tuple(answer.results)
        got = f"{len(answer.results)} results for {len(self.requests)} requests"
        return self.failed(Unreachable("the verifying service", f"its answer broke off: {got}"))

    def failed(self, error: ServiceError | Unreachable) -> "FailedChunk":
        """That none of the requests was answered, and why."""
        return FailedChunk(self.start, self.start + len(self.requests), error)


@dataclass(frozen=True, slots=True)
class FailedChunk:
    """Requests that one call did not bring answers for."""

    start: int
    """Position of the first, from 0."""
    stop: int
    """Position behind the last."""
    error: ServiceError | Unreachable


class BatchIncomplete(Exception):
    """Some calls of a batch failed; what the others brought is here.

    Attributes:
        results: of every request in order; None where there is none.
        failures: what failed, by position.
    """

    def __init__(
        self, results: Sequence[VerifyResult | None], failures: Sequence[FailedChunk]
    ) -> None:
        first = failures[0]
        missing = sum(each.stop - each.start for each in failures)
        super().__init__(
            f"{missing} of {len(results)} requests got no answer; the first are numbers "
            f"{first.start} to {first.stop - 1}: {first.error}"
        )
        self.results = tuple(results)
        self.failures = tuple(failures)

    @property
    def zh(self) -> str:
        """The Chinese sentence."""
        missing = sum(each.stop - each.start for each in self.failures)
        return f"批量核验未全部完成：{missing} 项没有结果。{self.failures[0].error.zh}"


def chunks(
    requests: Iterable[VerifyRequest], items: int = BATCH_ITEMS, size: int = CHUNK_BYTES
) -> Iterator[Chunk]:
    """Split requests into calls of at most `items` requests and `size` bytes, in order.

    One request that is larger alone is a call of its own, for the service to refuse by name.
    """
    start, used = 0, 0
    held: list[VerifyRequest] = []
    for request in requests:
        needed = request.ByteSize() + _FRAME_BYTES
        if held and (len(held) == items or used + needed > size):
            yield Chunk(start, tuple(held))
            start, held, used = start + len(held), [], 0
        held.append(request)
        used += needed
    if held:
        yield Chunk(start, tuple(held))


def gathered(
    outcomes: Iterable[tuple[VerifyResult, ...] | FailedChunk],
) -> list[VerifyResult]:
    """The results of calls, in order.

    Raises:
        BatchIncomplete: a call failed.
    """
    results: list[VerifyResult | None] = []
    failures = []
    for outcome in outcomes:
        if isinstance(outcome, FailedChunk):
            failures.append(outcome)
            results += [None] * (outcome.stop - outcome.start)
        else:
            results += outcome
    if failures:
        raise BatchIncomplete(results, failures)
    return [each for each in results if each is not None]
