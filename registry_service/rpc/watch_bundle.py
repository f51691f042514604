"""GetBundle, and WatchBundle as a generator of answers."""

from collections.abc import Iterator
from typing import Final

import grpc

from license_verify.rpc.call import current_caller
from registry_service.operations.editions import Editions
from registry_service.rpc.watches import Watches
from yizhao.registry.v1 import publication_service_pb2 as pb

_BEAT_SECONDS: Final = 5.0
"""A watch is answered at least so often, so that its caller knows that it lives."""
_CATCH_UP_SECONDS: Final = 1.0
"""What another process published is here long before; who still sees older data is to know."""


class BundleWatch:
    """Serves every GetBundle and WatchBundle of a process, from memory."""

    def __init__(self, editions: Editions, watches: Watches) -> None:
        self._editions = editions
        self._watches = watches

    def answer(self, request: pb.GetBundleRequest) -> pb.GetBundleResponse:
        """What the caller lacks.

        Raises:
            SignerUnavailable: nothing is published yet.
            ServerDraining: this process stops.
        """
        self._editions.from_number(request.seq, _CATCH_UP_SECONDS, lambda: True)
        return self._lacking(request.if_none_match, delta=request.accept_delta)

    def follow(
        self, request: pb.WatchBundleRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.GetBundleResponse]:
        """Answer until the caller goes away or this process stops.

        A slow caller keeps this generator waiting; it then goes on with the newest edition.

        Raises:
            TooManyWatches, SignerUnavailable: see publication_service.proto.
            ServerDraining: this process stops.
        """
        with self._watches.place(current_caller().spiffe_id):
            numbers, etag = self._editions.numbers, request.if_none_match
            context.add_callback(numbers.wake)
            self._editions.from_number(request.seq, _CATCH_UP_SECONDS, context.is_active)
            while context.is_active():
                answer = self._lacking(etag, delta=True)
                yield answer
                etag = answer.etag
                numbers.wait_beyond(answer.seq, _BEAT_SECONDS, context.is_active)

    def _lacking(self, etag: str, *, delta: bool) -> pb.GetBundleResponse:
        edition = self._editions.newest()
        if etag == edition.bundle.etag:
            return pb.GetBundleResponse(etag=etag, seq=edition.seq)
        changes = None
        if delta:
            edition, changes = self._editions.since(etag)
        answer = pb.GetBundleResponse(etag=edition.bundle.etag, seq=edition.seq)
        if changes is None:
            answer.content = edition.content
        else:
            answer.delta = changes
        return answer
