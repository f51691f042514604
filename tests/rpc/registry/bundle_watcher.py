"""Somebody who follows what is published, and believes it as a checker does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc

from license_verify import Anchor, Bundle, Trust
from license_verify.lists.delta import Delta
from license_verify.rpc.client import open_channel
from license_verify.rpc.tls import TlsFiles
from tests.rpc.registry.feed import PATIENCE
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub


@dataclass
class BundleWatcher:
    """Applies every answer to what it has; one that goes back is refused and ends it."""

    stub: Any
    anchor: Anchor
    seqs: list[int] = field(default_factory=list)
    deltas: int = 0
    trust: Trust | None = None
    bundle: Bundle | None = None
    failure: BaseException | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def start(self, etag: str = "") -> "BundleWatcher":
        self._call = self.stub.WatchBundle(pb.WatchBundleRequest(if_none_match=etag))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def take(self, answer: pb.GetBundleResponse) -> None:
        """Believe an answer.

        Raises:
            Refusal: it is older than one before, or does not hold.
        """
        bundle = made(answer, self.bundle)
        if bundle is None:
            return
        seen = self.trust.highest_seen if self.trust else None
        trust = Trust.from_bundle(bundle, self.anchor, seen, previous=self.trust)
        assert bundle.etag == answer.etag
        with self._changed:
            self.trust, self.bundle = trust, bundle
            self.seqs.append(answer.seq)
            self.deltas += bool(answer.delta)
            self._changed.notify_all()

    def wait_for(self, enough: Callable[[Trust], bool]) -> Trust:
        """Wait for data that is enough."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.failure or (self.trust is not None and enough(self.trust)), PATIENCE
            )
            found = self.trust
        if self.failure is not None:
            raise self.failure
        assert found is not None
        assert enough(found), f"it did not come; editions seen: {self.seqs[-20:]}"
        return found

    def stop(self) -> None:
        self._call.cancel()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            for answer in self._call:
                self.take(answer)
        except grpc.RpcError as error:
            self._fail(None if error.code() is grpc.StatusCode.CANCELLED else error)
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException | None) -> None:
        with self._changed:
            self.failure = error
            self._changed.notify_all()


def made(answer: pb.GetBundleResponse, base: Bundle | None) -> Bundle | None:
    """The bundle that an answer brings; None if it brings none."""
    if answer.delta:
        assert base is not None
        return Delta.decode(answer.delta).apply(base)
    return Bundle.decode(answer.content) if answer.content else None


@contextmanager
def watching(address: str, tls: TlsFiles, anchor: Anchor) -> Iterator[BundleWatcher]:
    """A watcher over a connection of its own, stopped at the end."""
    with open_channel(address, tls) as channel:
        watcher = BundleWatcher(PublicationServiceStub(channel), anchor).start()
        try:
            yield watcher
        finally:
            watcher.stop()
