"""Several nodes: calls in turn, one that drains, goes away or comes back; renewed certificates."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.sdk import IdentityFiles
from license_verify import Status
from license_verify.rpc.tls import TlsFiles
from tests.e2e.page.node import until
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.sdk.conftest import Opener
from tests.e2e.sdk.nodes import (
    FIRST,
    SECOND,
    THIRD,
    Client,
    Load,
    Pair,
    Processes,
    bank,
    of_scan,
)
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import World
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import VerifyRequest


def answering(client: Client, scan: str, calls: int = 8) -> set[verdict_pb2.Status.ValueType]:
    """Which nodes answer so many calls."""
    return {client.verify_scan(scan).status for _ in range(calls)}


def test_calls_go_to_each_node_in_turn(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    with opened(pair.addresses, bank(authorities)) as client:
        until(lambda: answering(client, world.scan()) == {FIRST, SECOND})


def test_a_node_without_data_gets_no_calls_until_it_has_some(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    pair.start(Status.REVOKED, spoil=b"no bundle")
    with opened(pair.addresses, bank(authorities), 60, connections=2) as client:
        until(lambda: answering(client, world.scan()) == {FIRST, SECOND})
        # In turn, no 40 calls would miss a node.
        assert answering(client, world.scan(), 40) == {FIRST, SECOND}
        pair.publishers[2].spoil = None
        until(lambda: answering(client, world.scan(), 12) == {FIRST, SECOND, THIRD})


def test_a_node_drains_without_a_failed_call_and_is_not_held_up_by_health_watches(
    pair: Pair, authorities: Authorities, world: World, opened: Opener
) -> None:
    scan = world.scan()
    with opened(pair.addresses, bank(authorities), 60, connections=2) as client:
        until(lambda: answering(client, scan) == {FIRST, SECOND})
        with Load(*[lambda: check(client, scan)] * 6) as load:
            load.go_on()
            drained = threading.Thread(target=pair.servers[0].drain, args=(3_600,))
            drained.start()
            drained.join(120)
            load.go_on()
            assert not drained.is_alive()
        assert load.failures == []
        assert answering(client, scan) == {SECOND}


def check(client: Client, scan: str) -> None:
    assert client.verify_scan(scan).proof == verdict_pb2.PROOF_SIGNED


@pytest.fixture
def processes(
    log: Log, tmp_path: Path, authorities: Authorities, world: World
) -> Iterator[Processes]:
    with (
        a_registry(Publisher(world), authorities) as registry,
        Processes(tmp_path, authorities, world, registry.address) as two,
    ):
        two.start(0)
        two.start(1)
        yield two


def test_killing_nodes_in_turn_under_load_fails_no_call_batch_or_stream(
    processes: Processes, authorities: Authorities, world: World, opened: Opener
) -> None:
    scan, valid = world.scan(), verdict_pb2.OUTCOME_VALID

    with opened(processes.addresses, bank(authorities), 60, connections=2) as client:

        def single() -> None:
            assert client.verify_scan(scan).outcome == valid

        def batch() -> None:
            found = client.batch_verify([of_scan(scan)] * 1_500)
            assert [each.verdict.outcome for each in found] == [valid] * 1_500

        def stream() -> None:
            texts = [scan, "hello", scan[:-1]] * 60
            found = [each.verdict.outcome for each in client.stream(map(of_scan, texts))]
            assert found == [valid, *[verdict_pb2.OUTCOME_INVALID] * 2] * 60

        with Load(single, single, single, batch, stream) as load:
            load.go_on()
            for number in (0, 1):
                processes.running[number].kill()
                processes.running[number].wait()
                load.go_on()
                processes.start(number)
                processes.await_check(number)  # the client has found it again
                load.go_on()
        assert load.failures == []


@pytest.fixture
def files(tmp_path: Path, authorities: Authorities) -> IdentityFiles:
    write(tmp_path, bank(authorities))
    certificate, key, roots = (tmp_path / name for name in ("cert.pem", "key.pem", "ca.pem"))
    return IdentityFiles(certificate, key, [roots], look_seconds=0)


def write(folder: Path, tls: TlsFiles, *, key: bool = True) -> None:
    (folder / "cert.pem").write_bytes(tls.certificate)
    (folder / "ca.pem").write_bytes(tls.roots)
    if key:
        (folder / "key.pem").write_bytes(tls.key)


def callers(log: Log) -> set[str]:
    lines = log.lines("rpc.call")
    return {str(each["caller"]) for each in lines if "VerifyService" in str(each["method"])}


def test_a_renewed_certificate_is_shown_by_new_calls_while_old_ones_end_in_peace(
    pair: Pair,
    authorities: Authorities,
    world: World,
    opened: Opener,
    tmp_path: Path,
    files: IdentityFiles,
    log: Log,
) -> None:
    scan, go_on = world.scan(), threading.Event()

    def slowly() -> Iterator[VerifyRequest]:
        yield of_scan(scan)
        go_on.wait(60)
        yield of_scan("hello")

    with opened(pair.addresses, files, 60) as client:
        stream = client.stream(slowly())
        assert next(stream).verdict.proof == verdict_pb2.PROOF_SIGNED
        with Load(*[lambda: check(client, scan)] * 4) as load:
            load.go_on()
            assert callers(log) == {"partner/icbank"}
            write(tmp_path, bank(authorities, "partner/icbank-2"), key=False)
            load.go_on()
            assert callers(log) == {"partner/icbank"}
            write(tmp_path, renewed := bank(authorities, "partner/icbank-3"))
            until(lambda: callers(log) == {"partner/icbank", "partner/icbank-3"})
            load.go_on()
        assert load.failures == []
        assert files.current() == renewed
        go_on.set()
        assert [each.verdict.reason for each in stream] == ["SCAN_MALFORMED"]
