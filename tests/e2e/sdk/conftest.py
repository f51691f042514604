"""Certificates, a published world, two nodes, and a client of either kind."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest

from license_verify import Status
from tests.e2e.sdk.nodes import KINDS, NAME, Client, Pair
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log, configured_log
from tests.unit.verify.world import World


class Opener(Protocol):
    """`VerifyClient.open` or its namesake for asyncio."""

    def __call__(
        self, addresses: Any, identity: Any, timeout_seconds: float = 20, **more: Any
    ) -> AbstractContextManager[Client]: ...


@pytest.fixture(scope="session")
def authorities() -> Authorities:
    return Authorities.make()


@pytest.fixture
def world() -> World:
    """Published three seconds ago by this machine's clock."""
    now = datetime.now(UTC).replace(microsecond=0)
    return replace(World(environment="test"), published_at=now - timedelta(seconds=3))


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


@pytest.fixture
def pair(log: Log, tmp_path: Path, authorities: Authorities, world: World) -> Iterator[Pair]:
    started = Pair(tmp_path, authorities, world)
    try:
        for status in (Status.VALID, Status.SUSPENDED):
            started.start(status)
        yield started
    finally:
        started.end()


@pytest.fixture(params=list(KINDS))
def opened(request: pytest.FixtureRequest) -> Opener:
    """Opens a client of either kind."""
    opener: Opener = partial(KINDS[request.param], server_name=NAME)
    return opener
