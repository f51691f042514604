"""Whether this node lives, is ready, and answers from fresh data: three questions, three answers.

A node whose data grows old goes on serving: a verdict says itself how old its data was, and is
INDETERMINATE where a purpose demands newer. So it stays ready, and says beside that that it serves
stale data. A node without any data, or one that is about to end, is not ready.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from license_verify.rpc.server import RpcServer
from license_verify.server.bundles import Bundles

NONE: Final = "none"
_TELL_SECONDS: Final = 0.5
_CLOCK_SKEW: Final = timedelta(minutes=5)
"""As policies allow an issuer's clock to be ahead of ours."""


@dataclass(frozen=True, slots=True)
class DataState:
    """What a node holds, ages in seconds by its own clock; None where it holds nothing."""

    source: str
    """`live`, `cached` or `none`."""
    seq: int = 0
    trust_version: int = 0
    lists: int = 0
    manifest_age: float | None = None
    trust_list_age: float | None = None
    oldest_list_age: float | None = None
    stale: tuple[str, ...] = ()
    """Of `manifest` (older than this node's limit), `lists` (one is past its own end), `clock`
    (this machine's is behind the data)."""


class NodeHealth:
    """Health as it is at the moment of asking."""

    def __init__(
        self,
        bundles: Bundles,
        now: Callable[[], datetime],
        stale_after: float,
        ends: Callable[[], bool],
    ) -> None:
        """`stale_after` is the age of a manifest, in seconds, from which on data is called stale;
        `ends` tells whether the node is about to end."""
        self._bundles = bundles
        self._now = now
        self._stale_after = timedelta(seconds=stale_after)
        self._ends = ends

    def wrong(self) -> dict[str, str]:
        """What is wrong with its data's `cache`, `disk`, `registry` or `environment`, by name."""
        return self._bundles.wrong()

    @property
    def draining(self) -> bool:
        """Whether the node is about to end."""
        return self._ends()

    def data(self) -> DataState:
        """What the node holds."""
        held, now = self._bundles.current(), self._now()
        trust = held.trust
        if held.bundle is None or trust.manifest is None:
            return DataState(NONE)
        age = now - trust.manifest.issued_at
        told = {
            "manifest": age > self._stale_after,
            "lists": any(each.expires_at <= now for each in trust.lists.values()),
            "clock": age < -_CLOCK_SKEW,
        }
        listed = [each.issued_at for each in trust.lists.values()]
        return DataState(
            source=trust.source.value,
            seq=trust.highest_seen.seq,
            trust_version=trust.version,
            lists=len(trust.lists),
            manifest_age=age.total_seconds(),
            trust_list_age=(now - trust.keys_issued_at).total_seconds(),
            oldest_list_age=(now - min(listed)).total_seconds() if listed else None,
            stale=tuple(name for name, stale in told.items() if stale),
        )


class HealthTeller:
    """Keeps what gRPC's health service says in step with the node's.

    gRPC knows SERVING and NOT_SERVING alone, so each question has a name: the empty one means that
    the server answers, the service's that it is ready, and the service's with `/fresh` that its
    data is.
    """

    def __init__(self, rpc: RpcServer, service: str, health: NodeHealth) -> None:
        self._rpc = rpc
        self._ready, self._fresh = service, f"{service}/fresh"
        self._health = health
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def start(self) -> None:
        """Tell at once, then go on in the background."""
        self._tell()
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_TELL_SECONDS):
            self._tell()

    def _tell(self) -> None:
        data = self._health.data()
        self._rpc.tell_health(self._ready, data.source != NONE)
        self._rpc.tell_health(self._fresh, data.source != NONE and not data.stale)
