"""A node as operators run it: a process, its log, its metrics, and clients that retry."""

import json
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from prometheus_client.parser import text_string_to_metric_families

from license_verify.rpc.identity import Authority
from tests.e2e.page.node import Node, until
from tests.e2e.page.test_process import started
from tests.rpc.verify.authority import Authorities

_RETRYING = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                "waitForReady": True,
                "retryPolicy": {
                    "maxAttempts": 5,
                    "initialBackoff": "0.2s",
                    "maxBackoff": "5s",
                    "backoffMultiplier": 2,
                    # gRPC's server drops what it had not begun when it ends: CANCELLED, though
                    # nobody cancelled. docs/operations.md tells clients to repeat both.
                    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
                },
            }
        ],
    }
)


def scraped(address: str) -> str:
    """What Prometheus would get from a listener."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://{address}/metrics", timeout=30) as answer:
        return str(answer.read().decode())


class Running:
    """A process and what it says. Its pipes are read all the time, or it would stand still."""

    def __init__(
        self, process: subprocess.Popen[str], authorities: Authorities, *, supervises: bool
    ) -> None:
        self.process = process
        self._supervises = supervises
        self.authorities = authorities
        self.log: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        # Workers say that they serve too; one that has a supervisor is not the last to say it.
        until(lambda: bool(self._serving()))
        line = self._serving()[-1]
        self.node = Node(str(line["address"]), str(line["page"]), authorities)
        self.metrics_address = str(line["metrics"])
        until(lambda: self.node.has("live"))

    def lines(self, event: str) -> list[dict[str, Any]]:
        """Log lines of an event."""
        return [line for line in self.log if line["event"] == event]

    def metrics(self) -> str:
        """What Prometheus would get."""
        return scraped(self.metrics_address)

    def value(self, name: str, **labels: str) -> float:
        """Sum of the samples of a name that have these labels; workers are added up."""
        return sum(value for _, value in self.samples(name, **labels))

    def samples(self, name: str, **labels: str) -> list[tuple[dict[str, str], float]]:
        """Labels and value of those samples."""
        return [
            (sample.labels, sample.value)
            for family in text_string_to_metric_families(self.metrics())
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]

    def workers(self) -> set[int]:
        """Ids of the living worker processes."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(each) for each in path.read_text().split()}

    def kill(self) -> None:
        """End it, and read its log to the end: that of its workers, who end when it does."""
        self.process.kill()
        self._reader.join()

    def ended(self) -> int:
        """Its exit code, waited for."""
        code = self.process.wait(timeout=60)
        self._reader.join()
        return code

    def _serving(self) -> list[dict[str, Any]]:
        many = [line for line in self.lines("verify.serving") if "processes" in line]
        return many if self._supervises else self.lines("verify.serving")

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(json.loads(line))


@contextmanager
def running(told: dict[str, str], authorities: Authorities) -> Iterator[Running]:
    with started(told) as process:
        made = Running(
            process,
            authorities,
            supervises="YIZHAO_VERIFY_PROCESSES" in told and told["YIZHAO_VERIFY_PROCESSES"] != "1",
        )
        try:
            yield made
        finally:
            made.kill()


@contextmanager
def a_retrying_channel(
    authorities: Authorities, *addresses: str, apart: int = 0
) -> Iterator[grpc.Channel]:
    """What a careful client opens over all nodes: it goes round, and tries again what an ending
    node left. `apart` keeps channels from sharing a connection."""
    tls = authorities.client("partner/icbank", Authority.PARTNERS)
    options = [("grpc.service_config", _RETRYING), ("apart", apart)]
    target = f"ipv4:{','.join(addresses)}"
    options.append(("grpc.ssl_target_name_override", "localhost"))
    with grpc.secure_channel(target, tls.channel_credentials(), options=options) as channel:
        yield channel
