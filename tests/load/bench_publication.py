"""`python -m tests.load.bench_publication [licences] [changes] [burst]`: from act to verifier.

One status list with so many entries, 5 % of them not valid, strewn at random over the six statuses,
which compresses worst. What one change costs the publisher, one at a time; then a registry process
with a node that watches it: revocations one by one until the node says so, and a burst of issued
licences, which editions gather.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, LiteralString

import psycopg

from license_verify import Anchor, Status
from license_verify.limits import STATUS_ENTRIES, STATUS_LIST_BYTES
from license_verify.lists.delta import Delta
from license_verify.rpc.client import open_channel
from license_verify.rpc.logging import configure
from license_verify.server.bundles import Bundles
from license_verify.server.roots import read_roots
from license_verify.server.store import BundleStore
from registry_service.composition import utc_now
from registry_service.config import Config
from registry_service.domain.event import Event
from registry_service.issuing.signer import KeyRing
from registry_service.operations.publisher import Publisher
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.store.publishing import publishing
from registry_service.store.transaction import Store
from registry_service.waterline import Waterline
from tests.e2e.recovery.town import BASIS, Town
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.load.sizes import milliseconds
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.second import answered
from tests.rpc.registry.world import HOST, Registry, a_request_id, settings
from yizhao.registry.v1 import entity_service_pb2, license_pb2, license_service_pb2
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub

LICENCES: Final = 1_000_000
CHANGES: Final = 200
BURST: Final = 1_000
_WANTED_KIB: Final = 80
_HANDS: Final = 8
_LOOK_SECONDS: Final = 0.001
_LIST: Final = f"https://{HOST}/s/0"
_FILL: tuple[LiteralString, ...] = (
    "SET LOCAL session_replication_role = replica",
    "SELECT setseed(0.5)",
    """
    INSERT INTO entity (entity_no, uscc, state, version, revision, created_at, updated_at)
    SELECT n, 'bare-' || n, 'active', 1, 1, now(), now() FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO status_entry (entity_no, list_no, idx, own)
    SELECT n, 0, n - 1, CASE WHEN random() < 0.05
               THEN (ARRAY[2, 3, 12, 13, 14, 15])[1 + floor(6 * random())::integer] ELSE 0 END
      FROM generate_series(1, %(count)s) AS n
    """,
    "SELECT setval('entity_no_seq', %(count)s)",
    "SELECT setval('status_entry_seq', %(count)s - 1)",
)
"""Entities that are no more than a number, with an entry each: all that publication reads."""


def main(arguments: list[str]) -> int:
    """Measure, and print a line for each part; 1 if the list is longer than wanted."""
    count, changes, burst = (
        int(given) if given else usual
        for given, usual in zip([*arguments, "", "", ""], (LICENCES, CHANGES, BURST), strict=False)
    )
    if count + changes + burst + 1 > STATUS_ENTRIES:
        sys.stderr.write(f"a list has {STATUS_ENTRIES} entries\n")
        return 2
    configure("WARNING")
    with tempfile.TemporaryDirectory(prefix="yizhao-publication-") as name, a_server() as server:
        folder = Path(name)
        certificates = Certificates(folder / "ca")
        with server.clone() as url:
            process = RegistryProcess(certificates, folder, url)
            _fill(url, count)
            listed = _measure_publisher(settings(certificates, folder / "keys", url), changes)
            process.start()
            registry = Registry(process.address, certificates, url)
            try:
                with _a_node(folder, registry) as node:
                    _measure_acts(registry, node, changes)
                    _measure_burst(registry, node, burst)
            finally:
                registry.close()
                process.stop()
    return int(listed > _WANTED_KIB * 1024)


def _fill(url: str, count: int) -> None:
    with psycopg.connect(url) as connection:
        for statement in _FILL:
            connection.execute(statement, {"count": count})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _measure_publisher(config: Config, changes: int) -> int:
    """Publish after each of so many changes; the bytes of the list."""
    with Store(config.database_url.get_secret_value(), 2) as store:
        with store.transaction() as tx:
            ring = KeyRing.open(config.keys, tx.keys.active(), None)
        guard = RestoreGuard(Waterline(config.waterline_file))
        publisher = Publisher(store, ring, utc_now, guard=guard)
        with publishing(store) as database:
            started = time.monotonic()
            before = publisher.publish(database)
            first = time.monotonic() - started
            took, busy, sizes = [], [], []
            for number in range(1, changes + 1):
                _change(store, 17 * number)
                started, worked = time.perf_counter(), time.process_time()
                edition = publisher.publish(database)
                took.append(time.perf_counter() - started)
                busy.append(time.process_time() - worked)
                sizes.append(len(Delta.between(before.bundle, edition.bundle).encode()))
                before = edition
    listed, whole = len(before.bundle.lists[_LIST]), len(before.content)
    _tell(
        f"list {listed / 1024:.1f} KiB of {STATUS_LIST_BYTES // 1024} (wanted {_WANTED_KIB}); "
        f"bundle {whole} bytes, delta of one change at most {max(sizes)}; first edition, every "
        f"entry read, {first:.1f} s"
    )
    _tell(
        f"publication after one change, {changes} times: {_told(took)}, of which the processor "
        f"{_told(busy)}"
    )
    return listed


def _change(store: Store, number: int) -> None:
    """An act on one document, as far as publication sees it."""
    with store.transaction() as tx:
        tx.status_entries.set_own(number, 0, number - 1, Status.LOST_VOID)
        tx.events.add(
            Event(
                number, 2, "license.voided", "licenses/1", "active", "0101", "任秋实", 11,
                "spiffe://jining.yizhao.test/staff/0101", "", date(2026, 11, 2), utc_now(),
            )
        )  # fmt: skip


class _Node:
    """A verifier's data, and what it says of a document."""

    def __init__(self, bundles: Bundles) -> None:
        self._bundles = bundles

    @property
    def seq(self) -> int:
        return self._bundles.current().trust.highest_seen.seq

    def await_status(self, document: license_pb2.License, status: Status) -> None:
        looking = threading.Event()
        while True:
            listed = self._bundles.current().trust.lists.get(document.status_uri)
            if listed is not None and listed.status(document.status_index) is status:
                return
            looking.wait(_LOOK_SECONDS)


