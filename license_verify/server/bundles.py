"""The published data that this node answers from: pulled, verified, kept, never taken on faith."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

import grpc
import structlog

from license_verify.lists.bundle import Bundle
from license_verify.reasons import Reason
from license_verify.refusal import Refusal
from license_verify.rpc.scrub import describe
from license_verify.server.store import BundleStore
from license_verify.trust import Anchor, HighestSeen, Source, Trust
from yizhao.registry.v1 import publication_service_pb2 as pb

_DEADLINE_SECONDS: Final = 20.0  # a first bundle of a large city, over a thin line
_LONGEST_PAUSE_SECONDS: Final = 2.0  # after an outage statuses are minutes old: hurry
_JITTER: Final = 0.2
_log = structlog.stdlib.get_logger()


class Registry(Protocol):
    """What is asked of the registry; `PublicationServiceStub` has it."""

    def GetBundle(  # noqa: N802 - the contract's name
        self, request: pb.GetBundleRequest, *, timeout: float
    ) -> pb.GetBundleResponse:
        """The bundle in force."""


@dataclass(frozen=True, slots=True)
class Held:
    """What this node believes at a moment."""

    trust: Trust
    bundle: Bundle | None = None
    """The signed parts, to be passed on as they are."""
    etag: str = ""
    """As the registry calls it."""


class Bundles:
    """Holds the newest believed bundle; one thread refreshes it, any thread reads it."""

    def __init__(
        self,
        registry: Registry,
        store: BundleStore,
        anchor: Anchor,
        *,
        refresh_seconds: float,
        jitter: Callable[[], float],
    ) -> None:
        """Describe it; `load` and `start` do the work. `jitter` gives numbers from 0 to 1."""
        self._registry = registry
        self._store = store
        self._anchor = anchor
        self._refresh_seconds = refresh_seconds
        self._jitter = jitter
        self._held = Held(Trust.missing(environment=anchor.environment))
        self._reached_at: float | None = None
        self._trouble = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bundles", daemon=True)

    def load(self) -> None:
        """Take the bundle kept on disk, if it is good; never fails, says in the log why not."""
        seen: HighestSeen | None = None
        try:
            seen = self._store.highest_seen()
            content = self._store.bundle()
            if content is not None:
                self._believe(content, "", seen, Source.CACHED)
                _log.info("bundle.loaded", seq=self._held.trust.highest_seen.seq)
        except (Refusal, OSError) as error:
            reason = error.reason if isinstance(error, Refusal) else type(error).__name__
            problem = Reason.ROLLBACK if reason == Reason.ROLLBACK else Reason.TRUST_MISSING
            self._held = Held(Trust.missing(problem, seen, self._anchor.environment))
            _log.error("bundle.cache_refused", reason=reason)

    def start(self) -> None:
        """Begin to refresh in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the background thread; a pull that runs is waited for at most its deadline."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def current(self) -> Held:
        """What is believed now, its source told by when the registry last answered."""
        held = self._held
        if held.bundle is None:
            return held
        source = Source.LIVE if self._reached_recently() else Source.CACHED
        return (
            held
            if held.trust.source is source
            else replace(held, trust=replace(held.trust, source=source))
        )

    def refresh(self) -> bool:
        """Pull once; False if the registry is away or gave nothing to believe."""
        try:
            answer = self._registry.GetBundle(
                pb.GetBundleRequest(if_none_match=self._held.etag), timeout=_DEADLINE_SECONDS
            )
            if answer.content:
                self._take(answer)
        except grpc.RpcError as error:
            code = error.code().name if isinstance(error, grpc.Call) else type(error).__name__
            return self._troubled("bundle.registry_away", code=code)
        except Refusal as error:
            return self._troubled("bundle.refused", reason=error.reason, **error.metadata)
        except Exception as error:  # this thread must outlive any bug, or the node grows stale
            return self._troubled("bundle.bug", **describe(error))
        if self._trouble:
            _log.info("bundle.registry_back")
        self._trouble = ""
        self._reached_at = time.monotonic()
        return True

    def _take(self, answer: pb.GetBundleResponse) -> None:
        self._believe(answer.content, answer.etag, self._held.trust.highest_seen, Source.LIVE)
        seen = self._held.trust.highest_seen
        _log.info("bundle.taken", seq=seen.seq, trust_version=seen.trust_version)
        try:
            self._store.keep(answer.content, seen)
        except OSError as error:
            _log.error("bundle.not_kept", **describe(error))

    def _believe(self, content: bytes, etag: str, seen: HighestSeen | None, source: Source) -> None:
        bundle = Bundle.decode(content)
        previous = self._held.trust if self._held.bundle is not None else None
        trust = Trust.from_bundle(bundle, self._anchor, seen, source=source, previous=previous)
        if source is Source.LIVE:
            self._reached_at = time.monotonic()  # first: who sees the data sees that it is live
        self._held = Held(trust, bundle, etag or trust.etag)

    def _troubled(self, event: str, **told: object) -> bool:
        # Once for each kind of trouble: it may last for days, at a try a second.
        trouble = f"{event} {told.get('code') or told.get('reason') or told.get('error')}"
        if trouble != self._trouble:
            _log.warning(event, **told)
        self._trouble = trouble
        return False

    def _reached_recently(self) -> bool:
        reached = self._reached_at
        return reached is not None and time.monotonic() - reached < 3 * self._refresh_seconds + 1

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            failures = 0 if self.refresh() else failures + 1
            self._stop.wait(self._pause(failures))

    def _pause(self, failures: int) -> float:
        """Seconds until the next pull: doubled by each failure, spread so nodes don't march."""
        longest = max(self._refresh_seconds, _LONGEST_PAUSE_SECONDS)
        pause = min(self._refresh_seconds * 2.0 ** min(failures, 10), longest)
        return pause * (1 - _JITTER * self._jitter())
