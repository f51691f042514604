"""Two registry processes on one database: no reader of either sees anything go back."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest

from license_verify import Anchor, Bundle, Status, Trust
from license_verify.server.roots import read_roots
from tests.e2e.recovery.town import Town
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.bundle_watcher import BundleWatcher, made, watching
from tests.rpc.registry.feed import newest
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.test_lifecycle import licensed
from tests.rpc.registry.world import Registry, an_entity
from yizhao.registry.v1 import license_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb


@pytest.fixture
def anchor(process: RegistryProcess, tmp_path: Path) -> Anchor:
    return Anchor(read_roots(tmp_path / "keys" / "root.pub.pem"), "test")


@pytest.fixture
def second(
    process: RegistryProcess, certificates: Certificates, tmp_path: Path, database_url: str
) -> Iterator[Registry]:
    """Another process on the same database and keys."""
    other = RegistryProcess(certificates, tmp_path, database_url)
    other.start()
    made = Registry(other.address, certificates, database_url)
    yield made
    made.close()
    other.stop()


class Hopper:
    """Pulls from each registry in turn, as a node whose connection is balanced over both."""

    def __init__(self, registries: tuple[Registry, Registry], anchor: Anchor) -> None:
        self._stubs = cycle([each.as_(people.VERIFY).publication for each in registries])
        self._anchor = anchor
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.pulls = 0
        self.failure: Exception | None = None
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)

    def _run(self) -> None:
        trust: Trust | None = None
        bundle: Bundle | None = None
        try:
            while not self._stop.is_set():
                answer = next(self._stubs).GetBundle(
                    pb.GetBundleRequest(
                        if_none_match=bundle.etag if bundle else "",
                        accept_delta=True,
                        seq=trust.highest_seen.seq if trust else 0,
                    )
                )
                found = made(answer, bundle)
                seen = trust.highest_seen if trust else None
                # On a busy machine a process may take longer than the second that it waits for
                # what another published, and then says by its number that it is behind.
                behind = seen is not None and answer.seq < seen.seq
                if found is not None and not behind:
                    trust = Trust.from_bundle(found, self._anchor, seen)  # refuses a rollback
                    bundle = found
                self.pulls += 1
        except Exception as error:
            self.failure = error


def reads(document: license_pb2.License, trust: Trust) -> Status | None:
    return trust.lists[document.status_uri].status(document.status_index)


def up_to(trust: Trust, watermark: int) -> bool:
    return trust.manifest is not None and trust.manifest.watermark >= watermark


def test_acts_at_both_reach_the_readers_of_both_and_nothing_goes_back(
    registry: Registry, second: Registry, certificates: Certificates, anchor: Anchor
) -> None:
    both = (registry, second)
    with ExitStack() as stack:
        tls = certificates.tls(people.VERIFY)
        watchers: list[BundleWatcher] = [
            stack.enter_context(watching(each.address, tls, anchor)) for each in both
        ]
        hopper = Hopper(both, anchor)
        stack.callback(hopper.stop)
        counters = [each.as_(people.RENCHENG) for each in both]
        documents = []
        for number in range(6):  # one by one: each is seen by the readers of either
            counter = counters[number % 2]
            documents.append(licensed(counter, an_entity(counter)))
            for watcher in watchers:
                watcher.wait_for(lambda t, d=documents[-1]: reads(d, t) is Status.VALID)  # type: ignore[misc] # bound at once

        def crowd(at: Registry) -> None:
            town = Town(at)
            for _ in range(5):
                firm = town.firm()
                town.licensed(firm)
                town.revoke(firm)

        acting = [threading.Thread(target=crowd, args=[each]) for each in both]
        for thread in acting:
            thread.start()
        for thread in acting:
            thread.join()
        last = newest(registry)
        ends = [watcher.wait_for(lambda t: up_to(t, last)) for watcher in watchers]
        hopper.stop()
    assert hopper.failure is None
    assert hopper.pulls > 0
    for watcher in watchers:
        assert watcher.seqs == sorted(set(watcher.seqs))
    one, other = ends
    assert one.lists.keys() == other.lists.keys()
    for uri in one.lists:
        assert one.lists[uri].entries == other.lists[uri].entries
    assert all(reads(document, one) is Status.VALID for document in documents)