@contextmanager
def _a_node(folder: Path, registry: Registry) -> Iterator[_Node]:
    tls = registry.certificates.tls(people.VERIFY)
    (folder / "cache").mkdir()
    with open_channel(registry.address, tls) as channel:
        bundles = Bundles(
            PublicationServiceStub(channel),
            BundleStore(folder / "cache"),
            Anchor(read_roots(folder / "keys" / "root.pub.pem"), "test"),
            refresh_seconds=1.0,
            jitter=lambda: 0.5,
        )
        bundles.start()
        try:
            yield _Node(bundles)
        finally:
            bundles.stop()


def _measure_acts(registry: Registry, node: _Node, count: int) -> None:
    """Revoke so many, each once the node says that its licence is valid."""
    town = Town(registry)
    from_call, from_answer = [], []
    for _ in range(count):
        firm = town.firm()
        document = _issue(registry, firm.name)
        node.await_status(document, Status.VALID)
        asked = town.counter.entities.RevokeEntity(
            entity_service_pb2.RevokeEntityRequest(
                name=firm.name,
                expected_business_name=firm.face.business_name,
                basis=BASIS,
                request_id=a_request_id(),
            )
        )
        called = time.perf_counter()
        answered(registry, asked)
        done = time.perf_counter()
        node.await_status(document, Status.REVOKED)
        seen = time.perf_counter()
        from_call.append(seen - called)
        from_answer.append(seen - done)
    _tell(
        f"revocation to a verifier that watches, {count} times: from the call {_told(from_call)}, "
        f"longest {max(from_call) * 1000:.0f} (wanted 2,000); from the answer {_told(from_answer)}"
    )


def _measure_burst(registry: Registry, node: _Node, count: int) -> None:
    """Issue so many licences as fast as some counters can."""
    town = Town(registry)
    with ThreadPoolExecutor(_HANDS) as hands:
        firms = list(hands.map(lambda _: town.firm().name, range(count)))
        before, started = node.seq, time.monotonic()
        documents = list(hands.map(lambda firm: _issue(registry, firm), firms))
        issued = time.monotonic() - started
    for document in documents:
        node.await_status(document, Status.VALID)
    behind = time.monotonic() - started - issued
    _tell(
        f"burst of {count} licences issued in {issued:.1f} s: {node.seq - before} editions; the "
        f"verifier had all of them {behind:.2f} s after the last answer"
    )


def _issue(registry: Registry, firm: str) -> license_pb2.License:
    request = license_service_pb2.IssueLicenseRequest(parent=firm, request_id=a_request_id())
    issued: license_pb2.License = registry.as_(people.RENCHENG).licenses.IssueLicense(request)
    return issued


def _told(seconds: list[float]) -> str:
    p50, p99 = milliseconds(seconds)
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
