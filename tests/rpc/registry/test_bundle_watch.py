"""WatchBundle, and deltas of GetBundle."""

from pathlib import Path

import grpc
import pytest

from license_verify import Anchor, Bundle
from license_verify.rpc.errors import from_rpc_error
from license_verify.server.roots import read_roots
from tests.database import SharedServer
from tests.rpc.registry import people
from tests.rpc.registry.bundle_watcher import made, watching
from tests.rpc.registry.feed import a_person_changed, newest
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import (
    Client,
    Registry,
    an_entity,
    database_of,
    refused,
    running,
    settings,
)
from yizhao.registry.v1 import publication_service_pb2 as pb


@pytest.fixture(scope="module")
def anchor(populated: tuple[str, Path]) -> Anchor:
    return Anchor(read_roots(populated[1] / "root.pub.pem"), "test")


def test_a_watcher_sees_each_act_by_a_delta(
    registry: Registry, rencheng: Client, certificates: Certificates, anchor: Anchor
) -> None:
    with watching(registry.address, certificates.tls(people.VERIFY), anchor) as watcher:
        watcher.wait_for(lambda _: True)
        assert watcher.deltas == 0  # the first came whole
        entity = an_entity(rencheng)
        for person in ("钱试甲", "钱试乙"):
            a_person_changed(registry, entity, person)
            last = newest(registry)
            watcher.wait_for(lambda t, n=last: t.manifest is not None and t.manifest.watermark >= n)  # type: ignore[misc] # bound at once
        assert watcher.deltas >= 2
        assert watcher.seqs == sorted(set(watcher.seqs))


def test_a_watch_goes_on_from_the_etag_of_what_one_has(registry: Registry) -> None:
    client = registry.as_(people.VERIFY).publication
    first = client.GetBundle(pb.GetBundleRequest())
    watch = client.WatchBundle(pb.WatchBundleRequest(if_none_match=first.etag, seq=first.seq))
    answer = next(watch)
    assert not answer.content
    bundle = made(answer, Bundle.decode(first.content))
    assert answer.etag == (bundle.etag if bundle else first.etag)
    watch.cancel()


def test_who_has_what_is_not_known_any_more_gets_the_whole(registry: Registry) -> None:
    client = registry.as_(people.VERIFY).publication
    watch = client.WatchBundle(pb.WatchBundleRequest(if_none_match='"long ago"'))
    answer = next(watch)
    assert Bundle.decode(answer.content).etag == answer.etag
    watch.cancel()


def test_a_pull_brings_a_delta_to_who_takes_one_and_the_whole_to_others(
    registry: Registry, rencheng: Client
) -> None:
    client = registry.as_(people.VERIFY).publication
    first = client.GetBundle(pb.GetBundleRequest())
    an_entity(rencheng)
    last = newest(registry)
    while True:
        delta = client.GetBundle(
            pb.GetBundleRequest(if_none_match=first.etag, accept_delta=True, seq=first.seq)
        )
        whole = client.GetBundle(pb.GetBundleRequest(if_none_match=first.etag))
        if delta.seq == whole.seq != first.seq:
            break
    assert (whole.delta, delta.content) == (b"", b"")
    assert len(delta.delta) < len(whole.content)
    bundle = made(delta, Bundle.decode(first.content))
    assert bundle is not None
    assert bundle.encode() == whole.content
    assert bundle.read_manifest()[1].watermark <= last


def test_lists_and_trust_are_left_out_for_who_has_them(registry: Registry) -> None:
    client = registry.as_(people.VERIFY).publication
    trust = client.GetTrustList(pb.GetTrustListRequest())
    again = client.GetTrustList(pb.GetTrustListRequest(if_none_match=trust.etag))
    assert (again.content, again.etag, again.version) == (b"", trust.etag, trust.version)
    while True:  # another test's act may come between the two calls
        name = "statusLists/0"
        first = client.GetStatusList(pb.GetStatusListRequest(name=name))
        known = client.GetStatusList(pb.GetStatusListRequest(name=name, if_none_match=first.etag))
        if known.etag == first.etag:
            break
    assert first.content
    assert known.content == b""


def test_watches_are_for_services_and_officials(registry: Registry) -> None:
    with refused("ROLE_MISSING"):
        next(registry.as_(people.BANK).publication.WatchBundle(pb.WatchBundleRequest()))


def test_watches_beyond_the_bound_are_refused_and_pulls_are_not(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> None:
    with postgres.clone(database_of(populated[0])) as url:
        config = settings(certificates, populated[1], url)
        with running(config.model_copy(update={"bundle_watches": 1}), certificates) as registry:
            client = registry.as_(people.VERIFY).publication
            watch = client.WatchBundle(pb.WatchBundleRequest())
            next(watch)
            with refused("TOO_MANY_WATCHES", limit="1"):
                next(client.WatchBundle(pb.WatchBundleRequest()))
            assert client.GetBundle(pb.GetBundleRequest()).content
            watch.cancel()


def test_a_draining_server_ends_its_bundle_watches_and_says_why(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> None:
    with postgres.clone(database_of(populated[0])) as url:
        config = settings(certificates, populated[1], url)
        with running(config, certificates) as registry:
            watch = registry.client(certificates.tls(people.VERIFY)).publication.WatchBundle(
                pb.WatchBundleRequest()
            )
            next(watch)
        with pytest.raises(grpc.RpcError) as ended:
            list(watch)
        failure = from_rpc_error(ended.value)
        assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "SERVER_DRAINING")
