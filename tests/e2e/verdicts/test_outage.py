"""The registry is killed under load: nothing fails, ages grow, and what can't be known any more is
said to be so. The registry is a process of its own; the node's clock is ours."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from license_verify import HighestSeen
from license_verify.rpc.client import open_channel
from license_verify.server.composition import serving
from tests.database import SharedServer
from tests.e2e.beside import node_settings
from tests.e2e.page.node import until
from tests.e2e.recovery.town import Town
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.test_entity_acts import suspended
from tests.rpc.registry.world import Registry
from tests.rpc.verify.logs import Log, configured_log
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

READERS = 3
MORE = 200
"""Verdicts that each reader still asks for once the registry is dead."""
Told = tuple[str, str, str]


@dataclass
class Clock:
    """The machine's, moved on by hand."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Node:
    """A node, asked as a bank does."""

    stub: Any

    def verdict(self, scan: str, purpose: str = "") -> verdict_pb2.Verdict:
        request = VerifyRequest(subject=Subject(scan=scan), purpose=purpose)
        found: verdict_pb2.Verdict = self.stub.Verify(request)
        return found

    def told(self, scan: str, purpose: str = "") -> Told:
        """Outcome, status and deciding reason."""
        found = self.verdict(scan, purpose)
        return (
            verdict_pb2.Outcome.Name(found.outcome).removeprefix("OUTCOME_"),
            verdict_pb2.Status.Name(found.status).removeprefix("STATUS_"),
            found.reason,
        )

    def age(self, scan: str) -> timedelta:
        age: timedelta = self.verdict(scan).freshness.manifest_age.ToTimedelta()
        return age

    def source(self, scan: str) -> str:
        source = self.verdict(scan).freshness.source
        return verdict_pb2.Freshness.Source.Name(source).removeprefix("SOURCE_")


@dataclass
class City:
    """A registry process with one firm of each kind, as scan texts by status."""

    process: RegistryProcess
    certificates: Certificates
    folder: Path
    log: Log
    scans: dict[str, str]

    @contextmanager
    def node(self, clock: Clock) -> Iterator[Node]:
        """A node whose cache stays from one to the next."""
        root = self.process.root_key
        config = node_settings(self.certificates, self.folder, self.process.address, root=root)
        with (
            serving(config, now=clock) as (rpc, _),
            open_channel(
                rpc.address, self.certificates.tls(people.BANK), deadline_seconds=30
            ) as channel,
        ):
            yield Node(VerifyServiceStub(channel))

    def kept(self) -> bool:
        """Whether the cache has all that the node took."""
        written = self.folder / "cache" / "highest-seen.json"
        taken = self.log.lines("bundle.taken")[-1]["seq"]
        return written.exists() and HighestSeen.from_json(written.read_text()).seq == taken

    def in_step(self, node: Node) -> bool:
        return all(node.told(scan)[1] == status for status, scan in self.scans.items())


@pytest.fixture(scope="module")
def started(
    postgres: SharedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RegistryProcess, Certificates, dict[str, str]]]:
    """A registry process with its firms, for all tests; each may leave it dead."""
    folder = tmp_path_factory.mktemp("outage")
    certificates = Certificates(folder / "ca")
    with postgres.clone() as url:
        process = RegistryProcess(certificates, folder, url)
        process.start()
        registry = Registry(process.address, certificates, url)
        yield process, certificates, licensed(Town(registry))
        registry.close()
        process.stop()


def licensed(town: Town) -> dict[str, str]:
    """Scan texts of licences, by the status that each then came to."""
    kinds = ("VALID", "SUSPENDED", "SUPERSEDED", "REVOKED")
    firms = {status: town.firm() for status in kinds}
    scans = {status: town.licensed(firm) for status, firm in firms.items()}
    suspended(town.counter, firms["SUSPENDED"].name)
    town.change(town.read(firms["SUPERSEDED"]), "孙试改")
    town.revoke(firms["REVOKED"])
    return scans


@pytest.fixture
def city(
    started: tuple[RegistryProcess, Certificates, dict[str, str]], tmp_path: Path
) -> Iterator[City]:
    """The registry runs; the node's cache is empty."""
    process, certificates, scans = started
    if not process.runs:
        process.start()
    with configured_log() as log:
        yield City(process, certificates, tmp_path, log, scans)


