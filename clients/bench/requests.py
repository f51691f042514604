"""Requests to verify distinct and repeated tokens, as bytes."""

from collections.abc import Iterator
from itertools import cycle, repeat
from typing import Final

from license_verify import limits
from yizhao.verify.v1 import verify_service_pb2 as pb

TOKENS: Final = 48_000
"""So many that a process never finds one kept that it meets again: it keeps 10,000, two processes
share the tokens, and up to twelve batches of 1,000 are under way and overtake each other."""


class Requests:
    """Each takes the next token, whoever took the one before."""

    def __init__(self, scans: tuple[str, ...]) -> None:
        self._requests = [pb.VerifyRequest(subject=pb.Subject(scan=scan)) for scan in scans]
        self._numbers = cycle(range(len(scans)))
        self.repeated: Final = repeat(_batch(self._requests[: limits.BATCH_ITEMS]))
        """Requests of BatchVerify, all of the same tokens."""

    def single(self) -> Iterator[bytes]:
        """Requests of Verify."""
        for number in self._numbers:
            yield self._requests[number].SerializeToString()

    def batches(self) -> Iterator[bytes]:
        """Requests of BatchVerify, of distinct tokens."""
        while True:
            numbers = [next(self._numbers) for _ in range(limits.BATCH_ITEMS)]
            yield _batch([self._requests[number] for number in numbers])


def _batch(requests: list[pb.VerifyRequest]) -> bytes:
    return pb.BatchVerifyRequest(requests=requests).SerializeToString()
