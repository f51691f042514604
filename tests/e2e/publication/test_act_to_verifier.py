"""An act at the counter reaches a verifying node that runs: by watch, by pull, after trouble."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from license_verify.rpc.client import open_channel
from license_verify.server.composition import serving
from tests.e2e.beside import node_settings
from tests.e2e.page.node import until
from tests.e2e.recovery.town import Town
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry
from tests.rpc.verify.logs import Log
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

NEVER = 3600
"""Seconds between two pulls: what comes in such a test comes by watch."""


@dataclass
class Node:
    """A node, asked as a bank does."""

    stub: Any

    def verdict(self, scan: str) -> verdict_pb2.Verdict:
        found: verdict_pb2.Verdict = self.stub.Verify(VerifyRequest(subject=Subject(scan=scan)))
        return found

    def says(self, scan: str, status: str) -> bool:
        return verdict_pb2.Status.Name(self.verdict(scan).status) == f"STATUS_{status}"

    def is_live(self, scan: str) -> bool:
        return self.verdict(scan).freshness.source == verdict_pb2.Freshness.SOURCE_LIVE


@contextmanager
def a_node(
    certificates: Certificates, folder: Path, registry: str, refresh_seconds: float
) -> Iterator[Node]:
    config = node_settings(certificates, folder, registry, refresh_seconds=refresh_seconds)
    with (
        serving(config) as (rpc, _),
        open_channel(rpc.address, certificates.tls(people.BANK), deadline_seconds=20) as channel,
    ):
        yield Node(VerifyServiceStub(channel))


def acts_arrive(registry: Registry, node: Node) -> None:
    """A licence is issued and revoked, and the node says so each time, from live data."""
    town = Town(registry)
    firm = town.firm()
    scan = town.licensed(firm)
    until(lambda: node.says(scan, "VALID"), 60)
    town.revoke(firm)
    until(lambda: node.says(scan, "REVOKED"), 60)
    until(lambda: node.is_live(scan), 60)


def test_an_act_reaches_a_node_that_watches_without_a_pull(
    registry: Registry, certificates: Certificates, tmp_path: Path, log: Log
) -> None:
    with a_node(certificates, tmp_path, registry.address, NEVER) as node:
        acts_arrive(registry, node)
    assert log.lines("bundle.refused") == []


@pytest.fixture
def crowded(registry: Registry) -> Iterator[None]:
    """All places for watches are taken by somebody else."""
    with ExitStack() as stack:
        client = registry.as_(people.AUDITOR).publication
        for _ in range(2):
            watch = client.WatchBundle(pb.WatchBundleRequest())
            next(watch)
            stack.callback(watch.cancel)
        yield


class TestWithoutAPlace:
    """At a registry that has no place for one more watch."""

    @pytest.fixture
    def process(
        self, certificates: Certificates, tmp_path: Path, database_url: str
    ) -> Iterator[RegistryProcess]:
        few = {"YIZHAO_REGISTRY_BUNDLE_WATCHES": "2"}
        made = RegistryProcess(certificates, tmp_path, database_url, environ=few)
        made.start()
        yield made
        made.stop()

    @pytest.mark.usefixtures("crowded")
    def test_an_act_reaches_a_node_that_pulls(
        self, registry: Registry, certificates: Certificates, tmp_path: Path, log: Log
    ) -> None:
        with a_node(certificates, tmp_path, registry.address, 0.05) as node:
            acts_arrive(registry, node)
        ended = log.lines("bundle.watch_ended")  # one a minute
        assert {each["code"] for each in ended} == {"RESOURCE_EXHAUSTED"}


def test_a_node_goes_on_watching_after_the_registry_was_killed_and_started_again(
    process: RegistryProcess,
    registry: Registry,
    certificates: Certificates,
    tmp_path: Path,
    log: Log,
) -> None:
    town = Town(registry)
    with a_node(certificates, tmp_path, registry.address, 0.05) as node:
        firm = town.firm()
        scan = town.licensed(firm)
        until(lambda: node.says(scan, "VALID"), 60)
        process.kill()
        until(lambda: not node.is_live(scan), 60)
        assert node.says(scan, "VALID")
        process.start()
        until(lambda: node.is_live(scan), 60)
        town.revoke(firm)
        until(lambda: node.says(scan, "REVOKED"), 60)
    assert log.lines("bundle.refused") == []
