"""kill -9 of verifying nodes at random moments under load: each answer is counted exactly once.

`python -m tests.load.usage_kills 30` kills so often and prints what it counted; 1 if anything is
wrong. An answer that arrived must have its receipt in the database, once, and be counted once; one
whose answer was lost with the node may be there, once.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

import grpc
import psycopg

from license_verify.receipt_document import open_receipt
from license_verify.rpc.client import open_channel
from license_verify.rpc.identity import Authority
from license_verify.rpc.logging import configure
from license_verify.server.usage.journal_file import PATTERN
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.usage.node_process import NodeProcess
from tests.e2e.usage.office import Office, enrol, receipt_key, trust_of
from tests.load.scratch import a_server
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import Signer, World
from yizhao.verify.v1.verify_service_pb2 import (
    BatchVerifyRequest,
    Subject,
    VerifyRequest,
    VerifyStreamRequest,
)
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

_LIFE_SECONDS: Final = 0.8
"""A node lives at most so long under load before it is killed."""
_PATIENCE: Final = 120.0
_BATCH: Final = 20
_PARTNERS: Final = ("icbank", "unicom")


@dataclass
class Report:
    """What was counted, and what was wrong."""

    kills: int = 0
    answered: int = 0
    stored: int = 0
    counted: int = 0
    asked: int = 0
    seconds: float = 0.0
    ways: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ways = ", ".join(f"{way} {count}" for way, count in sorted(self.ways.items()))
        return (
            f"{self.kills} kills; verdicts asked for {self.asked}, answered {self.answered}"
            f" ({ways}), stored {self.stored}, counted {self.counted}: of those whose answer was"
            f" lost {self.stored - self.answered} are counted, once; wrong {len(self.wrong)};"
            f" {self.seconds:.0f} s"
        )


class Asker(threading.Thread):
    """A partner that asks in one way, again and again, and keeps every receipt it was given."""

    def __init__(self, way: str, partner: str, place: tuple[str, Authorities], scan: str) -> None:
        super().__init__(name=f"{way} of {partner}", daemon=True)
        self.way = way
        self.asked = 0
        self.receipts: list[bytes] = []
        self.names: list[str] = []
        self.without: Counter[str] = Counter()
        """Verdicts that had no receipt, by reason."""
        self.stop = threading.Event()
        self._partner = partner
        self._address, self._authorities = place
        self._request = VerifyRequest(
            subject=Subject(scan=scan), purpose="banking", item_code=way, operator_reference="op-1"
        )

    def run(self) -> None:
        tls = self._authorities.client(f"partner/{self._partner}", Authority.PARTNERS)
        with open_channel(self._address, tls, deadline_seconds=5) as channel:
            stub: Any = VerifyServiceStub(channel)
            while not self.stop.is_set():
                try:
                    for verdict in self._verdicts(stub):
                        if not verdict.receipt:
                            self.without[verdict.reason] += 1
                            continue
                        self.receipts.append(verdict.receipt)
                        self.names.append(verdict.receipt_name)
                except grpc.RpcError:
                    self.stop.wait(0.02)

    def _verdicts(self, stub: Any) -> Iterator[Any]:
        if self.way == "unary":
            self.asked += 1
            yield stub.Verify(self._request)
        elif self.way == "batch":
            self.asked += _BATCH
            answer = stub.BatchVerify(BatchVerifyRequest(requests=[self._request] * _BATCH))
            yield from (each.verdict for each in answer.results)
        else:
            for answer in stub.VerifyStream(self._requests()):
                yield answer.result.verdict

    def _requests(self) -> Iterator[VerifyStreamRequest]:
        for _ in range(_BATCH):
            self.asked += 1
            yield VerifyStreamRequest(request=self._request)


def trial(server_url: str, folder: Path, kills: int, seed: int) -> Report:
    """Kill the node so often under load; what is wrong stands in the report."""
    report, started = Report(), time.monotonic()
    random = Random(seed)  # noqa: S311 - moments of kills, no secrets
    with an_office(server_url, folder) as office:
        node = NodeProcess(office, processes=2)
        with ExitStack() as stack:
            stack.callback(node.kill)
            node.start()
            askers = _askers(office, node)
            for asker in askers:
                asker.start()
            for _ in range(kills):
                threading.Event().wait(random.uniform(0.05, _LIFE_SECONDS))
                if random.random() < 0.5:
                    node.kill()
                    node.start()
                else:
                    node.kill_a_worker(random)
                report.kills += 1
            for asker in askers:
                asker.stop.set()
            for asker in askers:
                asker.join(_PATIENCE)
            node.stop()
            node.start()  # finds what the last ones left
            _await_empty(office)
            node.stop()
        _compare(office, askers, report)
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def an_office(server_url: str, folder: Path) -> Iterator[Office]:
    """A registry, a database and a key for nodes, apart from any test."""
    signer, now = Signer(), datetime.now(UTC).replace(microsecond=0)
    bare = replace(World(environment="test"), published_at=now - timedelta(seconds=3))
    listed = bare.trust_list()
    world = replace(bare, content=replace(listed, keys=(*listed.keys, receipt_key(signer))))
    authorities = Authorities.make()
    with a_registry(Publisher(world), authorities) as registry:
        office = Office(folder, authorities, world, registry.address, server_url)
        office.give_key(signer)
        enrol(server_url, *_PARTNERS)
        yield office


def _askers(office: Office, node: NodeProcess) -> list[Asker]:
    place, scan = (node.address, office.authorities), office.world.scan()
    return [
        Asker(way, partner, place, scan)
        for partner in _PARTNERS
        for way in ("unary", "batch", "stream")
    ]


def _await_empty(office: Office) -> None:
    """Wait until the journals left behind are gone: each is removed once it is empty."""
    end = time.monotonic() + _PATIENCE
    while len(list(office.journal.glob(PATTERN))) > 2:  # those of the two workers
        if time.monotonic() > end:
            raise TimeoutError("journals left behind were not taken over")
        time.sleep(0.1)


def _compare(office: Office, askers: list[Asker], report: Report) -> None:
    trust = trust_of(office.world)
    answered: set[UUID] = set()
    for asker in askers:
        report.asked += asker.asked
        report.ways[asker.way] += len(asker.receipts)
        report.wrong += [
            f"{asker.name}: no receipt, {why or 'no verdict'}" for why in sorted(asker.without)
        ]
        for document, name in zip(asker.receipts, asker.names, strict=True):
            receipt = open_receipt(document, trust)
            if name != f"receipts/{receipt.id}" or receipt.id in answered:
                report.wrong.append(f"{name} is not its own receipt's name")
            answered.add(receipt.id)
    with psycopg.connect(office.database_url) as connection:
        stored = [row[0] for row in connection.execute("SELECT receipt_id FROM receipt")]
        found = connection.execute(
            "SELECT coalesce(sum(count), 0) FROM usage_day WHERE partner <> 'page'"
        ).fetchone()
    report.answered, report.stored = len(answered), len(stored)
    report.counted = int(found[0]) if found else 0
    report.wrong += [f"lost: {id_}" for id_ in sorted(answered - set(stored), key=str)]
    if len(set(stored)) != len(stored):
        report.wrong.append("a receipt is stored twice")
    if report.counted != report.stored:
        report.wrong.append(f"{report.counted} are counted and {report.stored} stored")
    if report.stored > report.asked:
        report.wrong.append("more is counted than was asked for")
    if list(office.journal.glob(PATTERN)):
        report.wrong.append("something waits in a journal after a clean end")


def main(arguments: list[str]) -> int:
    """Kill as often as the first argument says."""
    kills = int(arguments[0]) if arguments else 30
    configure("ERROR")
    with (
        a_server() as server,
        server.clone(server.verify_template) as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        report = trial(url, Path(folder), kills, seed=kills)
    print(report)
    for each in report.wrong[:20]:
        print("  " + each)
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
