"""Clients that go on calling while a node drains, and remember what went wrong."""

import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import grpc
import httpx

from license_verify.rpc.identity import Authority
from tests.e2e.operations.running import a_retrying_channel
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import HOST
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

_CLIENTS = 4


class Load:
    """Calls and pages, counted by how they ended."""

    def __init__(self, scan: str) -> None:
        self.ended: Counter[str] = Counter()
        self._scan = scan
        self._stop = threading.Event()
        self._turn = threading.Lock()

    def good(self) -> int:
        """Calls and pages that were answered."""
        return self.ended["call OK"] + self.ended["page 200"]

    def bad(self) -> dict[str, int]:
        """How many ended otherwise, and how."""
        return {k: v for k, v in self.ended.items() if k not in ("call OK", "page 200")}

    def stop(self) -> None:
        self._stop.set()

    def call(self, channel: grpc.Channel) -> None:
        """One caller, until it is stopped."""
        stub = VerifyServiceStub(channel)
        request = VerifyRequest(subject=Subject(scan=self._scan))
        while not self._stop.is_set():
            try:
                answer = stub.Verify(request, timeout=30)
                valid = answer.outcome == verdict_pb2.OUTCOME_VALID
                self._tell("call OK" if valid else f"call {answer.reason}")
            except grpc.RpcError as error:
                self._tell(f"call {error.code()} {error.details()}")

    def browse(self, address: str, trusted: ssl.SSLContext) -> None:
        """One phone after another: each opens a connection, and as browsers do once more if that
        was closed under it before it was answered."""
        url = f"https://{address}{self._scan.removeprefix(f'https://{HOST}')}"
        while not self._stop.is_set():
            for last in (False, False, True):
                try:
                    answer = httpx.get(
                        url, headers={"Host": HOST}, verify=trusted, trust_env=False, timeout=30
                    )
                    self._tell(f"page {answer.status_code}")
                    break
                except httpx.TransportError as error:
                    if last:
                        self._tell(f"page {type(error).__name__}")

    def _tell(self, how: str) -> None:
        with self._turn:
            self.ended[how] += 1


@contextmanager
def load(
    scan: str, authorities: Authorities, calls: tuple[str, ...], page: str = ""
) -> Iterator[Load]:
    """Load on all nodes of `calls`, and on one page, until the block ends."""
    made = Load(scan)
    trusted = ssl.create_default_context(cadata=authorities.of[Authority.SERVICES].pem.decode())
    with ExitStack() as stack:
        channels = [
            stack.enter_context(a_retrying_channel(authorities, *calls, apart=number))
            for number in range(_CLIENTS)
        ]
        threads = [threading.Thread(target=made.call, args=(each,)) for each in channels]
        if page:
            threads.append(threading.Thread(target=made.browse, args=(page, trusted)))
        for thread in threads:
            thread.start()
        try:
            yield made
        finally:
            made.stop()
            for thread in threads:
                thread.join()
