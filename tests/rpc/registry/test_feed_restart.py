"""The feed while the registry stops and starts again."""

import time
from pathlib import Path

import grpc
import pytest

from license_verify.rpc.errors import from_rpc_error
from tests.database import SharedServer
from tests.rpc.registry import people
from tests.rpc.registry.feed import acts, everything, newest, subscribed
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import database_of, running, settings
from yizhao.registry.v1 import publication_service_pb2 as pb


def test_a_draining_server_ends_its_watches_at_once_and_says_why(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> None:
    with postgres.clone(database_of(populated[0])) as url:
        config = settings(certificates, populated[1], url).model_copy(
            update={"drain_seconds": 60.0}
        )
        with running(config, certificates) as registry:
            watch = registry.client(certificates.tls(people.VERIFY)).publication.WatchEvents(
                pb.WatchEventsRequest()
            )
            next(watch)
            started = time.monotonic()
        assert time.monotonic() - started < 30  # not the grace that other calls have
        with pytest.raises(grpc.RpcError) as ended:
            list(watch)
        failure = from_rpc_error(ended.value)
        assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "SERVER_DRAINING")


def test_a_subscriber_sees_the_whole_feed_across_restarts(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> None:
    with postgres.clone(database_of(populated[0])) as url:
        config = settings(certificates, populated[1], url)
        with running(config, certificates) as registry:
            acts(registry, 2)
            config = config.model_copy(update={"listen": registry.address})
        with running(config, certificates) as registry:
            following = subscribed(registry, people.VERIFY)
            subscriber = following.__enter__()
            subscriber.wait_for(newest(registry))
            acts(registry, 2)
        for _ in range(2):
            with running(config, certificates) as registry:
                acts(registry, 3)
                last = newest(registry)
                subscriber.wait_for(last)
        try:
            assert subscriber.seen == everything(registry)
            assert len(subscriber.seen) == 10
        finally:
            following.__exit__(None, None, None)
