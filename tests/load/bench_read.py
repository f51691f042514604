"""`python -m tests.load.bench_read [reads] [sizes …]`: what reading an entity costs.

One registry for each size. In turns, so that whatever else the machine does slows all alike: the
same SELECT by psycopg (prepared, autocommit, over the registry's own kind of connection), an empty
gRPC call to the same server (grpc.health Check: over mutual TLS and through the same interceptor,
which names caller and request; it writes its log line at DEBUG, so not at all), and GetEntity with
its access record. The entity is drawn at random, another each time.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any, Final

import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc
from psycopg.rows import dict_row

from registry_service.store.wholes import FIND
from tests.database import SharedServer
from tests.load.bulk import code_of, fill
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry
from yizhao.registry.v1 import entity_service_pb2

SIZES: Final = (10_000,)
_READS: Final = 3_000
_WARMING: Final = 300
_NAMES: Final = ("SELECT", "empty call", "GetEntity")


@dataclass
class Register:
    """A register of one size, what asks it, and the seconds that each way took."""

    size: int
    ways: tuple[Callable[[str], object], ...]
    seconds: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in _NAMES})


def main(arguments: list[str]) -> int:
    """Measure, and print a line for each size with the ratio."""
    count = int(arguments[0]) if arguments else _READS
    sizes = tuple(map(int, arguments[1:])) or SIZES
    with (
        tempfile.TemporaryDirectory(prefix="yizhao-bench-") as folder,
        a_server() as server,
        ExitStack() as stack,
    ):
        registers = [_register(stack, server, Path(folder), size) for size in sizes]
        random = Random(1)  # noqa: S311 - draws entities, not keys
        for number in range(count + _WARMING):
            for register in registers:
                _read(register, random, measured=number >= _WARMING)
    for register in registers:
        sys.stdout.write(f"{register.size:>9} entities: {_told(register)}\n")
    return 0


def _register(stack: ExitStack, server: SharedServer, folder: Path, size: int) -> Register:
    own = folder / str(size)
    url = stack.enter_context(server.clone())
    certificates = Certificates(own / "ca")
    process = RegistryProcess(certificates, own, url)
    fill(url, 1, size)
    process.start()
    stack.callback(process.stop)
    registry = Registry(process.address, certificates, url)
    stack.callback(registry.close)
    connection = stack.enter_context(psycopg.connect(url, autocommit=True, row_factory=dict_row))
    client = registry.as_(people.RENCHENG)
    now = datetime.now(UTC)
    today = now.date()
    health: Any = health_pb2_grpc.HealthStub(client.channel)

    def select(code: str) -> object:
        key = {"code": code, "day": today, "now": now}
        return connection.execute(FIND, key, prepare=True).fetchone()

    def empty(_: str) -> object:
        return health.Check(health_pb2.HealthCheckRequest())

    def get(code: str) -> object:
        request = entity_service_pb2.GetEntityRequest(name=f"entities/{code}", basis="测速")
        return client.entities.GetEntity(request)

    return Register(size, (select, empty, get))


def _read(register: Register, random: Random, *, measured: bool) -> None:
    code = code_of(random.randint(1, register.size))
    for name, way in zip(_NAMES, register.ways, strict=True):
        started = time.perf_counter()
        way(code)
        if measured:
            register.seconds[name].append(time.perf_counter() - started)


def _told(register: Register) -> str:
    cuts = {name: quantiles(seconds, n=100) for name, seconds in register.seconds.items()}
    told = [
        f"{name} p50 {cut[49] * 1000:.2f} ms p99 {cut[98] * 1000:.2f} ms"
        for name, cut in cuts.items()
    ]
    select, empty, get = (cuts[name][49] for name in _NAMES)
    return f"{', '.join(told)}; ratio of medians {get / (select + empty):.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
