"""The published data that this node answers from: verified, kept, never taken on faith."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from errno import errorcode
from functools import partial
from typing import Any, Final, Protocol

import grpc
import structlog

from license_verify.lists.bundle import Bundle
from license_verify.lists.delta import Delta
from license_verify.reasons import Reason
from license_verify.refusal import Refusal
from license_verify.rpc.scrub import describe
from license_verify.server.store import BundleStore
from license_verify.trust import Anchor, HighestSeen, Source, Trust
from yizhao.registry.v1 import publication_service_pb2 as pb

_DEADLINE_SECONDS: Final = 20.0  # a first bundle of a large city, over a thin line
_WATCH_SECONDS: Final = 30.0
"""A watch is begun anew so often: a connection that died silently is noticed, and nodes spread
over the registry's processes again after one was started."""
_WATCH_LATER_SECONDS: Final = 60.0
"""Until a registry that has no place for a watch, or knows of none, is asked for one again."""
_QUIET_SECONDS: Final = 15.0
"""So long a registry may say nothing, on a busy machine, before its data is called cached. Once a
call has failed it is three pulls."""
_LONGEST_PAUSE_SECONDS: Final = 2.0  # after an outage statuses are minutes old: hurry
_JITTER: Final = 0.2
_REFUSED: Final = frozenset({"UNIMPLEMENTED", "RESOURCE_EXHAUSTED"})
_log = structlog.stdlib.get_logger()


class Registry(Protocol):
    """What is asked of the registry; `PublicationServiceStub` has it."""

    def GetBundle(  # noqa: N802 - the contract's name
        self, request: pb.GetBundleRequest, *, timeout: float
    ) -> pb.GetBundleResponse:
        """The bundle in force."""

    def WatchBundle(  # noqa: N802 - the contract's name
        self, request: pb.WatchBundleRequest, *, timeout: float
    ) -> Any:
        """Each bundle as it comes: a stream of `pb.GetBundleResponse` that can be cancelled."""


class Place(Enum):
    """Where something can be wrong with a node's data."""

    CACHE = "cache"
    """What an earlier run left on disk."""
    DISK = "disk"
    """Writing there."""
    REGISTRY = "registry"
    """It is away, or sends what is not believed."""
    ENVIRONMENT = "environment"
    """The data is of another system than this node is for."""


@dataclass(frozen=True, slots=True)
class Held:
    """What this node believes at a moment."""

    trust: Trust
    bundle: Bundle | None = None
    """The signed parts, to be passed on as they are."""
    etag: str = ""
    """As the registry calls it."""