class Readers:
    """Threads that ask for verdicts until each has asked often enough after the kill."""

    def __init__(self, city: City, node: Node) -> None:
        self._city, self._node = city, node
        self._killed, self.began = threading.Event(), threading.Event()
        self.failed: list[BaseException] = []
        self.told: Counter[tuple[str, Told]] = Counter()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._read) for _ in range(READERS)]

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._killed.set()
        for thread in self._threads:
            thread.join()

    def _read(self) -> None:
        left = MORE
        while left:
            left -= self._killed.is_set()
            for status, scan in self._city.scans.items():
                try:
                    told = self._node.told(scan)
                except BaseException as error:  # the test tells of it
                    self.failed.append(error)
                    return
                with self._lock:
                    self.told[status, told] += 1
            self.began.set()


NO: dict[str, Told] = {
    "SUSPENDED": ("INVALID", "SUSPENDED", "STATUS_SUSPENDED"),
    "SUPERSEDED": ("INVALID", "SUPERSEDED", "STATUS_SUPERSEDED"),
    "REVOKED": ("INVALID", "REVOKED", "STATUS_REVOKED"),
}
FRESH: dict[str, Told] = {"VALID": ("VALID", "VALID", "OK"), **NO}
STALE: dict[str, Told] = {
    **dict.fromkeys(FRESH, ("INDETERMINATE", "UNKNOWN", "DATA_STALE")),
    "REVOKED": NO["REVOKED"],
}


def answers(city: City, node: Node, purpose: str = "") -> dict[str, Told]:
    return {status: node.told(scan, purpose) for status, scan in city.scans.items()}


def test_a_registry_that_is_killed_under_load_fails_no_verification(city: City) -> None:
    clock = Clock()
    with city.node(clock) as node:
        until(lambda: city.in_step(node))
        with Readers(city, node) as readers:
            assert readers.began.wait(60)
            city.process.kill()
        assert readers.failed == []
        assert set(readers.told) == set(FRESH.items())
        assert min(readers.told.values()) >= READERS * MORE
        until(lambda: node.source(city.scans["VALID"]) == "CACHED")


def test_ages_grow_until_each_purpose_is_told_that_nothing_is_established(city: City) -> None:
    clock = Clock()
    with city.node(clock) as node:
        until(lambda: city.in_step(node))
        city.process.kill()
        scan = city.scans["VALID"]
        before = node.age(scan)
        clock.ahead = timedelta(minutes=20)
        assert node.age(scan) - before >= timedelta(minutes=20)
        assert answers(city, node) == FRESH
        assert answers(city, node, "banking") == STALE  # a bank allows a quarter of an hour
        clock.ahead = timedelta(hours=25)
        assert answers(city, node) == STALE
        assert answers(city, node, "inspection") == STALE
        assert answers(city, node, "offline-counter") == FRESH
        clock.ahead = timedelta(days=15)
        assert answers(city, node, "offline-counter") == STALE


def test_a_node_started_with_its_cache_alone_answers_until_the_registry_is_back(
    city: City,
) -> None:
    clock = Clock()
    with city.node(clock) as node:
        until(lambda: city.in_step(node))
        until(city.kept)
        seen = node.age(city.scans["VALID"])
    city.process.kill()
    with city.node(clock) as node:
        assert node.source(city.scans["VALID"]) == "CACHED"
        assert node.age(city.scans["VALID"]) >= seen
        assert answers(city, node) == FRESH
        clock.ahead = timedelta(hours=25)
        assert answers(city, node)["VALID"] == STALE["VALID"]
        clock.ahead = timedelta(0)
        city.process.start()
        until(lambda: node.source(city.scans["VALID"]) == "LIVE")
        until(lambda: city.in_step(node))


def test_a_purpose_that_demands_the_live_register_is_told_that_it_is_away(city: City) -> None:
    with city.node(Clock()) as node:
        until(lambda: city.in_step(node))
        until(lambda: node.told(city.scans["VALID"], "investigation")[0] == "VALID")
        city.process.kill()
        assert answers(city, node, "investigation") == {
            **FRESH,
            "VALID": ("INDETERMINATE", "UNKNOWN", "LIVE_RECORD_REQUIRED"),
        }