class Bundles:
    """Holds the newest believed bundle; any thread reads it.

    One thread keeps it new: it watches the registry, and pulls where it can't watch.
    """

    def __init__(
        self,
        registry: Registry,
        store: BundleStore,
        anchor: Anchor,
        *,
        refresh_seconds: float,
        jitter: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Describe it; `load` and `start` do the work. `jitter` gives numbers from 0 to 1, `clock`
        seconds that never go back."""
        self._registry = registry
        self._store = store
        self._anchor = anchor
        self._refresh_seconds = refresh_seconds
        self._jitter = jitter
        self._clock = clock
        self._held = Held(Trust.missing(environment=anchor.environment))
        self._told = (self._held, self._held)
        """What is held, and the same with the other source."""
        self._reached_at: float | None = None
        self._trouble = ""
        self.refused: Counter[str] = Counter()
        """How many bundles were not believed, by reason; for metrics."""
        self._wrong: dict[Place, str] = {}
        self._needs_whole = False
        """Something was refused: ask for all of it, not for a delta."""
        self._watch_from = 0.0
        self._call: Any = None
        self._asked = threading.Event()
        """Once: whether the registry answered or not."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bundles", daemon=True)

    def load(self) -> None:
        """Take the bundle kept on disk, if it is good; never fails, says in the log why not."""
        seen: HighestSeen | None = None
        try:
            seen = self._store.highest_seen()
            content = self._store.bundle()
            if content is not None:
                self._believe(Bundle.decode(content), "", seen, Source.CACHED)
                _log.info("bundle.loaded", seq=self._held.trust.highest_seen.seq)
        except (Refusal, OSError) as error:
            reason = error.reason if isinstance(error, Refusal) else type(error).__name__
            self.refused[reason] += 1
            problem = Reason.ROLLBACK if reason == Reason.ROLLBACK else Reason.TRUST_MISSING
            self._held = Held(Trust.missing(problem, seen, self._anchor.environment))
            self._wrong[Place.CACHE] = reason
            _log.error("bundle.cache_refused", reason=reason)

    def start(self) -> None:
        """Begin to refresh in the background."""
        self._thread.start()

    def await_first(self, seconds: float) -> None:
        """Where nothing is held, wait so long for what the registry says or does not say.

        A node that answers a moment too early would tell its first callers that nothing can be
        established.
        """
        if self._held.bundle is None:
            self._asked.wait(seconds)

    def stop(self) -> None:
        """End the background thread; a pull that runs is waited for a second at most."""
        self._stop.set()
        if (call := self._call) is not None:
            call.cancel()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def current(self) -> Held:
        """What is believed now, its source told by when the registry last answered."""
        held = self._held
        if held.bundle is None:
            return held
        source = Source.LIVE if self._reached_recently() else Source.CACHED
        if held.trust.source is source:
            return held
        under, told = self._told
        if under is not held:  # made once: every check asks
            told = replace(held, trust=replace(held.trust, source=source))
            self._told = (held, told)
        return told

    @property
    def reachable(self) -> bool:
        """Whether the registry answered of late."""
        return self._reached_recently()

    def wrong(self) -> dict[str, str]:
        """What is wrong with each place that data comes from or goes to, by name of the reason."""
        return {place.value: reason for place, reason in self._wrong.copy().items()}

    def refresh(self) -> bool:
        """Pull once; False if the registry is away or gave nothing to believe."""

        def pull() -> None:
            request = pb.GetBundleRequest(
                if_none_match=self._held.etag,
                accept_delta=not self._needs_whole,
                seq=self._held.trust.highest_seen.seq,
            )
            self._take(self._registry.GetBundle(request, timeout=_DEADLINE_SECONDS))

        return self._attempt(pull)

    def watch(self) -> bool:
        """Take what the registry publishes, as it comes, until the stream ends.

        Returns:
            Whether it ended well, when its time was over. If not, a pull tells more.
        """
        request = pb.WatchBundleRequest(
            if_none_match=self._held.etag, seq=self._held.trust.highest_seen.seq
        )
        seconds = _WATCH_SECONDS * (1 - _JITTER * self._jitter())
        try:
            self._call = self._registry.WatchBundle(request, timeout=seconds)
            while not self._stop.is_set():
                answer = next(self._call)
                if not self._attempt(partial(self._take, answer)):
                    break
        except StopIteration:
            _log.info("bundle.watch_ended", code="OK")
        except grpc.RpcError as error:
            return self._watch_ended(_code_of(error))
        except Exception as error:  # see `_attempt`
            return self._troubled("bundle.bug", **describe(error))
        finally:
            if self._call is not None:
                self._call.cancel()
        return False

    def _watch_ended(self, code: str) -> bool:
        if self._stop.is_set():
            return False
        if code in _REFUSED:
            self._watch_from = self._clock() + _WATCH_LATER_SECONDS
        if code == "DEADLINE_EXCEEDED" and self._reached_recently():
            return True
        _log.info("bundle.watch_ended", code=code)
        return False

    def _attempt(self, step: Callable[[], None]) -> bool:
        """Take a step with the registry; False, with its cause in the log, if it went wrong."""
        try:
            step()
        except grpc.RpcError as error:
            return self._troubled("bundle.registry_away", code=_code_of(error))
        except Refusal as error:
            self._needs_whole = True
            self.refused[error.reason] += 1
            return self._troubled("bundle.refused", reason=error.reason, **error.metadata)
        except Exception as error:  # this thread must outlive any bug, or the node grows stale
            return self._troubled("bundle.bug", **describe(error))
        if self._trouble:
            _log.info("bundle.registry_back")
        self._trouble, self._needs_whole = "", False
        self._wrong.pop(Place.REGISTRY, None)
        self._reached_at = self._clock()
        return True

    def _take(self, answer: pb.GetBundleResponse) -> None:
        """Believe what an answer brings, and keep it."""
        if answer.delta and self._held.bundle is not None:
            bundle = Delta.decode(answer.delta).apply(self._held.bundle)
        elif answer.content:
            bundle = Bundle.decode(answer.content)
        else:
            return
        self._believe(bundle, answer.etag, self._held.trust.highest_seen, Source.LIVE)
        seen = self._held.trust.highest_seen
        size = len(answer.delta or answer.content)
        _log.info("bundle.taken", seq=seen.seq, trust_version=seen.trust_version, bytes=size)
        try:
            self._store.keep(bundle.encode(), seen)
        except OSError as error:
            self._wrong[Place.DISK] = errorcode.get(error.errno or 0, type(error).__name__)
            _log.error("bundle.not_kept", reason=self._wrong[Place.DISK], **describe(error))
        else:
            # What was kept before, good or not, is written over.
            self._wrong.pop(Place.DISK, None)
            self._wrong.pop(Place.CACHE, None)

    def _believe(self, bundle: Bundle, etag: str, seen: HighestSeen | None, source: Source) -> None:
        previous = self._held.trust if self._held.bundle is not None else None
        trust = Trust.from_bundle(bundle, self._anchor, seen, source=source, previous=previous)
        if source is Source.LIVE:
            self._reached_at = self._clock()  # first: who sees the data sees that it is live
        self._held = Held(trust, bundle, etag or trust.etag)
        self._tell_environment(trust)

    def _tell_environment(self, trust: Trust) -> None:
        """Every verdict fails by it and says so in words; operators are told, too."""
        if trust.environment == trust.expected_environment:
            self._wrong.pop(Place.ENVIRONMENT, None)
            return
        reason = self._wrong[Place.ENVIRONMENT] = Reason.ENVIRONMENT_MISMATCH.value
        expected = trust.expected_environment
        _log.error("bundle.refused", reason=reason, is_of=trust.environment, expected=expected)

    def _troubled(self, event: str, **told: object) -> bool:
        # Once for each kind of trouble: it may last for days, at a try a second.
        cause = str(told.get("code") or told.get("reason") or told.get("error"))
        self._wrong[Place.REGISTRY] = cause
        trouble = f"{event} {cause}"
        if trouble != self._trouble:
            _log.warning(event, **told)
        self._trouble = trouble
        return False

    def _reached_recently(self) -> bool:
        if self._reached_at is None:
            return False
        pulls = 3 * self._refresh_seconds + 1
        limit = pulls if self._trouble else max(pulls, _QUIET_SECONDS)
        return self._clock() - self._reached_at < limit

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            failures = 0 if self.refresh() else failures + 1
            self._asked.set()
            while not failures and self._clock() >= self._watch_from and self.watch():
                pass
            self._stop.wait(self._pause(failures))

    def _pause(self, failures: int) -> float:
        """Seconds until the next pull: doubled by each failure, spread so nodes don't march."""
        longest = max(self._refresh_seconds, _LONGEST_PAUSE_SECONDS)
        pause = min(self._refresh_seconds * 2.0 ** min(failures, 10), longest)
        return pause * (1 - _JITTER * self._jitter())


def _code_of(error: grpc.RpcError) -> str:
    return error.code().name if isinstance(error, grpc.Call) else type(error).__name__
